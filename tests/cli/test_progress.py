"""What an operator sees while a crawl goes on, in a terminal and in a log."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casework import runs, shelf
from casework.desk import Desk
from cli import progress
from cli.common import PlainConsole
from core.model import Finding, Run
from tests.casework.desks import make_desk
from tests.cli.processes import wait_for
from tests.cli.test_town_check import finding


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "violations").mkdir()
    made = make_desk(tmp_path / "data", tmp_path)
    yield made
    made.close()


def shown(desk: Desk, monkeypatch: pytest.MonkeyPatch, terminal: bool) -> str:
    """What is printed while one run reads a hostile post; the crawl ends once the first finding was told."""
    written = io.StringIO()
    console = PlainConsole(file=written, force_terminal=terminal, soft_wrap=True, width=120)
    monkeypatch.setattr(progress, "out", console)
    monkeypatch.setattr(progress, "LOOK_SECONDS", 0.05)

    def crawl_all(desk: Desk, planned: Sequence[Run], tell: Callable[[Run], None]) -> list[Run]:
        runs.start(desk, planned[0].id)
        runs.beat(desk, planned[0].id, {"pages": 7, "bytes": 9})
        wait_for(lambda: ("pages 7" if terminal else "begins") in written.getvalue(), "the run is shown")
        shelf.save(desk.store, hostile())
        wait_for(lambda: "first finding" in written.getvalue(), "it is told")
        tell(runs.finish(desk, planned[0].id, "done", {"posts": 3}))
        return [runs.load(desk, planned[0].id)]

    monkeypatch.setattr(progress, "crawl_all", crawl_all)
    (run,) = progress.crawl_shown(desk, [runs.plan(desk, "crawl", "town", datetime.now(UTC))], "crawl")
    assert run.state == "done"
    return written.getvalue()


def hostile() -> Finding:
    made = finding("http://t.test/1")
    post = made.latest.post.model_copy(update={"title": "\x1b]0;owned\x07[red]家教\n第二行"})
    return made.model_copy(update={"versions": (made.latest.model_copy(update={"post": post}),)})


def test_a_log_gets_a_line_for_each_step_and_the_first_finding(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins, first, ends = shown(desk, monkeypatch, terminal=False).splitlines()
    assert begins == "town begins"
    assert first.startswith("first finding ")
    assert "[red]家教 第二行" in first
    assert first.endswith("http://t.test/1")
    assert "\x1b" not in first
    assert ends == "crawl: town done  pages 7  posts 3"


def test_a_terminal_gets_bars(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    said = shown(desk, monkeypatch, terminal=True)
    assert "0 of 1 sites" in said
    assert "pages 7" in said
    assert "\x1b]0" not in said


def test_a_second_crawl_announces_no_first_finding(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.save(desk.store, hostile())
    written = io.StringIO()
    monkeypatch.setattr(progress, "out", PlainConsole(file=written))
    monkeypatch.setattr(progress, "crawl_all", lambda desk, planned, tell: list(planned))
    progress.crawl_shown(desk, [runs.plan(desk, "crawl", "town", datetime.now(UTC))], "second crawl")
    assert "first finding" not in written.getvalue()


def test_contacts_in_the_first_finding_are_masked(desk: Desk) -> None:
    made = finding("http://t.test/13800138000")
    post = made.latest.post.model_copy(update={"title": "家教 tel:13800138000"})
    made = made.model_copy(update={"versions": (made.latest.model_copy(update={"post": post}),)})
    said = progress._announced(desk, made)
    assert "138******00" in said
    assert "13800138000" not in said
