"""A requisite that did not come, fetched again by a real run: a new evidence that refers to the first."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casework import retakes, shelf
from casework.desk import open_desk
from cli.main import app
from core.model import Evidence, Finding
from core.settings import Settings
from store.base import Query

TOWN = Path(__file__).parent.parent / "crawler" / "little_town.py"
SOURCE = """title: 有缺件的网站
channel: tutor_site
basis: 测试
pace: {delay: 0.05, reason: test}
start: ["http://flawed.test/"]
list: {items: li, link: {select: "a::attr(href)", clean: [absolute_url]}}
post: {fields: {title: {select: h1}, body: {select: div.body, required: true}}}
expect: {posts: [1, 5]}
"""


@pytest.fixture
def town() -> Iterator[str]:
    command = [sys.executable, str(TOWN)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        yield f"127.0.0.1:{process.stdout.readline().strip()}"
        process.kill()


@pytest.mark.browser
def test_a_missing_part_is_fetched_again_alone(
    town: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "flawed.yml").write_text(SOURCE, encoding="utf-8")
    settings = Settings(data=tmp_path / "data", town=town, sources=sources)
    for name in ("data", "town", "sources"):
        monkeypatch.setenv(f"WANGXUN_{name.upper()}", str(getattr(settings, name)))
    told = CliRunner().invoke(app, ["crawl", "flawed"])
    assert told.exit_code == 0, told.output
    desk = open_desk(settings)
    try:
        [finding] = shelf.walk(desk.store, Finding, Query())
        lack = retakes.lacking(desk, finding.id)
        [(first, parts)] = lack.parts.items()
        assert (lack.look, parts) == (False, ("http://flawed.test/late.png",))
        told = CliRunner().invoke(app, ["retake", finding.id])
        assert (told.exit_code, "已补齐" in told.output) == (0, True), told.output
        new = shelf.load(desk.store, Finding, finding.id)[0].latest.evidence_ids[-1]
        evidence = shelf.load(desk.store, Evidence, new)[0]
        assert (evidence.look, evidence.refers_to) == ("again", first)
        again = CliRunner().invoke(app, ["retake", finding.id])
        assert again.exit_code == 1
        assert "没有缺件" in again.output
    finally:
        desk.close()
