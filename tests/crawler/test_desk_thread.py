"""What ends a crawl whose posts can be kept nowhere, or wait too long; and its lifeline while the store is away."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework import intake, runs, shelf
from casework.desk import Desk
from core.errors import StoreAway, Unavailable
from core.model import Lease, Run
from core.settings import Settings
from crawler import desk_thread, lifeline
from crawler.desk_thread import MOST_UNKEPT, DeskThread
from crawler.lifeline import Brake, Heartbeat
from crawler.memory import Memory, known_from
from tests.casework.away import Switch, switched
from tests.casework.desks import make_capture, make_desk, make_post
from tests.cli.processes import wait_for

NOW = datetime.now(UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "violations").mkdir()
    made = make_desk(tmp_path / "data", tmp_path)
    yield made
    made.close()


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    sent: list[int] = []
    monkeypatch.setattr(lifeline.os, "kill", lambda pid, number: sent.append(number))
    return sent


@pytest.fixture
def thread(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[DeskThread, Switch, Brake]]:
    away, switch = switched(desk)
    monkeypatch.setattr(desk_thread, "open_desk", lambda settings: away)
    brake = Brake()
    made = DeskThread(Settings(), "town", brake)
    yield made, switch, brake
    made._pool.shutdown()


def take(made: DeskThread, number: int) -> intake.Taken:
    return asyncio.run(made.take_in(make_post(native_id=str(number)), make_capture()))


def test_a_full_spool_ends_the_crawl_once_and_takes_what_still_comes(
    thread: tuple[DeskThread, Switch, Brake], signals: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, switch, brake = thread
    switch.go()
    with brake:
        assert take(made, 1).outcome == "waiting"
        assert not brake.pulled
        monkeypatch.setattr(made.desk.spool, "_limit", 1)
        assert [take(made, number).outcome for number in (2, 3)] == ["waiting", "waiting"]
    assert (brake.state, "暂存区已满" in brake.why, signals) == ("lost", True, [signal.SIGTERM])
    assert made.desk.spool.look().records == 3


def test_what_can_be_kept_nowhere_ends_the_crawl_but_not_a_hiccup(
    thread: tuple[DeskThread, Switch, Brake], signals: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _, brake = thread

    def full(*_: object) -> None:
        raise Unavailable("disk full")

    real = intake.seal
    with brake:
        for _ in range(MOST_UNKEPT - 1):
            monkeypatch.setattr(intake, "seal", full)
            with pytest.raises(Unavailable):
                take(made, 1)
        monkeypatch.setattr(intake, "seal", real)
        assert take(made, 1).outcome == "flagged"
        assert not brake.pulled
        monkeypatch.setattr(intake, "seal", full)
        for number in range(2, 2 + MOST_UNKEPT):
            with pytest.raises(Unavailable):
                take(made, number)
    assert (brake.state, "disk full" in brake.why, signals) == ("failed", True, [signal.SIGTERM])


def test_pending_looks_are_the_next_runs_while_the_store_is_away(
    thread: tuple[DeskThread, Switch, Brake],
) -> None:
    made, switch, _ = thread
    take(made, 1)
    assert len(asyncio.run(made.pending_looks())) == 1
    switch.go()
    assert list(asyncio.run(made.pending_looks())) == []


def test_before_and_after_the_spider_nobody_is_sent_a_signal(signals: list[int]) -> None:
    brake = Brake()
    brake.pull("lost", "x")
    with brake:
        brake.pull("failed", "y")
    assert (brake.pulled, brake.state, brake.why, signals) == (True, "lost", "x", [])


@pytest.fixture
def beating(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Brake], tuple[Heartbeat, Switch, Run]]]:
    monkeypatch.setattr(lifeline, "BEAT_SECONDS", 0.01)
    away, switch = switched(desk)
    run = runs.start(desk, runs.plan(desk, "crawl", "town", NOW).id)
    yield lambda brake: (Heartbeat(away, run.id, lambda: {"pages": 1}, brake), switch, run)
    switch.come_back()
    runs.end(desk, run, "done", {})


def test_a_crawl_goes_on_without_the_store_until_its_lease_has_nearly_run_out(
    desk: Desk, beating: Callable[[Brake], tuple[Heartbeat, Switch, Run]], signals: list[int]
) -> None:
    brake = Brake()
    heart, switch, run = beating(brake)
    with brake, heart:
        wait_for(lambda: runs.load(desk, run.id).counts.get("pages") == 1, "it beats")
        switch.go()
        asked = switch.asked
        wait_for(lambda: switch.asked > asked + 5, "it goes on asking")
        assert not brake.pulled
        heart._sure_until = 0.0  # as if nobody had answered for the whole of the lease
        wait_for(lambda: brake.pulled, "it ends in time")
    assert (brake.state, "恢复后续查" in brake.why, signals) == ("lost", True, [signal.SIGTERM])


def test_an_answer_in_time_makes_it_sure_again(
    desk: Desk, beating: Callable[[Brake], tuple[Heartbeat, Switch, Run]], signals: list[int]
) -> None:
    brake = Brake()
    heart, switch, _ = beating(brake)
    switch.go()
    shelf.save(desk.store, shelf.load(desk.store, Lease, "town")[0].model_copy(update={"expires_at": NOW}))
    with brake, heart:
        wait_for(lambda: switch.asked > 3, "it asks in vain")
        switch.come_back()
        later = NOW + timedelta(minutes=20)
        wait_for(lambda: shelf.load(desk.store, Lease, "town")[0].expires_at > later, "the lease is renewed")
    assert not brake.pulled


def test_whose_run_belongs_to_somebody_else_stops(
    desk: Desk, beating: Callable[[Brake], tuple[Heartbeat, Switch, Run]], signals: list[int]
) -> None:
    brake = Brake()
    heart, _, run = beating(brake)
    shelf.save(desk.store, Lease(id="town", run_id="another", expires_at=NOW + timedelta(hours=1)))
    with brake, heart:
        wait_for(lambda: brake.pulled, "it stops")
    assert (brake.state, signals) == (None, [signal.SIGTERM])
    shelf.save(desk.store, Lease(id="town", run_id=run.id, expires_at=NOW + timedelta(hours=1)))


def test_without_the_store_no_page_is_passed_over_and_what_was_met_again_waits(
    desk: Desk, tmp_path: Path
) -> None:
    away, switch = switched(desk)
    intake.take_in(desk, make_post(), make_capture())
    memory = Memory(tmp_path / "pages" / "town.sqlite3", away)
    known = known_from((make_post(),), NOW, '"1"', "", "")
    asyncio.run(memory.remember("http://tutor.test/1", known))
    assert asyncio.run(memory.known("http://tutor.test/1")) == known
    switch.go()
    assert asyncio.run(memory.known("http://tutor.test/1")) is None
    asyncio.run(memory.again(known))
    assert away.spool.look().records == 1
    memory.close()


def test_a_lease_is_the_longest_time_without_the_store(desk: Desk) -> None:
    assert runs.lease(desk) == timedelta(minutes=desk.settings.away_minutes)
    assert runs.lease(desk) > runs.MARGIN
    with pytest.raises(ValueError, match="away_minutes"):
        Settings(away_minutes=1)  # less than the margin would end each crawl at its first missed beat


def test_a_store_that_is_away_when_the_crawl_begins_is_said(thread: tuple[DeskThread, Switch, Brake]) -> None:
    made, switch, _ = thread
    switch.go()
    with pytest.raises(StoreAway):
        made.now(runs.start, "nothing")
