"""The daily lists of heads, kept in the vault and told to the store: who rewrites one must rewrite the other too.

The store has each list whole (`casework.stored_lists`), and its audit trail an entry for each with its SHA-256, in the
chain of the system's own day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from casework import audit, shelf, stored_lists
from casework.desk import Desk
from core.errors import EvidenceBroken, NotFound
from core.model import SYSTEM, AuditEntry
from evidence import alarms, custody, heads
from evidence.heads import Heads
from store.base import Query

ACTION = "list_heads"


def daily(desk: Desk, now: datetime) -> Heads | None:
    """The whole list of the day, once a Beijing day. Raises EvidenceBroken, Unavailable."""
    return _told(desk, heads.daily(desk.vault, now))


def of(desk: Desk, ids: Iterable[str], now: datetime) -> Heads | None:
    """A list of these chains as they stand now, None when none has grown. Raises EvidenceBroken, Unavailable."""
    wanted = list(ids)
    if not heads.grown(desk.vault, wanted):
        return None
    return _told(desk, heads.list_heads(desk.vault, wanted, now))


def faults(desk: Desk) -> list[str]:
    """Where vault and store disagree; also an alarm. A list that a crash kept from the store is told to it now.

    Raises EvidenceBroken, Unavailable.
    """
    found, untold = compared(desk)
    told = {entry.target for entry in _entries(desk)} if untold else set()
    for one in untold:
        _tell(desk, one, _target(one.number) in told)
    if found:
        alarms.record(desk.vault, "", found)
    return found


def compared(desk: Desk) -> tuple[list[str], list[Heads]]:
    """Where vault and store disagree, and lists that the store has not, or not whole; nothing is written.

    Of older lists the headers are compared, which name their lines by digest; of the newest, the lines as well.
    Raises EvidenceBroken, Unavailable.
    """
    told, kept = {entry.target: entry.reason for entry in _entries(desk)}, stored_lists.kept(desk)
    found, untold = [], []
    known = heads.headers(desk.vault)
    for one in known:
        reason, digest = told.pop(_target(one.number), None), kept.pop(one.number, None)
        if reason is not None and one.digest not in reason:
            found.append(f"第 {one.number} 份每日清单与审计记录所记的不同")
        if digest is not None and (digest != one.digest or one is known[-1]):
            found += filter(None, [stored_lists.fault(desk, one)])
        if reason is None or digest is None:
            untold.append(one)
    gone = sorted({*told, *map(_target, kept)})
    found += (f"业务库所记的每日清单 {target} 不在证据库里" for target in gone)
    return found, untold


def standing_alarms(desk: Desk) -> list[str]:
    """Digests of alarms that nothing has answered: the item was not found whole since, no list was made since.

    Raises EvidenceBroken when a list does not hold, Unavailable.
    """
    known = heads.headers(desk.vault)
    newest = datetime.fromisoformat(known[-1].plain["at"]) if known else datetime.min.replace(tzinfo=UTC)
    return [
        digest
        for digest, one, at in alarms.told(desk.vault)
        if (newest < at if not one else not _whole_since(desk, one, at))
    ]


def _whole_since(desk: Desk, evidence_id: str, at: datetime) -> bool:
    """Whether the next look found it whole, or it was deleted by rule."""
    try:
        entries = custody.chain(desk.vault, evidence_id)
    except (EvidenceBroken, NotFound):
        return False
    return any(one["event"] in ("verified", "deleted") and custody.moment(one) > at for one in entries)


def _entries(desk: Desk) -> Iterable[AuditEntry]:
    return shelf.walk(desk.store, AuditEntry, Query(where={"action": (ACTION,)}))


def _told(desk: Desk, made: Heads | None) -> Heads | None:
    if made:
        _tell(desk, made)
    return made


def _tell(desk: Desk, made: Heads, audited: bool = False) -> None:
    if not audited:
        words = f"{made.day} 的保管记录清单，SHA-256 {made.digest}"
        audit.record(desk, SYSTEM, ACTION, _target(made.number), words)
    stored_lists.keep(desk, made)


def _target(number: int) -> str:
    return f"heads:{number:06d}"
