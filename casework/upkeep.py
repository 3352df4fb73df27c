"""What evidence needs while nobody looks: outside stamps, the daily list of heads, a second look at what is sealed, and
where the office has switched it on, the end of what was kept long enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from casework import listing, retention
from casework.desk import Desk
from casework.rounds import Rounds
from core.errors import Unavailable, WangxunError
from core.model import SYSTEM
from evidence.stamp import read_authorities, stamp_waiting


class Fault(str):
    """A line of `keep_up` that says what is wrong; the others say what was done."""

    __slots__ = ()


def keep_up(desk: Desk, now: datetime) -> Iterator[str]:
    """Do what is due, and say what was done or is wrong, a line each. Everything may be repeated.

    Raises nothing of ours: what cannot be stamped now is stamped later, what is broken leaves one alarm record and
    is said once a day, a timetable that cannot be kept begins anew. Whoever spoils one piece of evidence, or fills
    the disk, must not stop the patrol with it, nor bury his trace under repetitions.
    """
    try:
        rounds = Rounds(desk.settings.data, now)
        yield from _round(desk, rounds, now)
        rounds.save()
    except Unavailable as error:
        yield Fault(f"evidence: {error}")


def _round(desk: Desk, rounds: Rounds, now: datetime) -> Iterator[str]:
    for work in (_stamps, _checks, _lists, _retention):
        try:
            yield from work(desk, rounds, now)
        except WangxunError as error:
            if rounds.first_time(told := f"evidence: {type(error).__name__}: {error}"):
                yield Fault(told)


def _stamps(desk: Desk, _rounds: Rounds, _now: datetime) -> Iterator[str]:
    if desk.settings.stamps is not None:
        waiting = stamp_waiting(desk.vault, read_authorities(desk.settings.stamps))
        if waiting.came or waiting.waiting:
            cause = f" ({waiting.causes[0]})" if waiting.causes else ""
            yield f"evidence: {waiting.came} stamped, {waiting.waiting} wait for a stamp{cause}"


def _checks(desk: Desk, rounds: Rounds, _now: datetime) -> Iterator[str]:
    for problem in rounds.look(desk.vault):
        told = f"evidence: BROKEN {problem.evidence_id or 'daily lists'}: {problem.faults[0]}"
        if rounds.first_time(told):
            yield Fault(told)


def _lists(desk: Desk, rounds: Rounds, now: datetime) -> Iterator[str]:
    if rounds.kept.listed == rounds.today:
        return
    made = listing.daily(desk, now)
    for fault in listing.faults(desk):
        yield Fault(f"evidence: BROKEN daily lists: {fault}")
    rounds.kept.listed = rounds.today
    if made:
        yield f"evidence: list of heads {made.number} of {made.day}, SHA-256 {made.digest}; keep it outside this system"


def _retention(desk: Desk, rounds: Rounds, now: datetime) -> Iterator[str]:
    """Once a day, a share at a time; a wrong clock or a slip in the terms must not empty the office's files overnight."""
    if not desk.settings.retention or rounds.kept.retired == rounds.today:
        return
    rounds.kept.retired = rounds.today
    if retention.too_much(desk, now):
        yield Fault(
            "retention: more than a tenth of all findings is due, so nothing was deleted: look at `wangxun retention --dry-run`"
        )
        return
    done = retention.retire(desk, SYSTEM, now, retention.A_DAY)
    for name, count in sorted(done.counts.items()):
        yield f"retention: {count} of {name} deleted"
    for fault in done.faults:
        yield f"retention: {fault}"
