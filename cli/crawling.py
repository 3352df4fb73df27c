"""Run crawls as child processes, two at a time, and say how they go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime

from casework import runs
from casework.desk import Desk
from core.model import Run
from crawler.worker import run_in_child

# Each crawl may hold a Chromium of about half a GiB; two keep a two-core machine busy without crowding it.
CRAWLS_AT_ONCE = 2


def plan_now(desk: Desk, source_ids: Sequence[str]) -> list[Run]:
    """One run for each source, planned for this moment."""
    now = datetime.now(UTC)
    return [runs.plan(desk, "crawl", source_id, now) for source_id in source_ids]


def crawl_all(desk: Desk, planned: Sequence[Run], tell: Callable[[Run], None]) -> list[Run]:
    """Run each in a child process; `tell` hears of every ended run. Returns them in the order planned."""
    with ThreadPoolExecutor(CRAWLS_AT_ONCE) as pool:
        waiting = [pool.submit(run_in_child, desk.settings, run.id) for run in planned]
        by_future = dict(zip(waiting, planned, strict=True))
        for future in as_completed(waiting):
            future.result()
            tell(_load(desk, by_future[future].id))
    return [_load(desk, run.id) for run in planned]


def _load(desk: Desk, run_id: str) -> Run:
    record, _ = desk.store.load("run", run_id)
    assert isinstance(record, Run)  # noqa: S101 - load keeps kinds apart; this tells the type checker
    return record
