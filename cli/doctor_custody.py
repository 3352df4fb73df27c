"""The doctor's look at what proves that nothing sealed was changed: alarms, daily lists, stamps that wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from casework import listing
from casework.desk import Desk, open_desk
from cli.answers import Seen, cannot_tell, ok, wrong
from core.settings import Settings
from evidence import heads

# The list is daily; a patrol that was restarted at midnight makes it some minutes later.
LATE = timedelta(hours=36)


def custody(settings: Settings) -> Seen:
    """No alarm stands unanswered, vault and store agree on the daily lists, the newest is of today or yesterday."""
    desk = open_desk(settings)
    try:
        return _looked(desk)
    finally:
        desk.close()


def _looked(desk: Desk) -> Seen:
    raised = listing.standing_alarms(desk)
    if raised:
        return wrong(
            f"{len(raised)} alarms, first alarms/{raised[0]}.json",
            "`wangxun verify` names what is broken now; keep everything as it is and tell the person responsible",
        )
    faults, untold = listing.compared(desk)
    if faults:
        return wrong(
            f"vault and store disagree: {faults[0]}",
            "somebody rewrote one of them: tell the person responsible",
        )
    known, waiting = heads.headers(desk.vault), len(desk.vault.waiting())
    said = f"{len(known)} daily lists, {waiting} things wait for a time stamp"
    if not known:
        return cannot_tell(said, "`wangxun patrol` makes the first within minutes")
    age = datetime.now(UTC) - datetime.fromisoformat(known[-1].plain["at"])
    if age > LATE:
        return wrong(
            f"{said}; the newest is {age.days} days old", "start `wangxun patrol`: it makes one a day"
        )
    if untold:
        return cannot_tell(f"{said}; {len(untold)} are not in the audit trail yet", "the patrol tells them")
    return ok(said)
