"""The patrol as a process of its own: planned times, kill -9, restart, and a polite end."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from casework import intake, shelf
from cli.demo import TOWN_SOURCES
from cli.patrol import NICENESS, patrol
from cli.town import Town, running_town
from core.catalog import load_catalog
from core.errors import Unavailable
from core.model import Finding, Run
from core.settings import PACKAGED_CONFIG, Settings
from store import open_store
from store.base import Query, Store
from tests.casework.away import switched
from tests.casework.desks import make_capture, make_desk, make_post
from tests.cli.processes import PATIENCE, browsers, gone, wait_for

# The clock stands in a file, so that a test says when the next minute comes.
WITH_CLOCK = """
import sys
from datetime import datetime
from pathlib import Path
from casework.desk import open_desk
from cli.patrol import patrol
from cli.serving import until_stopped
from core.settings import Settings
desk = open_desk(Settings())
patrol(desk, until_stopped(), lambda: datetime.fromisoformat(Path(sys.argv[1]).read_text()), tick=0.2)
desk.close()
"""
STARTS = ("/list/1.html", "/news/index.html")
REAL = ["-m", "cli.main", "patrol"]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_town(tmp_path_factory.mktemp("town"), 4, "0") as town:
        yield town


@pytest.fixture
def env(town: Town, tmp_path: Path) -> dict[str, str]:
    """Two small sources that come due each minute."""
    sources = tmp_path / "sources"
    sources.mkdir()
    for name, pages in (("jiajiao", 24), ("xinwen", 5)):  # half a dozen looks in all, all of them at jiajiao
        text = (TOWN_SOURCES / f"{name}.yml").read_text(encoding="utf-8")
        text = text.replace("pages: 600", f"pages: {pages}").replace('"0 3 * * *"', '"* * * * *"')
        text = text.replace("posts: [", "posts: [1, 1000]} #")
        (sources / f"{name}.yml").write_text(text, encoding="utf-8")
    return {
        **os.environ,
        "WANGXUN_DATA": str(tmp_path / "data"),
        "WANGXUN_TOWN": town.address,
        "WANGXUN_SOURCES": str(sources),
    }


@contextmanager
def patrolling(env: dict[str, str], words: list[str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, *words], env=env, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def store(env: dict[str, str]) -> Iterator[Store]:
    opened = open_store(Settings(data=Path(env["WANGXUN_DATA"])).store_url)
    try:
        yield opened
    finally:
        opened.close()


def runs(env: dict[str, str]) -> list[Run]:
    with store(env) as opened:
        return list(shelf.walk(opened, Run, Query(order="oldest")))


def ended(env: dict[str, str], count: int) -> bool:
    return sum(run.ended_at is not None for run in runs(env)) >= count


def end(process: subprocess.Popen[str], number: signal.Signals) -> str:
    """Send the signal; the patrol's last words. Everything that it started is gone then."""
    below = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(number)
    said = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 0, said
    wait_for(lambda: gone(below), "crawls and browsers end with the patrol")
    return said


def looking(process: subprocess.Popen[str], town: Town, begin: int) -> bool:
    """Both crawls have come as far as their site (`begin`: its requests before), and a browser is at its first looks."""
    asked = {entry["path"] for entry in town.log()[begin:]}
    return asked.issuperset(STARTS) and any(".css" in path for path in asked) and len(browsers(process)) > 0


@pytest.mark.browser
@pytest.mark.waits
def test_each_planned_time_is_crawled_once_also_through_kill_9(
    town: Town, env: dict[str, str], tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    clock.write_text(datetime(2026, 9, 1, 10, 0, 30, tzinfo=UTC).isoformat())
    words, begin = ["-c", WITH_CLOCK, str(clock)], len(town.log())
    with patrolling(env, words) as process:
        wait_for(lambda: looking(process, town, begin), "a browser takes its looks", process)
        below = psutil.Process(process.pid).children(recursive=True)
        crawls = [child for child in below if "crawler.worker" in child.cmdline()]
        assert {crawl.nice() for crawl in crawls} == {psutil.Process(process.pid).nice() + NICENESS}
        process.kill()
        wait_for(lambda: gone(below), "crawls and browsers die with the killed patrol")
    killed = {run.id for run in runs(env) if run.state == "running"}
    assert killed
    with patrolling(env, words) as process:
        wait_for(lambda: ended(env, 2), "the killed runs are taken up again", process)
        clock.write_text(datetime(2026, 9, 1, 10, 1, 0, tzinfo=UTC).isoformat())
        wait_for(lambda: ended(env, 4), "the next minute's runs end", process)
        end(process, signal.SIGTERM)
    found = runs(env)
    minutes = Counter((run.source_id, run.planned_at.minute) for run in found)
    assert minutes == {("jiajiao", 0): 1, ("jiajiao", 1): 1, ("xinwen", 0): 1, ("xinwen", 1): 1}
    assert {run.state for run in found} == {"done"}
    assert {run.id: run.counts["attempts"] for run in found} == {
        run.id: 2 if run.id in killed else 1 for run in found
    }
    fetched = Counter(entry["host"] for entry in town.log()[begin:] if entry["path"] in STARTS)
    attempts = Counter({f"{run.source_id}.test": 0 for run in found})
    for run in found:
        attempts[f"{run.source_id}.test"] += run.counts["attempts"]
    assert fetched == attempts  # each start page once for each try, and no crawl that no run tells of


@pytest.mark.browser
@pytest.mark.waits
def test_the_command_ends_politely_and_a_broken_off_run_goes_on_after_the_restart(
    town: Town, env: dict[str, str]
) -> None:
    begin = len(town.log())
    with patrolling(env, REAL) as process:
        wait_for(lambda: looking(process, town, begin), "a browser takes its looks", process)
        said = end(process, signal.SIGTERM)
    assert "jiajiao" in said
    (broken,) = (run for run in runs(env) if run.source_id == "jiajiao" and run.started_at)
    assert (broken.state, broken.counts["attempts"], broken.ended_at) == ("lost", 0, None)
    with patrolling(env, REAL) as process:
        wait_for(
            lambda: any(run.id == broken.id and run.state == "done" for run in runs(env)),
            "it goes on",
            process,
        )
        end(process, signal.SIGINT)
    with store(env) as opened:
        found = list(shelf.walk(opened, Finding, Query(where={"source_id": ("jiajiao",)})))
    assert found
    # Of the next minute's run, which the signal may have broken off in its turn, all is known already.
    assert "pending" not in {finding.second_look for finding in found}


def test_an_outage_ends_no_patrol_and_what_waits_lands_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "violations").mkdir()
    desk, switch = switched(make_desk(tmp_path / "data", tmp_path))
    catalog = load_catalog(PACKAGED_CONFIG, TOWN_SOURCES)
    stop, begun, said = threading.Event(), list[str](), list[str]()

    def crawl(settings: Settings, run_id: str, niceness: int) -> int:
        if not begun:
            switch.go()  # in the midst of the first crawl
        begun.append(run_id)
        intake.take_in(desk, make_post(native_id=run_id), make_capture())
        return 0

    monkeypatch.setattr("cli.patrol.run_in_child", crawl)
    monkeypatch.setattr("cli.patrol._print", said.append)
    began = datetime(2026, 9, 1, 10, 0, 30, tzinfo=UTC)
    clock = (began + timedelta(seconds=number) for number in itertools.count())
    patrolling = threading.Thread(
        target=patrol, args=(replace(desk, catalog=catalog), stop, lambda: next(clock), 0.05)
    )
    patrolling.start()
    try:
        wait_for(lambda: any(line.startswith("the store is away") for line in said), "it is said")
        asked = switch.asked
        wait_for(lambda: switch.asked > asked + 5, "it goes on ticking")
        wait_for(lambda: desk.spool.look().records > 0, "what the crawl brings waits")
        switch.come_back()
        wait_for(lambda: any("the store is back" in line for line in said), "it is said again")
        wait_for(lambda: any("records landed" in line for line in said), "what waits lands")
    finally:
        stop.set()
        patrolling.join()
    assert len([line for line in said if line.startswith("the store is away")]) == 1
    assert shelf.load(desk.store, Finding, f"post{begun[0]}")
    desk.close()


def test_a_worker_that_falls_ends_the_patrol_with_its_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "violations").mkdir()
    desk = make_desk(tmp_path / "data", tmp_path)
    catalog = load_catalog(PACKAGED_CONFIG, TOWN_SOURCES)

    def fall(settings: Settings, run_id: str, niceness: int) -> int:
        raise Unavailable("the disk is full")

    monkeypatch.setattr("cli.patrol.run_in_child", fall)
    with pytest.raises(Unavailable, match="disk is full"):
        patrol(replace(desk, catalog=catalog), threading.Event(), tick=0.1)
    desk.close()
