"""Legal hold: a finding or case that must be kept whatever its term, since a court, an appeal or an inspection needs it.

The record comes first, then the line in each evidence's custody, so that the vault itself refuses a deletion. What is
sealed later for the same finding is covered at the next look (`cover`), which every retention begins with.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

from casework import audit, dossiers, shelf
from casework.desk import Desk
from casework.review import checked_reason, told
from casework.sheets import evidence_ids
from core.errors import BadInput, Conflict, NotAllowed, NotFound
from core.model import SYSTEM, Actor, Case, Finding, Hold, HoldChange
from evidence import custody
from store.base import Query

Kind = Literal["finding", "case"]


def may_hold(actor: Actor) -> bool:
    """Whether this Actor may set and lift holds: whoever answers for the office's files."""
    return actor.role in {"supervisor", "administrator"}


def hold(desk: Desk, actor: Actor, kind: Kind, target: str, reason: str) -> Hold:
    """Keep it until `release`, whatever its term. Raises NotAllowed, NotFound, BadInput without a reason, Conflict."""
    return _change(desk, actor, kind, target, reason, held=True)


def release(desk: Desk, actor: Actor, kind: Kind, target: str, reason: str) -> Hold:
    """Its term counts again. Raises NotAllowed, NotFound, BadInput without a reason, Conflict when it is not held."""
    return _change(desk, actor, kind, target, reason, held=False)


def of(desk: Desk, kind: Kind, target: str) -> Hold | None:
    """The hold that stands on this finding or case itself; None when none does."""
    found = shelf.find(desk.store, Hold, f"{kind}:{target}")
    return found if found and found.stands else None


def standing(desk: Desk) -> list[Hold]:
    """Every hold that stands, newest first."""
    return list(shelf.walk(desk.store, Hold, Query(where={"state": ("held",)})))


def seen(desk: Desk, actor: Actor) -> list[Hold]:
    """The holds that stand on what this Actor may see."""
    return [as_told(actor, one) for one in standing(desk) if _visible(desk, actor, one)]


def as_told(actor: Actor, one: Hold) -> Hold:
    """The hold with its reasons as this Actor may read them."""
    changes = (change.model_copy(update={"reason": told(actor, change.reason)}) for change in one.changes)
    return one.model_copy(update={"changes": tuple(changes)})


def _visible(desk: Desk, actor: Actor, one: Hold) -> bool:
    try:
        _seen(desk, actor, *split(one.id))
    except (NotAllowed, NotFound):
        return False
    return True


def held_findings(desk: Desk) -> set[str]:
    """Ids of the findings that a hold covers: their own, or that of a case in which they stand."""
    found: set[str] = set()
    for one in standing(desk):
        found.update(_covered(desk, *split(one.id)))
    return found


def cover(desk: Desk) -> int:
    """Write "held" into the custody of covered evidence that lacks it (sealed since, or a crash came between).

    How many lines. Raises EvidenceBroken, Unavailable.
    """
    return sum(
        _note(desk, finding, SYSTEM, "随线索要求保留", held=True) for finding in sorted(held_findings(desk))
    )


def split(name: str) -> tuple[Kind, str]:
    """`finding:<id>` or `case:<id>` taken apart. Raises BadInput."""
    kind, _, target = name.partition(":")
    if kind == "finding" and target:
        return "finding", target
    if kind == "case" and target:
        return "case", target
    raise BadInput(f"{name!r} is neither finding:ID nor case:ID")


def _change(desk: Desk, actor: Actor, kind: Kind, target: str, reason: str, *, held: bool) -> Hold:
    words = checked_reason(reason)
    if not may_hold(actor):
        raise NotAllowed("只有主管和管理员可以设置或解除留存")
    _seen(desk, actor, kind, target)
    change = HoldChange(officer=actor.officer, at=datetime.now(UTC), reason=words, held=held)

    def edit(present: Hold | None) -> Hold:
        known = present or Hold(id=f"{kind}:{target}")
        if known.stands == held:
            raise Conflict("已经要求留存" if held else "没有要求留存，不用解除")
        return known.model_copy(update={"changes": (*known.changes, change)})

    made = shelf.change(desk.store, Hold, f"{kind}:{target}", edit)
    still = set() if held else held_findings(desk)
    for finding in _covered(desk, kind, target):
        if finding not in still:
            _note(desk, finding, actor, words, held=held)
    audit.record(desk, actor, "hold" if held else "release", f"{kind}:{target}", words)
    return made


def _seen(desk: Desk, actor: Actor, kind: Kind, target: str) -> None:
    if kind == "case":
        dossiers.seen(desk, actor, target)
    elif not dossiers.in_his_region(actor, shelf.load(desk.store, Finding, target)[0]):
        raise NotAllowed("该线索不在您的辖区")


def _covered(desk: Desk, kind: Kind, target: str) -> Iterator[str]:
    case = shelf.find(desk.store, Case, target) if kind == "case" else None
    yield from case.finding_ids if case else (target,) if kind == "finding" else ()


def _note(desk: Desk, finding_id: str, actor: Actor, words: str, *, held: bool) -> int:
    """The line in each evidence's custody, where it is not there already; what is deleted has none to come."""
    finding = shelf.find(desk.store, Finding, finding_id)
    noted = 0
    for name in evidence_ids(finding) if finding else ():
        entries = custody.chain(desk.vault, name)
        if entries and not custody.deletion(entries) and custody.held(entries) != held:
            desk.vault.note(name, "held" if held else "released", actor, words)
            noted += 1
    return noted
