"""Letting what waits in the spool land: by the same path as everything else, each record exactly once.

A record is taken away only after its landing was answered; when that is cut off in the midst, it lands again, which
changes nothing. One process lands at a time; what cannot land ever is put aside by name and hinders nobody.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from casework import audit, intake, presence, retakes, runs, shelf
from casework.desk import Desk
from casework.waiting import Absent, Look, Meeting, Note, Observation, Parts, Waiting
from core.errors import Conflict, EvidenceBroken, StoreAway, Unavailable, WangxunError
from core.model import Capture, Finding

# Records that may fail one after the other before the store counts as away: one alone may be at fault itself.
FAILURES = 3


@dataclass
class Landed:
    """How a drain went: records landed, put aside, still waiting; `cause`: why it ended early, if it did."""

    landed: int = 0
    aside: int = 0
    waiting: int = 0
    cause: str = ""


def drain(desk: Desk, seconds: float) -> Landed:
    """Let what waits land, oldest first, for so many seconds at most.

    Raises Unavailable when the spool itself cannot be used; a store that is away is said in `cause`.
    """
    done = Landed()
    with desk.spool.draining() as mine:
        if not mine:
            return Landed(waiting=len(desk.spool.waiting()), cause="another process lets them land")
        files = desk.spool.waiting()
        _each(desk, files, done, time.monotonic() + seconds)
        if files:
            desk.spool.tidy()
    done.waiting = len(files) - done.landed - done.aside
    return done


def _each(desk: Desk, files: list[Path], done: Landed, deadline: float) -> None:
    failures = 0
    for path in files:
        if time.monotonic() > deadline:
            done.cause = done.cause or "more wait than fit into this time"
            return
        try:
            _one(desk, path, done)
            failures = 0
        except (Unavailable, Conflict) as error:
            failures, done.cause = failures + 1, str(error)
            if failures == FAILURES:
                return


def _one(desk: Desk, path: Path, done: Landed) -> None:
    """Land one file. Raises Unavailable, Conflict: it waits on."""
    try:
        found = desk.spool.read(path)
        if found is None:
            return
        land(desk, found[0])
        desk.spool.remove(path, found[1])
        done.landed += 1
    except (Unavailable, Conflict):
        raise  # it may land another time
    except (WangxunError, ValueError, TypeError, LookupError, AttributeError, RuntimeError) as error:
        said = str(error) if isinstance(error, EvidenceBroken) else f"{type(error).__name__}: {error}"
        desk.spool.set_aside(path, said)
        done.aside += 1


def gone(
    desk: Desk, source_id: str, url: str, status: int, capture: Capture, finding_id: str = "",
    known: dict[str, str] | None = None,
) -> None:  # fmt: skip
    """A page is not there any more: noted in the store or in the spool. `known`: see `presence.finding_at`.

    Raises Unavailable (vault or spool).
    """
    absent = Absent(source_id=source_id, url=url, finding_id=finding_id, status=status, capture=capture)
    try:
        land_absence(desk, absent, known)
    except StoreAway:
        desk.spool.put(absent)


def parts(desk: Desk, finding_id: str, refers_to: str, capture: Capture) -> None:
    """What was fetched again: kept in the store or in the spool. Raises NotFound, Unavailable (vault or spool)."""
    try:
        retakes.keep(desk, finding_id, refers_to, capture)
    except StoreAway:
        desk.spool.put(Parts(finding_id=finding_id, refers_to=refers_to, capture=capture))


def land_absence(desk: Desk, absent: Absent, known: dict[str, str] | None = None) -> None:
    """Note the absence, if a finding's post stood there and was not met later. Raises StoreAway, Unavailable."""
    there = absent.finding_id or presence.finding_at(desk, absent.source_id, absent.url, known)
    finding = shelf.find(desk.store, Finding, there) if there else None
    if finding and finding.last_seen <= absent.capture.started_at:
        presence.gone(desk, finding.id, absent.status, absent.capture)


def land(desk: Desk, record: Waiting) -> None:
    """Land one record. Raises Unavailable, and what makes it impossible for ever (NotFound, BadInput ...)."""
    match record:
        case Observation():
            intake.land(desk, record)
        case Look():
            intake.land_look(desk, record.finding_id, record.capture)
        case Parts():
            retakes.keep(desk, record.finding_id, record.refers_to, record.capture)
        case Absent():
            land_absence(desk, record)
        case Meeting():
            intake.land_meeting(desk, record)
        case Note():
            audit.land(desk, record)
        case _:
            runs.land_ending(desk, record)
