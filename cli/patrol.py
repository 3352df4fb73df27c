"""`wangxun patrol`: plan what is due, work off the queue, until told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

from casework import audit, landing, runs, schedule, upkeep
from casework.desk import Desk
from casework.queue import Queue
from cli.common import out
from cli.crawling import CRAWLS_AT_ONCE, end_crawls
from core.errors import StoreAway, Unavailable
from core.model import Run
from crawler.worker import run_in_child

# A stamp ten minutes late is still of its hour; each round reads the vault's list once.
UPKEEP = timedelta(minutes=10)
LANDING_SECONDS = 15.0  # a tick is late by so much at most while the records of a long outage land
# Nobody waits for a crawl on schedule; officers wait for their pages, which a store that is being written to on the
# other processor made twice as slow for one search in twenty. Five is a third of a processor's time when others want it.
NICENESS = 5
TICK_SECONDS = 20.0  # cron times have whole minutes: three looks a minute are never late by more than this


def patrol(
    desk: Desk,
    stop: threading.Event,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    tick: float = TICK_SECONDS,
) -> None:
    """Crawl each source once for each of its cron times until `stop` is set.

    A run that a killed patrol left behind is taken up at the next tick, one that `stop` broke off is put back. While the
    store is away nothing new begins; what waits for it lands when it is back.
    Raises what a worker or the planning raised, after all crawls have ended.
    """
    queue = Queue(desk.settings)
    with ThreadPoolExecutor(CRAWLS_AT_ONCE, thread_name_prefix="crawl") as pool:
        workers = [pool.submit(queue.consume, _worker(desk, stop), stop) for _ in range(CRAWLS_AT_ONCE)]
        try:
            _tick_until(stop, desk, queue, workers, clock, tick)
        finally:
            stop.set()
            end_crawls(lambda seconds: not wait(workers, seconds).not_done)
            queue.close()
    for worker in workers:
        worker.result()


def _tick_until(
    stop: threading.Event,
    desk: Desk,
    queue: Queue,
    workers: list[Future[None]],
    clock: Callable[[], datetime],
    tick: float,
) -> None:
    _print(f"patrol of {len(desk.catalog.sources)} sources has begun")
    rounds = _Rounds(desk, queue)
    while not stop.is_set():
        rounds.go(clock())
        stop.wait(tick)
        if any(worker.done() for worker in workers):
            return  # a worker fell: its error is raised once the others have ended


class _Rounds:
    """What each tick does, and what it remembers of the ticks before."""

    def __init__(self, desk: Desk, queue: Queue) -> None:
        self._desk, self._queue = desk, queue
        self._repaired, self._away = False, False
        self._kept_up = datetime.min.replace(tzinfo=UTC)

    def go(self, now: datetime) -> None:
        """One tick. What waits lands first: a run whose end is among it must not be taken for dead."""
        try:
            self._land()
            self._plan(now)
        except StoreAway as error:
            self._said(error)
        if now - self._kept_up >= UPKEEP:
            self._kept_up = now
            for line in upkeep.keep_up(self._desk, now):
                _print(line)

    def _land(self) -> None:
        try:
            done = landing.drain(self._desk, LANDING_SECONDS)
        except Unavailable as error:
            _print(f"spool: {error}")
            return
        if done.landed or done.aside:
            aside = f", {done.aside} put aside: see `wangxun spool`" if done.aside else ""
            _print(f"spool: {done.landed} records landed, {done.waiting} wait{aside}")

    def _plan(self, now: datetime) -> None:
        if not self._repaired:
            for entry in audit.repair(self._desk):  # entries that a crash left out
                _print(f"audit entry added: {entry.target}")
            self._repaired = True
        for run_id in schedule.patrol(self._desk, self._queue, now):
            _say(runs.load(self._desk, run_id))
        if self._away:
            self._away = False
            _print("the store is back")

    def _said(self, error: StoreAway) -> None:
        """Once for each outage, not at each tick."""
        if not self._away:
            self._away = True
            _print(f"the store is away, nothing new begins, what crawls bring waits: {error}")


def _worker(desk: Desk, stop: threading.Event) -> Callable[[str], None]:
    def work(run_id: str) -> None:
        if runs.load(desk, run_id).state in runs.ENDED:
            return  # queued a second time while it was being worked on
        run_in_child(desk.settings, run_id, NICENESS)
        run = runs.load(desk, run_id)
        if stop.is_set():
            run = runs.put_back(desk, run_id)
        _say(run)

    def while_it_is_there(run_id: str) -> None:
        try:
            work(run_id)
        except StoreAway as error:
            # Its end waits in the spool, or it never began: a sweep finds it.
            _print(f"run {run_id}: {error}")

    return while_it_is_there


def _say(run: Run) -> None:
    counts = "  ".join(f"{name} {count}" for name, count in sorted(run.counts.items()))
    planned = run.planned_at.strftime("%Y-%m-%dT%H:%MZ")
    _print(f"{run.source_id} {planned} {run.state}  {counts}")


def _print(line: str) -> None:
    out.print(line, highlight=False, markup=False)
