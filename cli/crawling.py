"""Run crawls as child processes, two at a time, say how they go, and end them when told to."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

import psutil

from casework import runs
from casework.desk import Desk
from core.model import Run
from crawler.worker import run_in_child

# Each crawl may hold a Chromium of about half a GiB; two keep a two-core machine busy without crowding it.
CRAWLS_AT_ONCE = 2
# A crawl that is told to end waits for the pages it has asked for; a slow site answers within this, or never.
GRACE_SECONDS = 30.0
LOOK_SECONDS = 0.2  # between looks for a crawl that was just being started when the others were told


def plan_now(desk: Desk, source_ids: Sequence[str]) -> list[Run]:
    """One run for each source, planned for this moment."""
    now = datetime.now(UTC)
    return [runs.plan(desk, "crawl", source_id, now) for source_id in source_ids]


def crawl_all(desk: Desk, planned: Sequence[Run], tell: Callable[[Run], None]) -> list[Run]:
    """Run each in a child process; `tell` hears of every ended run. Returns them in the order planned.

    Ctrl-C ends the crawls that are under way before it goes on: they have process groups of their own, so
    the terminal's signal never reaches them.
    """
    with ThreadPoolExecutor(CRAWLS_AT_ONCE) as pool:
        waiting = [pool.submit(run_in_child, desk.settings, run.id) for run in planned]
        by_future = dict(zip(waiting, planned, strict=True))
        try:
            for future in as_completed(waiting):
                if future.result():
                    runs.sweep(desk)  # if it fell without a word, it does not run any more
                tell(runs.load(desk, by_future[future].id))
        except BaseException:
            for future in waiting:
                future.cancel()
            end_crawls(partial(_all_ended, waiting))
            for run in planned:
                # Nobody waits for it any more: it never began, or fell before it could say how it ended.
                runs.cancel(desk, run.id)
            raise
    return [runs.load(desk, run.id) for run in planned]


def end_crawls(ended: Callable[[float], bool]) -> None:
    """Tell each crawl that this process started to end, once; kill what does not within the grace.

    `ended` waits so many seconds for the threads that watch the crawls, and says whether all are through.
    """
    told: set[int] = set()
    deadline = time.monotonic() + GRACE_SECONDS
    while not ended(LOOK_SECONDS):
        for crawl in _own_crawls():
            if time.monotonic() > deadline:
                with suppress(ProcessLookupError):
                    os.killpg(crawl.pid, signal.SIGKILL)
            elif crawl.pid not in told:  # told twice, Scrapy drops what it holds
                told.add(crawl.pid)
                with suppress(psutil.NoSuchProcess):
                    crawl.terminate()


def _all_ended(waiting: Sequence[Future[int]], seconds: float) -> bool:
    return not wait(waiting, seconds).not_done


def _own_crawls() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):
            if "crawler.worker" in child.cmdline():
                found.append(child)
    return found
