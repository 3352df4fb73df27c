"""Chromium prints what it is handed, reaches nothing else, runs no script, and writes the same bytes each time."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from casework import devtools
from casework.devtools import Browser
from casework.printing import WIDTH, Answer, Printer
from core import browsers
from core.errors import Unavailable

pytestmark = pytest.mark.browser
MOMENT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    program = browsers.headless("")
    assert program, "no Chromium: run scripts/setup"
    with Printer(program) as ready:
        yield ready


@pytest.fixture
def bystander() -> Iterator[tuple[str, list[bytes]]]:
    """A server on this machine that must never be asked."""
    asked: list[bytes] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            asked.append(self.rfile.readline())

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()
        thread.join()


def page(body: str) -> Answer:
    return Answer(f"<!doctype html><meta charset=utf-8>{body}".encode())


def test_printing_twice_gives_the_same_bytes(printer: Printer, tmp_path: Path) -> None:
    for name in ("1.pdf", "2.pdf"):
        printer.print(
            "http://a.test/", lambda _: page("<h1>数学一对一</h1>"), tmp_path / name, MOMENT, "网址 <b>"
        )
    first = (tmp_path / "1.pdf").read_bytes()
    assert first == (tmp_path / "2.pdf").read_bytes()
    assert first.startswith(b"%PDF")
    assert b"(D:20260301080000+00'00')" in first


def test_a_captured_page_reaches_nothing_and_runs_nothing(
    printer: Printer, tmp_path: Path, bystander: tuple[str, list[bytes]]
) -> None:
    address, asked = bystander
    wanted: list[str] = []

    def answer(url: str) -> Answer | None:
        wanted.append(url)
        if url != "http://a.test/":
            return None
        return page(
            f'<img src="{address}/img"><iframe src="{address}/frame"></iframe><link rel=stylesheet href="{address}/css">'
            f'<script>fetch("{address}/fetch"); document.body.innerHTML = "<img src=http://a.test/ran>"</script>'
            f'<meta http-equiv="refresh" content="0;url={address}/refresh"><form action="{address}"></form>'
        )

    printer.print("http://a.test/", answer, tmp_path / "x.pdf", MOMENT)
    assert asked == []
    assert f"{address}/img" in wanted
    assert "http://a.test/ran" not in wanted
    assert f"{address}/fetch" not in wanted


def test_a_picture_shows_the_whole_page(printer: Printer, tmp_path: Path) -> None:
    printer.picture(
        "http://a.test/", lambda _: page("<div style='height:3000px'>x</div>"), tmp_path / "x.png"
    )
    with Image.open(tmp_path / "x.png") as picture:
        assert picture.width == WIDTH
        assert picture.height >= 3000


def test_a_page_that_never_ends_is_given_up_and_the_next_is_printed(
    printer: Printer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devtools, "PATIENCE", 0.0)
    with pytest.raises(Unavailable):
        printer.print("http://a.test/", lambda _: page("x"), tmp_path / "x.pdf", MOMENT)
    monkeypatch.undo()
    printer.print("http://a.test/", lambda _: page("x"), tmp_path / "x.pdf", MOMENT)
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")


def test_a_program_that_is_no_browser_is_said() -> None:
    with pytest.raises(Unavailable), Browser("/bin/true") as browser:
        browser.call("Browser.getVersion")


def test_what_chromium_refuses_is_said(printer: Printer) -> None:
    program = browsers.headless("")
    assert program
    with Browser(program) as browser, pytest.raises(Unavailable, match=r"No\.Such"):
        browser.call("No.Such")
