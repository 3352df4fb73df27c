"""How a crawl goes: bars in a terminal, a line for each step elsewhere, and when the first finding landed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import psutil
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from casework import review, runs
from casework.desk import Desk
from cli.common import operator, out
from cli.crawling import crawl_all
from core.errors import Unavailable
from core.model import Finding, Run
from store.base import Query

LOOK_SECONDS = 1.0  # between looks at the store; runs tell of themselves every five seconds
TITLE = 40  # characters of a title: enough to recognise it, and one line in a usual terminal
SHOWN = ("pages", "posts", "flagged", "unsure", "looks")  # counts worth a place beside a bar
Tell = Callable[[str], None]


def crawl_shown(desk: Desk, planned: Sequence[Run], title: str) -> list[Run]:
    """Crawl, and show how it goes. Returns the runs as they ended, in the order planned."""
    lines = {run.id: run for run in planned}
    with _bars(title, planned) as (bars, overall, tasks), _watched(desk, planned, bars, tasks):

        def tell(run: Run) -> None:
            bars.advance(overall)
            bars.update(overall, said=f"{int(bars.tasks[0].completed)} of {len(planned)} sites")
            bars.update(tasks[run.id], said=_counts(run), visible=False)
            out.print(f"{title}: {lines[run.id].source_id} {run.state}  {_counts(run)}", highlight=False)

        return crawl_all(desk, planned, tell)


@contextmanager
def _bars(title: str, planned: Sequence[Run]) -> Iterator[tuple[Progress, TaskID, dict[str, TaskID]]]:
    whole = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(20))
    columns = (*whole, TimeElapsedColumn(), TextColumn("{task.fields[said]}"))
    with Progress(*columns, console=out, disable=not out.is_terminal) as bars:
        overall = bars.add_task(title, total=len(planned), said=f"0 of {len(planned)} sites")
        tasks = {
            run.id: bars.add_task(f"  {run.source_id}", total=None, start=False, visible=False, said="")
            for run in planned
        }
        yield bars, overall, tasks


@contextmanager
def _watched(desk: Desk, planned: Sequence[Run], bars: Progress, tasks: dict[str, TaskID]) -> Iterator[None]:
    """A thread that reads the store while the crawls write it."""
    stop = threading.Event()
    watch = _Watch(desk, planned, bars, tasks)
    thread = threading.Thread(target=watch.until, args=(stop,), name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


class _Watch:
    def __init__(self, desk: Desk, planned: Sequence[Run], bars: Progress, tasks: dict[str, TaskID]) -> None:
        self._desk, self._planned, self._bars, self._tasks = desk, planned, bars, tasks
        self._begun: set[str] = set()
        self._first_told = _first_finding(desk) is not None  # a second crawl has nothing to announce

    def until(self, stop: threading.Event) -> None:
        """Look until `stop` is set, and once more: a short crawl's finding is told as well."""
        stopped = False
        while not stopped:
            stopped = stop.wait(LOOK_SECONDS)
            try:
                self._look()
            except Unavailable:
                continue  # the store is busy; only the display waits for the next look

    def _look(self) -> None:
        for planned in self._planned:
            run = runs.load(self._desk, planned.id)
            if run.state == "running":
                self._show(run)
        if not self._first_told and (finding := _first_finding(self._desk)):
            self._first_told = True
            out.print(_announced(self._desk, finding), highlight=False, markup=False, style="bold")

    def _show(self, run: Run) -> None:
        task = self._tasks[run.id]
        if run.id not in self._begun:
            self._begun.add(run.id)
            self._bars.start_task(task)
            if not out.is_terminal:
                out.print(f"{run.source_id} begins", highlight=False)
        self._bars.update(task, said=_counts(run), visible=True)


def _first_finding(desk: Desk) -> Finding | None:
    desk.store.flush()
    found = desk.store.search("finding", Query(order="oldest", limit=1)).records
    return next((record for record in found if isinstance(record, Finding)), None)


def _announced(desk: Desk, finding: Finding) -> str:
    finding = review.masked(desk, finding, operator(""))  # what scrolls by is no stated look
    post, verdict = finding.latest.post, finding.latest.verdict
    seconds = time.time() - psutil.Process().create_time()
    text = (post.title or post.body).replace("\n", " ")[:TITLE]
    return f"first finding {seconds:.0f} s after the start: {text} ({' '.join(verdict.codes)}) {finding.url}"


def _counts(run: Run) -> str:
    return "  ".join(f"{name} {run.counts[name]}" for name in SHOWN if run.counts.get(name))
