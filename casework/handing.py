"""Makes the exports that were asked for, each a Run: checked first, then packed, taken up again after a crash."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from casework import cases, export, officers, orders, precheck, runs
from casework.desk import Desk
from casework.orders import Job
from core.errors import Conflict, NotAllowed, WangxunError
from core.model import RunState, Trouble

log = logging.getLogger(__name__)
BEAT = 5.0  # seconds: several beats in a lease
FAULT = "系统出错，没有制作，请告诉管理员"
FATAL = "有致命瑕疵，停下来请经办人决定"
BROKEN_OFF = "制作多次中断，请重新导出；仍不成请告诉管理员"


class Stopped(Exception):
    """The server ends: the run is put back and taken up at its next start."""


def work(desk: Desk, name: str, stop: threading.Event) -> None:
    """Check and make the bundle; what goes wrong is written down for the officer, nothing of ours is raised.

    When `stop` is set, it ends at the next step and waits for another server. A fatal flaw ends it, unless the
    officer asked for the bundle all the same.
    """
    job = orders.load(desk, name)
    if job is None or job.ended or not _begun(desk, job):
        return
    try:
        with _Beating(desk, job.run_id) as beating:
            done = _made(desk, job, _steps(stop, beating))
    except Stopped:
        runs.finish(desk, job.run_id, "cancelled", {})
        runs.put_back(desk, job.run_id)
        return
    except WangxunError as error:
        done = replace(job, problem=str(error), made=time.time())
    orders.end(desk, done)
    _finish(desk, done)


def _begun(desk: Desk, job: Job) -> bool:
    """Whether it is ours to make: another server may be at it, or it has failed too often."""
    attempts = runs.load(desk, job.run_id).counts.get("attempts", 0)
    try:
        run = runs.start(desk, job.run_id)
    except Conflict:
        if runs.load(desk, job.run_id).state in runs.ENDED:
            orders.end(desk, replace(job, problem=BROKEN_OFF, made=time.time()))
        return False
    if attempts < runs.ATTEMPTS:
        return run.state == "running"
    failed = replace(job, problem=BROKEN_OFF, made=time.time())
    orders.end(desk, failed)
    _finish(desk, failed)
    return False


def _made(desk: Desk, job: Job, progress: export.Progress) -> Job:
    wish = job.wish
    officer = officers.current(desk, job.officer)  # as he stands now: he may have left since
    if officer is None:
        raise NotAllowed("账号已停用")
    actor = officers.actor_of(officer, wish.stated())
    found = precheck.check(desk, actor, wish.finding_ids, wish.case_id or None, lambda: progress(0, 0))
    if any(one.fatal for one in found) and not wish.anyway:
        return replace(job, problem=FATAL, flaws=found, made=time.time())
    output = orders.output(desk, job)
    if wish.case_id:
        done = cases.hand_over(desk, actor, wish.case_id, output, wish.receiver, progress=progress)
    else:
        done = export.hand_over(
            desk, actor, wish.finding_ids, output, receiver=wish.receiver, progress=progress
        )
    return replace(
        job, digest=done.digest, size=output.stat().st_size, findings=done.findings, flaws=done.flaws,
        notes=done.notes, made=time.time(),
    )  # fmt: skip


def _steps(stop: threading.Event, beating: _Beating) -> export.Progress:
    def step(done: int, total: int) -> None:
        if stop.is_set():
            raise Stopped
        if total:
            beating.counts = {"export_steps": total, "export_done": done}

    return step


class _Beating:
    """Tells every few seconds that the run lives and how far it is."""

    def __init__(self, desk: Desk, run_id: str) -> None:
        self._desk, self._run_id = desk, run_id
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="export-beat", daemon=True)
        self.counts: dict[str, int] = {}

    def __enter__(self) -> _Beating:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._stop.wait(BEAT):
            try:
                runs.beat(self._desk, self._run_id, self.counts)
            except WangxunError:
                continue  # the store is away for a moment, or a sweep took us for dead: the end tells


def _finish(desk: Desk, job: Job) -> None:
    """The run tells everybody how it went, and nobody what was in it."""
    state: RunState = "done" if job.ready else ("suspect" if job.flaws else "failed")
    troubles = [Trouble(level="error", text=job.problem, at=datetime.now(UTC))] if job.problem else []
    try:
        runs.finish(desk, job.run_id, state, {"exported": job.findings}, troubles)
    except WangxunError:
        return  # the run was ended or the store is away; the folder has the truth for the officer


def _give_up(desk: Desk, name: str) -> None:
    """Written down where it still can be: the store may be what failed."""
    with suppress(WangxunError, OSError):
        job = orders.load(desk, name)
        if job is not None and not job.ended:
            failed = replace(job, problem=FAULT, made=time.time())
            orders.end(desk, failed)
            _finish(desk, failed)


class Bench:
    """Makes bundles one after the other in a thread of this process, beginning with what a crash left.

    One at a time: each may hold a browser, and the officers' pages must stay quick.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stop = threading.Event()
        self._turn = threading.Lock()
        self._asked: list[str] = []
        self._thread: threading.Thread | None = None
        self._broom: threading.Timer | None = None
        self._idle = threading.Event()

    def take_up(self) -> None:
        """What was asked for before this process began; and what has had its hour goes."""
        orders.clear_old(self._desk)
        for name in orders.waiting(self._desk):
            self.put(name)

    def put(self, name: str) -> None:
        """Make this one, too."""
        with self._turn:
            self._asked.append(name)
            if self._thread is None:
                self._idle.clear()
                self._thread = threading.Thread(target=self._work, name="exports", daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Whether nothing is left to be made, within that time."""
        return self._thread is None or self._idle.wait(seconds)

    def close(self) -> None:
        """End at the next step; what is not made waits for the next process."""
        self._stop.set()
        thread = self._thread
        if thread is not None:
            thread.join()
        if self._broom is not None:
            self._broom.cancel()

    def _work(self) -> None:
        while name := self._next():
            try:
                work(self._desk, name, self._stop)
            except Exception:  # a fault of ours must not leave the officer waiting, nor those after him
                log.exception("export %s", name)
                _give_up(self._desk, name)
        self._sweep_later()

    def _sweep_later(self) -> None:
        """A bundle goes after its hour, also when nobody ever asks for another."""
        if self._broom is not None:
            self._broom.cancel()
        self._broom = threading.Timer(orders.KEEP.total_seconds() + 1, orders.clear_old, (self._desk,))
        self._broom.daemon = True
        self._broom.start()

    def _next(self) -> str:
        with self._turn:
            if self._asked and not self._stop.is_set():
                return self._asked.pop(0)
            self._thread = None
            self._idle.set()
            return ""
