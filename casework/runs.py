"""Long work: runs created once, a lease for each source, heartbeats, a sweep for what was dropped.

The Run record is the truth, never the queue. A lease expires by itself, so a dead worker blocks nobody for ever; on
the same machine an operating-system lock tells at once whether the holder is dead. While the store is away nobody can
take a lease, and a worker goes on until its own has nearly run out: then it ends, so that two never read one source.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from casework import locks, shelf
from casework.desk import Desk
from casework.waiting import Ending
from core.errors import Conflict, NotFound, StoreAway
from core.identity import run_id as make_id
from core.mask import mask_address
from core.model import Lease, Run, RunKind, RunState, Trouble
from store.base import CREATE, Query, save_one

# For work without a source: twelve missed beats; a busy disk has been seen to stall for twenty seconds.
BEAT = timedelta(seconds=60)
# A worker ends so long before its lease does: other machines' clocks differ, pages under way take their time.
MARGIN = timedelta(minutes=2)
ATTEMPTS = 3  # a run that killed its worker three times will do so again
TROUBLES = 200  # kept with a run: enough to see the pattern, small enough to load
ENDED = frozenset({"done", "suspect", "failed", "cancelled"})


def plan(
    desk: Desk, kind: RunKind, source_id: str | None, planned_at: datetime, target: str | None = None
) -> Run:
    """The run of that source and planned time, made only once: two schedulers never make two."""
    name = make_id(kind, source_id or target or "", planned_at.astimezone(UTC))
    run = Run(id=name, kind=kind, source_id=source_id, target=target, state="queued", planned_at=planned_at)
    try:
        save_one(desk.store, run, CREATE)
    except Conflict:
        return shelf.load(desk.store, Run, name)[0]
    return run


def start(desk: Desk, run_id: str) -> Run:
    """Take the source's lease and begin. Raises Conflict when the run is over or the source is taken."""
    run = shelf.load(desk.store, Run, run_id)[0]
    if run.state in ENDED:
        raise Conflict(f"run {run_id} is over ({run.state})")
    locks.hold(desk.settings.data, run.source_id or run_id, run_id)
    try:
        _take_lease(desk, run)
        return shelf.change(desk.store, Run, run_id, _begun)
    except BaseException:
        locks.release(run_id)
        raise


def beat(desk: Desk, run_id: str, counts: dict[str, int]) -> Run:
    """Tell that the run lives, and its counts. Raises Conflict when the lease was lost: stop then."""
    _extend(desk, shelf.load(desk.store, Run, run_id)[0])

    def edit(run: Run) -> Run:
        if run.state != "running":
            raise Conflict(f"run {run_id} is {run.state}: stop")
        return run.model_copy(update={"heartbeat_at": _now(), "counts": run.counts | counts})

    return _change(desk, run_id, edit)


def finish(
    desk: Desk, run_id: str, state: RunState, counts: dict[str, int], troubles: Iterable[Trouble] = ()
) -> Run:
    """End the run, give the lease back. Raises Conflict when somebody else ended it or took it over."""
    _extend(desk, shelf.load(desk.store, Run, run_id)[0])
    noted = tuple(troubles)

    def edit(run: Run) -> Run:
        if run.state in ENDED:
            raise Conflict(f"run {run_id} is over ({run.state})")
        kept = (*run.troubles, *noted)[-TROUBLES:]
        changes = {"state": state, "counts": run.counts | counts, "troubles": kept, "ended_at": _now()}
        return run.model_copy(update=changes)

    ended = _change(desk, run_id, edit)
    _give_back(desk, ended)
    locks.release(run_id)
    return ended


def end(
    desk: Desk, begun: Run, state: RunState, counts: dict[str, int], troubles: Iterable[Trouble] = ()
) -> None:
    """As `finish`, in the store or in the spool; state "lost": it shall be taken up again, and this try does not count.

    `begun` is the run as `start` gave it. Raises Conflict, Unavailable (spool).
    """
    ending = Ending(run=begun, state=state, counts=counts, troubles=tuple(troubles)[-TROUBLES:], at=_now())
    try:
        land_ending(desk, ending)
    except StoreAway:
        # Nobody can be asked now whether the run shall go on: it does.
        change = {"state": "lost"} if state == "cancelled" else {}
        desk.spool.put(ending.model_copy(update=change))
    finally:
        locks.release(begun.id)


def land_ending(desk: Desk, ending: Ending) -> None:
    """End the run unless it has been ended, or begun anew, by somebody else; twice is once. Raises StoreAway."""
    attempt = ending.run.counts.get("attempts")

    def edit(run: Run) -> Run:
        if run.state not in {"running", "lost"} or run.counts.get("attempts") != attempt:
            return run
        kept = (*run.troubles, *ending.troubles)[-TROUBLES:]
        counts = run.counts | ending.counts
        changes: dict[str, object] = {"state": ending.state, "troubles": kept, "ended_at": ending.at}
        if ending.state == "lost":
            counts |= {"attempts": max(0, (attempt or 0) - 1)}
            changes["ended_at"] = None
        return run.model_copy(update=changes | {"counts": counts})

    try:
        _give_back(desk, _change(desk, ending.run.id, edit))
    except NotFound:
        return  # deleted when its time was over: there is nothing left to be ended


def lease(desk: Desk) -> timedelta:
    """How long a lease lasts: as long as a crawl may go on without the store."""
    return timedelta(minutes=desk.settings.away_minutes)


def load(desk: Desk, run_id: str) -> Run:
    """The run as it stands now. Raises NotFound."""
    return shelf.load(desk.store, Run, run_id)[0]


def put_back(desk: Desk, run_id: str) -> Run:
    """A run that was broken off waits again, and the try does not count; any other stays as it is.

    Politely, or killed by whoever told it to end: that it could not end in time is no fault of its source.
    """

    def edit(run: Run) -> Run:
        if run.state != "cancelled" and not _fell(desk, run):
            return run
        counts = run.counts | {"attempts": max(0, run.counts.get("attempts", 0) - 1)}
        return run.model_copy(update={"state": "lost", "ended_at": None, "counts": counts})

    return _change(desk, run_id, edit)


def cancel(desk: Desk, run_id: str) -> Run:
    """A run that waits, or whose worker is dead, and shall not begin any more; any other stays as it is."""

    def edit(run: Run) -> Run:
        waits = run.state in {"queued", "lost"} or _fell(desk, run)
        return run.model_copy(update={"state": "cancelled", "ended_at": _now()}) if waits else run

    return _change(desk, run_id, edit)


def sweep(desk: Desk) -> list[Run]:
    """Mark dead runs lost (failed after ATTEMPTS); return all that wait for a worker, oldest first."""
    for run in running(desk):
        if not _alive(desk, run):
            _lose(desk, run.id)
    return waiting(desk)


def waiting(desk: Desk) -> list[Run]:
    """All runs that wait for a worker, oldest first."""
    query = Query(where={"state": ("queued", "lost")}, order="oldest")
    return list(shelf.walk(desk.store, Run, query))


def running(desk: Desk) -> list[Run]:
    """All runs that are under way, or whose worker died unseen."""
    return list(shelf.walk(desk.store, Run, Query(where={"state": ("running",)})))


def died(desk: Desk, found: Iterable[Run]) -> frozenset[str]:
    """Those of the runs that call themselves running and whose worker is dead: the next sweep will mark them lost."""
    return frozenset(run.id for run in found if _fell(desk, run))


def _take_lease(desk: Desk, run: Run) -> None:
    if run.source_id is None:
        return
    wanted = Lease(id=run.source_id, run_id=run.id, expires_at=_now() + lease(desk))
    try:
        found, version = shelf.load(desk.store, Lease, run.source_id)
    except NotFound:
        save_one(desk.store, wanted, CREATE)
        return
    if found.expires_at > _now() and not _held_by_dead(desk, found):
        raise Conflict(f"{run.source_id} is being worked on by run {found.run_id} until {found.expires_at}")
    save_one(desk.store, wanted, version)
    if found.run_id != run.id:
        _lose(desk, found.run_id)


def _held_by_dead(desk: Desk, found: Lease) -> bool:
    """Called while holding the lock: a lease whose run held this very lock before us has no living holder."""
    return locks.previous_holder(desk.settings.data, found.id) == found.run_id


def _extend(desk: Desk, run: Run) -> None:
    if run.source_id is None:
        return

    def edit(held: Lease | None) -> Lease:
        if held is None or held.run_id != run.id:
            raise Conflict(f"run {run.id} has lost its lease on {run.source_id}: stop")
        return held.model_copy(update={"expires_at": _now() + lease(desk)})

    shelf.change(desk.store, Lease, run.source_id, edit)


def _give_back(desk: Desk, run: Run) -> None:
    """Expired, not deleted: a delete could hit the lease that somebody has taken in the meantime."""
    if run.source_id is None:
        return

    def edit(found: Lease | None) -> Lease:
        held = found or Lease(id=run.source_id or "", run_id=run.id, expires_at=_now())
        return held.model_copy(update={"expires_at": _now()}) if held.run_id == run.id else held

    shelf.change(desk.store, Lease, run.source_id, edit)


def _fell(desk: Desk, run: Run) -> bool:
    return run.state == "running" and not _alive(desk, run)


def _alive(desk: Desk, run: Run) -> bool:
    name = run.source_id or run.id
    if locks.died_here(desk.settings.data, name, run.id):
        return False
    if run.source_id is None:
        return (run.heartbeat_at or run.planned_at) + BEAT > _now()
    if locks.held_here(desk.settings.data, name, run.id):
        return True  # cut off from the store, perhaps, but it lives: it ends by itself in time
    held = shelf.find(desk.store, Lease, run.source_id)
    return held is not None and held.run_id == run.id and held.expires_at > _now()


def _lose(desk: Desk, run_id: str) -> None:
    def edit(run: Run) -> Run:
        if run.state != "running":
            return run
        if run.counts.get("attempts", 0) < ATTEMPTS:
            return run.model_copy(update={"state": "lost"})
        trouble = Trouble(level="error", text=f"连续 {ATTEMPTS} 次中断，不再重试", at=_now())
        return run.model_copy(
            update={"state": "failed", "ended_at": _now(), "troubles": (*run.troubles, trouble)}
        )

    _change(desk, run_id, edit)


def _begun(run: Run | None) -> Run:
    if run is None or run.state in ENDED:
        raise Conflict("the run was ended by somebody else")
    counts = run.counts | {"attempts": run.counts.get("attempts", 0) + 1}
    began = run.started_at or _now()
    return run.model_copy(
        update={"state": "running", "started_at": began, "heartbeat_at": _now(), "counts": counts}
    )


def _change(desk: Desk, run_id: str, edit: shelf.Edit[Run]) -> Run:
    return shelf.change_existing(desk.store, Run, run_id, edit)


def _now() -> datetime:
    return datetime.now(UTC)


def recent(desk: Desk, cursor: str | None = None) -> tuple[list[Run], str | None]:
    """A page of runs, newest first, and where the next page begins. Raises BadInput for no such place."""
    desk.store.flush()
    page = desk.store.search("run", Query(limit=50, cursor=cursor))  # 50 rows: two screens
    return [_shown(run) for run in page.records if isinstance(run, Run)], page.cursor


def _shown(run: Run) -> Run:
    """The run as anybody may see it: no reason opens the addresses of posts that it could not read."""
    troubles = (
        item.model_copy(update={"url": item.url and mask_address(item.url), "text": mask_address(item.text)})
        for item in run.troubles
    )
    target = mask_address(run.target) if run.target and "://" in run.target else run.target
    return run.model_copy(update={"target": target, "troubles": tuple(troubles)})
