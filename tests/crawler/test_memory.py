"""What may be believed of an earlier run, with a real desk."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework import intake, shelf
from casework.desk import Desk, open_desk
from core.model import Capture, Finding, Post, Sighting
from core.settings import PACKAGED_CONFIG, Settings
from crawler.memory import TRUST, Known, Memory, PageFile, is_current, known_from
from crawler.worker import DeskThread
from tests.cli.processes import PATIENCE

NOW = datetime.now(UTC)
URL = "http://jiajiao.test/1"
TOWN = PACKAGED_CONFIG.parent / "sandbox" / "config" / "sources"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = open_desk(Settings(data=tmp_path_factory.mktemp("data"), sources=TOWN))
    yield desk
    desk.close()


def post(body: str, number: int = 1) -> Post:
    return Post(
        id=f"jiajiao-{number}", source_id="jiajiao", channel="tutor_site", url=URL, title="", body=body, seen_at=NOW
    )  # fmt: skip


def taken(desk: Desk, found: Post) -> Known:
    intake.take_in(desk, found, Capture(url=URL, started_at=NOW, ended_at=NOW))
    return known_from((found,), NOW, '"tag"', "", "")


def test_a_page_is_believed_while_its_posts_stand_as_they_were_read(desk: Desk) -> None:
    known = taken(desk, post("寻找走失的小狗"))
    assert is_current(desk, known, NOW)
    assert not is_current(desk, known, NOW + TRUST + timedelta(seconds=1))
    # Read anew by a run that died before it was taken in: the store's text is another one.
    assert not is_current(desk, known_from((post("在职教师补课"),), NOW, '"new"', "", ""), NOW)
    assert not is_current(desk, known_from((post("x", 2),), NOW, '"tag"', "", ""), NOW)
    assert not is_current(desk, replace(known, posts={}), NOW)


def test_other_rules_read_everything_anew(desk: Desk) -> None:
    known = taken(desk, post("寻找走失的小猫"))
    sighting = shelf.load(desk.store, Sighting, "jiajiao-1")[0]
    shelf.save(desk.store, sighting.model_copy(update={"rule_version": "older"}))
    assert not is_current(desk, known, NOW)


def test_memory_answers_while_the_judge_is_at_work(tmp_path: Path) -> None:
    thread = DeskThread(Settings(data=tmp_path, sources=TOWN), "jiajiao")
    memory, free = Memory(tmp_path / "pages", thread.desk), threading.Event()

    async def ask() -> None:
        busy = asyncio.ensure_future(thread._later(lambda _desk: free.wait()))
        await asyncio.sleep(0)
        assert await asyncio.wait_for(memory.known(URL), PATIENCE) is None
        assert not busy.done()
        free.set()
        await busy

    try:
        asyncio.run(ask())
    finally:
        free.set()
        memory.close()
        thread.close()


def test_met_again_means_seen_again_for_clear_posts_and_findings(desk: Desk, tmp_path: Path) -> None:
    clear = taken(desk, post("寻找走失的猫", 3))
    guilty = taken(
        desk, post("小学初中数学英语一对一补课，寒暑假开班，每小时200元，名师辅导，电话13800000000", 4)
    )
    memory = Memory(tmp_path / "new" / "pages", desk)
    finding = shelf.load(desk.store, Finding, "jiajiao-4")[0]
    for known in (clear, guilty):
        asyncio.run(memory.remember(URL, known))
        assert asyncio.run(memory.known(URL)) == known
        asyncio.run(memory.again(known))
    for number in (3, 4):
        assert shelf.load(desk.store, Sighting, f"jiajiao-{number}")[0].last_seen > NOW
    again = shelf.load(desk.store, Finding, "jiajiao-4")[0]
    assert again.last_seen > finding.last_seen
    assert again.latest.evidence_ids == finding.latest.evidence_ids
    assert asyncio.run(memory.known("http://jiajiao.test/other")) is None
    memory.close()


def test_a_broken_file_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "pages").write_bytes(b"no database at all" * 100)
    pages = PageFile(tmp_path / "pages")
    assert pages.recall(URL) is None
    known = known_from((post("x"),), NOW, "", "Tue, 01 Sep 2026 12:00:00 GMT", "v1")
    pages.remember(URL, known)
    assert pages.recall(URL) == known
    assert known.headers == {"If-Modified-Since": "Tue, 01 Sep 2026 12:00:00 GMT"}
    assert replace(known, last_modified="", etag='"a"').headers == {"If-None-Match": '"a"'}
    pages.close()
