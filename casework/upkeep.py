"""What evidence needs while nobody looks: outside stamps, the daily list of heads, a second look at what is sealed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from casework.desk import Desk
from core.errors import WangxunError
from evidence import heads
from evidence.reverify import reverify
from evidence.stamp import read_authorities, stamp_waiting

# A fault is known within four weeks, while backups of that time still exist.
VERIFIED_WITHIN = timedelta(days=28)
AT_ONCE = 200  # items checked by one call: seconds of work, so that the patrol's next tick is not late


def keep_up(desk: Desk, now: datetime) -> Iterator[str]:
    """Do what is due, and say what was done or is wrong, a line each. Everything may be repeated.

    Raises nothing of ours: what cannot be stamped now is stamped later, a broken item leaves an alarm record, and a
    broken list is said at each call. Whoever spoils one piece of evidence must not stop the patrol with it.
    """
    for work in (_stamps, _lists, _checks):
        try:
            yield from work(desk, now)
        except WangxunError as error:
            yield f"evidence: {type(error).__name__}: {error}"


def _stamps(desk: Desk, _now: datetime) -> Iterator[str]:
    if desk.settings.stamps is not None:
        waiting = stamp_waiting(desk.vault, read_authorities(desk.settings.stamps))
        if waiting.came or waiting.waiting:
            cause = f" ({waiting.causes[0]})" if waiting.causes else ""
            yield f"evidence: {waiting.came} stamped, {waiting.waiting} wait for a stamp{cause}"


def _lists(desk: Desk, now: datetime) -> Iterator[str]:
    if made := heads.daily(desk.vault, now):
        yield f"evidence: list of heads {made.number} of {made.day}, SHA-256 {made.digest}; keep it outside this system"


def _checks(desk: Desk, now: datetime) -> Iterator[str]:
    for problem in reverify(desk.vault, now - VERIFIED_WITHIN, AT_ONCE):
        yield f"evidence: BROKEN {problem.evidence_id or 'daily lists'}: {problem.faults[0]}"
