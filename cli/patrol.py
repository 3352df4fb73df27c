"""`wangxun patrol`: plan what is due, work off the queue, until told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

from casework import audit, runs, schedule, upkeep
from casework.desk import Desk
from casework.queue import Queue
from cli.common import out
from cli.crawling import CRAWLS_AT_ONCE, end_crawls
from core.model import Run
from crawler.worker import run_in_child

UPKEEP = timedelta(
    minutes=10
)  # a stamp ten minutes late is still of its hour; each round reads the vault's list once
TICK_SECONDS = 20.0  # cron times have whole minutes: three looks a minute are never late by more than this


def patrol(
    desk: Desk,
    stop: threading.Event,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    tick: float = TICK_SECONDS,
) -> None:
    """Crawl each source once for each of its cron times until `stop` is set.

    A run that a killed patrol left behind is taken up at the next tick, one that `stop` broke off is put back.
    Raises what a worker or the planning raised, after all crawls have ended.
    """
    for entry in audit.repair(desk):  # entries that a crash left out
        out.print(f"audit entry added: {entry.target}", highlight=False, markup=False)
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
    out.print(f"patrol of {len(desk.catalog.sources)} sources has begun", highlight=False)
    kept_up = datetime.min.replace(tzinfo=UTC)
    while not stop.is_set():
        now = clock()
        for run_id in schedule.patrol(desk, queue, now):
            _say(runs.load(desk, run_id))
        if now - kept_up >= UPKEEP:
            kept_up = now
            for line in upkeep.keep_up(desk, now):
                out.print(line, highlight=False, markup=False)
        stop.wait(tick)
        if any(worker.done() for worker in workers):
            return  # a worker fell: its error is raised once the others have ended


def _worker(desk: Desk, stop: threading.Event) -> Callable[[str], None]:
    def work(run_id: str) -> None:
        if runs.load(desk, run_id).state in runs.ENDED:
            return  # queued a second time while it was being worked on
        run_in_child(desk.settings, run_id)
        run = runs.load(desk, run_id)
        if stop.is_set() and run.state == "cancelled":
            run = runs.put_back(desk, run_id)
        _say(run)

    return work


def _say(run: Run) -> None:
    counts = "  ".join(f"{name} {count}" for name, count in sorted(run.counts.items()))
    planned = run.planned_at.strftime("%Y-%m-%dT%H:%MZ")
    out.print(f"{run.source_id} {planned} {run.state}  {counts}", highlight=False, markup=False)
