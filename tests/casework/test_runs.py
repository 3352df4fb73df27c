"""Runs, leases, locks, the queue and the schedule."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from casework import locks, runs, schedule, shelf
from casework.desk import Desk
from casework.queue import Queue
from core.catalog import Catalog
from core.errors import BadInput, Conflict, NotFound
from core.model import Lease, Run, Trouble
from core.source import Source
from tests.casework.desks import SEEN
from tests.cli.processes import PATIENCE

NEXT = SEEN + timedelta(hours=1)


def source(cron: tuple[str, ...], timezone: str = "Asia/Shanghai", name: str = "town") -> Source:
    plain = {
        "id": name, "title": "镇", "channel": "tutor_site", "basis": "测试", "start": ("http://t.test/",),
        "schedule": {"cron": cron, "timezone": timezone},
        "list": {"items": "li", "link": {"select": "a"}}, "post": {"fields": {"body": {"select": "p"}}},
    }  # fmt: skip
    return Source.model_validate(plain)


def test_a_run_is_planned_once(desk: Desk) -> None:
    first = runs.plan(desk, "crawl", "town", SEEN)
    runs.start(desk, first.id)
    again = runs.plan(desk, "crawl", "town", SEEN.astimezone(tz=None))
    assert (again.id, again.state) == (first.id, "running")
    assert runs.plan(desk, "crawl", "town", NEXT).id != first.id
    runs.finish(desk, first.id, "done", {})


def test_only_a_run_that_waits_can_be_cancelled(desk: Desk) -> None:
    run = runs.plan(desk, "crawl", "town", SEEN)
    runs.start(desk, run.id)
    assert runs.cancel(desk, run.id).state == "running"
    runs.finish(desk, run.id, "done", {})
    assert runs.cancel(desk, run.id).state == "done"
    waiting = runs.plan(desk, "crawl", "town", NEXT)
    assert runs.cancel(desk, waiting.id).ended_at is not None
    assert runs.sweep(desk) == []


def test_a_run_lives_from_start_to_finish(desk: Desk) -> None:
    run = runs.plan(desk, "crawl", "town", SEEN)
    assert runs.start(desk, run.id).state == "running"
    assert runs.beat(desk, run.id, {"pages": 3}).counts == {"pages": 3, "attempts": 1}
    trouble = Trouble(level="warning", text="慢", at=SEEN)
    ended = runs.finish(desk, run.id, "suspect", {"pages": 5}, [trouble])
    assert (ended.state, ended.counts["pages"], ended.troubles) == ("suspect", 5, (trouble,))
    with pytest.raises(Conflict):
        runs.start(desk, run.id)
    with pytest.raises(Conflict):
        runs.beat(desk, run.id, {})
    with pytest.raises(Conflict):
        runs.finish(desk, run.id, "done", {})
    following = runs.plan(desk, "crawl", "town", NEXT)
    assert runs.start(desk, following.id).state == "running"
    runs.finish(desk, following.id, "done", {})


def test_two_runs_never_work_on_one_source(desk: Desk) -> None:
    first, second = (runs.plan(desk, "crawl", "town", moment) for moment in (SEEN, NEXT))
    runs.start(desk, first.id)
    with pytest.raises(Conflict):
        runs.start(desk, second.id)
    assert shelf.load(desk.store, Run, second.id)[0].state == "queued"
    runs.finish(desk, first.id, "done", {})


def test_a_lease_of_another_machine_is_waited_for_until_it_expires(desk: Desk) -> None:
    elsewhere = runs.plan(desk, "crawl", "town", SEEN)
    shelf.save(desk.store, elsewhere.model_copy(update={"state": "running"}))
    lease = Lease(id="town", run_id=elsewhere.id, expires_at=datetime.now(UTC) + timedelta(hours=1))
    shelf.save(desk.store, lease)
    mine = runs.plan(desk, "crawl", "town", NEXT)
    with pytest.raises(Conflict):
        runs.start(desk, mine.id)
    assert elsewhere.id not in {run.id for run in runs.sweep(desk)}
    shelf.save(desk.store, lease.model_copy(update={"expires_at": datetime.now(UTC) - timedelta(seconds=1)}))
    assert runs.start(desk, mine.id).state == "running"
    assert shelf.load(desk.store, Run, elsewhere.id)[0].state == "lost"
    with pytest.raises(Conflict):
        runs.beat(desk, elsewhere.id, {})
    runs.finish(desk, mine.id, "done", {})


START = """
import sys, os, signal
from pathlib import Path
from casework import runs
from casework.desk import Desk
from core.settings import Settings
from store import open_store
data = Path(sys.argv[1])
settings = Settings(data=data, store=sys.argv[3])
desk = Desk(open_store(settings.store_url), None, None, None, settings, b"")
runs.start(desk, sys.argv[2])
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_worker_blocks_nobody_on_its_machine(desk: Desk) -> None:
    dead = runs.plan(desk, "crawl", "town", SEEN)
    for attempt in range(1, runs.ATTEMPTS + 1):
        place = [str(desk.settings.data), dead.id, desk.settings.store_url]
        subprocess.run([sys.executable, "-c", START, *place], check=False)
        state = shelf.load(desk.store, Run, dead.id)[0]
        assert (state.state, state.counts["attempts"]) == ("running", attempt)
        waiting = runs.sweep(desk)  # at once, the lease has most of its minute left
        assert (dead.id in {run.id for run in waiting}) == (attempt < runs.ATTEMPTS)
    failed = shelf.load(desk.store, Run, dead.id)[0]
    assert (failed.state, failed.troubles[-1].level) == ("failed", "error")
    following = runs.plan(desk, "crawl", "town", NEXT)
    assert runs.start(desk, following.id).state == "running"
    runs.finish(desk, following.id, "done", {})


def test_work_without_a_source_needs_no_lease(desk: Desk) -> None:
    run = runs.plan(desk, "export", None, SEEN, target="case:1")
    runs.start(desk, run.id)
    runs.beat(desk, run.id, {"files": 1})
    assert run.id not in {item.id for item in runs.sweep(desk)}
    assert runs.finish(desk, run.id, "done", {}).state == "done"


def test_a_run_whose_beat_stopped_is_lost(desk: Desk) -> None:
    run = runs.plan(desk, "export", None, SEEN, target="case:1")
    dead = run.model_copy(update={"state": "running", "heartbeat_at": SEEN})
    shelf.save(desk.store, dead)
    assert runs.died(desk, [dead, run]) == {run.id}
    assert [item.state for item in runs.sweep(desk)] == ["lost"]


def test_locks_refuse_a_second_holder_and_remember_the_one_before(desk: Desk) -> None:
    data = desk.settings.data
    assert not locks.died_here(data, "a", "one")
    locks.hold(data, "a", "one")
    assert not locks.died_here(data, "a", "one")
    with pytest.raises(Conflict):
        locks.hold(data, "a", "two")
    locks.release("one")
    locks.release("one")
    assert locks.died_here(data, "a", "one")
    locks.hold(data, "a", "two")
    assert locks.previous_holder(data, "a") == "one"
    locks.release("two")


def test_the_queue_holds_each_run_once_in_order(desk: Desk) -> None:
    queue = Queue(desk.settings)
    for name in ("a", "b", "a"):
        queue.put(name)
    assert queue.waiting() == ["a", "b"]
    other = Queue(desk.settings)  # another process opens the same file
    assert (other.take(), queue.take(), queue.take()) == ("a", "b", None)
    queue.close()
    other.close()


def test_the_queue_hands_out_until_it_is_stopped(desk: Desk) -> None:
    queue, stop, handled = Queue(desk.settings), threading.Event(), []

    def handler(run_id: str) -> None:
        handled.append(run_id)
        if len(handled) == 2:
            stop.set()

    assert queue.put("a")
    assert not queue.put("a")
    worker = threading.Thread(target=queue.consume, args=(handler, stop))
    worker.start()
    queue.put("b")
    worker.join(timeout=PATIENCE)
    assert handled == ["a", "b"]
    queue.close()


def test_what_a_handler_raises_ends_the_consumer_and_frees_the_run(desk: Desk) -> None:
    queue = Queue(desk.settings)
    queue.put("a")

    def handler(run_id: str) -> None:
        assert not queue.put(run_id)  # in hand
        raise NotFound(run_id)

    with pytest.raises(NotFound):
        queue.consume(handler, threading.Event())
    assert queue.put("a")
    queue.close()


def test_cron_times_are_meant_in_the_sources_time_zone() -> None:
    day = datetime(2026, 3, 28, 0, 0, tzinfo=UTC)
    times = schedule.due([source(("30 6 * * *",))], day, day + timedelta(days=2))
    assert [moment.isoformat() for _, moment in times] == [
        "2026-03-28T22:30:00+00:00",
        "2026-03-29T22:30:00+00:00",
    ]
    berlin = schedule.due([source(("30 6 * * *",), "Europe/Berlin")], day, day + timedelta(days=2))
    assert [moment.hour for _, moment in berlin] == [5, 4]  # summer time began on 29 March 2026


def test_since_is_left_out_and_until_is_in() -> None:
    noon = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
    lines = source(("0 12 * * *", "0 12 1 * *"))
    assert schedule.due([lines], noon, noon + timedelta(hours=1)) == []
    assert schedule.due([lines], noon - timedelta(hours=1), noon) == [("town", noon)]


@pytest.mark.parametrize(("line", "zone"), [("61 * * * *", "Asia/Shanghai"), ("0 0 * * *", "Asia/Atlantis")])
def test_an_unreadable_schedule_is_said(line: str, zone: str) -> None:
    with pytest.raises(BadInput):
        schedule.check(source((line,), zone))


def test_patrol_makes_up_the_last_missed_time_once(desk: Desk) -> None:
    catalog = Catalog({"town": source(("0 * * * *",))}, {}, desk.catalog.words)
    patrolling, queue = replace(desk, catalog=catalog), Queue(desk.settings)
    now = datetime(2026, 3, 1, 4, 10, tzinfo=UTC)
    [run_id] = schedule.patrol(patrolling, queue, now)
    assert schedule.patrol(patrolling, queue, now) == []  # planned and queued already
    assert queue.waiting() == [run_id]
    run = shelf.load(desk.store, Run, run_id)[0]
    assert run.planned_at == datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
    runs.plan(desk, "crawl", "a source taken out of config", now)
    assert schedule.patrol(patrolling, queue, now) == []
    queue.close()


def test_a_source_is_queued_again_only_when_its_run_is_over(desk: Desk) -> None:
    catalog = Catalog({"town": source(("0 * * * *",))}, {}, desk.catalog.words)
    patrolling, queue = replace(desk, catalog=catalog), Queue(desk.settings)
    [first] = schedule.patrol(patrolling, queue, datetime(2026, 3, 1, 4, 10, tzinfo=UTC))
    assert queue.take() == first  # in hand: its worker has not begun yet
    later = datetime(2026, 3, 1, 5, 10, tzinfo=UTC)
    assert schedule.patrol(patrolling, queue, later) == []
    runs.start(desk, first)
    assert schedule.patrol(patrolling, queue, later) == []
    runs.finish(desk, first, "done", {})
    [second] = schedule.patrol(patrolling, queue, later)
    assert runs.load(desk, second).planned_at.hour == 5
    queue.close()


def test_a_run_that_was_broken_off_politely_waits_again_and_the_try_does_not_count(desk: Desk) -> None:
    run = runs.plan(desk, "crawl", "town", SEEN)
    for _ in range(runs.ATTEMPTS + 1):  # more often than a run may crash
        runs.start(desk, run.id)
        runs.finish(desk, run.id, "cancelled", {"pages": 2})
        back = runs.put_back(desk, run.id)
        assert (back.state, back.ended_at, back.counts["attempts"]) == ("lost", None, 0)
        assert [item.id for item in runs.sweep(desk)] == [run.id]
    runs.start(desk, run.id)
    runs.finish(desk, run.id, "done", {})
    assert runs.put_back(desk, run.id).state == "done"


def test_a_run_that_was_killed_because_it_did_not_end_in_time_is_no_failed_try(desk: Desk) -> None:
    run = runs.plan(desk, "crawl", "town", SEEN)
    killed = [sys.executable, "-c", START, str(desk.settings.data), run.id, desk.settings.store_url]
    for _ in range(runs.ATTEMPTS + 1):  # more often than a run may crash
        subprocess.run(killed, check=False)
        back = runs.put_back(desk, run.id)
        assert (back.state, back.counts["attempts"]) == ("lost", 0)
    subprocess.run(killed, check=False)
    ended = runs.cancel(desk, run.id)
    assert (ended.state, ended.ended_at is None) == ("cancelled", False)
    living = runs.plan(desk, "crawl", "town", NEXT)
    runs.start(desk, living.id)
    assert runs.put_back(desk, living.id).state == "running"


def test_unknown_runs_are_refused(desk: Desk) -> None:
    with pytest.raises(NotFound):
        runs.start(desk, "nobody")
