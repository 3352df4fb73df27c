"""The audit trail: one hash chain for each officer and day, that nobody can quietly rewrite.

Entry n+1 is created only once and carries the digest of entry n, so that writers never share a head.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol

from casework import shelf
from casework.desk import Desk
from casework.labels import SAID, code_names
from casework.waiting import Note
from core.errors import Conflict, EvidenceBroken, StoreAway, Unavailable
from core.model import Actor, AuditEntry, Finding, Review
from store.base import CREATE, Query, Store, save_one

FIRST = "0" * 64  # what the first entry of a chain carries in place of a digest


class WithStore(Protocol):
    """All that an entry needs."""

    @property
    def store(self) -> Store:
        """Where the trail is kept."""
        ...


def record(desk: WithStore, actor: Actor, action: str, target: str, reason: str = "") -> AuditEntry:
    """Add one entry to the actor's chain of today (UTC).

    A store that takes nothing in must not keep officers from reading: then the entry waits in the spool, durably, and
    is added later with its time; the answer has number 0. Raises Unavailable when it can be kept nowhere.
    """
    words = reason or actor.reason
    try:
        return _record(desk, actor, action, target, words)
    except StoreAway:
        if not isinstance(desk, Desk):
            raise
        return _wait(desk, Note(actor=actor, action=action, target=target, reason=words, at=_now()))


def land(desk: Desk, note: Note) -> None:
    """Add an entry that had to wait; twice is once. Raises StoreAway."""
    reason = f"{note.reason}（补记：原于 {note.at.isoformat()}）"
    desk.store.flush()
    query = Query(where={"target": (note.target,), "officer": (note.actor.officer,)})
    if not any(entry.reason == reason for entry in shelf.walk(desk.store, AuditEntry, query)):
        _record(desk, note.actor, note.action, note.target, reason)


def _wait(desk: Desk, note: Note) -> AuditEntry:
    desk.spool.put(note)
    day = note.at.date().isoformat()
    entry = _entry(note.actor.officer, day, None, note.action, note.target, note.reason)
    return entry.model_copy(update={"number": 0, "digest": ""})


def _now() -> datetime:
    return datetime.now(UTC)


def _record(desk: WithStore, actor: Actor, action: str, target: str, reason: str) -> AuditEntry:
    for _ in range(shelf.ATTEMPTS):
        day = _now().date().isoformat()
        head = _head(desk, actor.officer, day)
        entry = _entry(actor.officer, day, head, action, target, reason)
        try:
            save_one(desk.store, entry, CREATE)
        except Conflict:
            continue
        return entry
    raise Unavailable("审计记录写入繁忙，请稍后再试")


def record_each(desk: Desk, actor: Actor, action: str, targets: Iterable[str], reason: str = "") -> None:
    """One entry for each target, as `record` would add it; the newest entry is looked for once, not each time.

    Raises Unavailable when one cannot be written; those before it stand.
    """
    head: AuditEntry | None = None
    for target in targets:
        day = datetime.now(UTC).date().isoformat()
        if head is None or head.day != day:
            head = record(desk, actor, action, target, reason)
            continue
        entry = _entry(actor.officer, day, head, action, target, reason or actor.reason)
        try:
            save_one(desk.store, entry, CREATE)
        except Conflict:  # the officer did something else meanwhile
            entry = record(desk, actor, action, target, reason)
        head = entry


def chain(desk: Desk, officer: str, day: str) -> list[AuditEntry]:
    """All entries of an officer's day, oldest first. Raises EvidenceBroken when the chain does not hold."""
    entries: list[AuditEntry] = []
    while found := shelf.find(desk.store, AuditEntry, _id(officer, day, len(entries) + 1)):
        before = entries[-1].digest if entries else FIRST
        if found.previous != before or found.digest != _digest(found):
            raise EvidenceBroken(f"审计记录 {found.id} 与其摘要不符，可能被改动")
        entries.append(found)
    return entries


def decision_target(finding_id: str, number: int) -> str:
    """The name under which decision `number` (from 1) is audited: deterministic, so a gap can be found."""
    return f"finding:{finding_id}:decision:{number}"


def decision_reason(made: Review) -> str:
    """What the entry of a decision says: the officer's reason, and the violations that he named."""
    return f"{made.reason}（{SAID}：{code_names(made.codes)}）" if made.codes else made.reason


def repair(desk: Desk) -> list[AuditEntry]:
    """Add entries for decisions whose entry a crash left out; returns what was added."""
    return [_belated(desk, review, target) for target, review in unrecorded(desk)]


def unrecorded(desk: Desk) -> list[tuple[str, Review]]:
    """Decisions without their entry, each with the name that the entry would have."""
    return [
        (target, review)
        for finding in shelf.walk(desk.store, Finding, Query())
        for number, review in enumerate(finding.decisions, start=1)
        if not _audited(desk, target := decision_target(finding.id, number))
    ]


def broken(desk: Desk) -> list[str]:
    """What is wrong with any chain, a line each; an entry behind a gap is found as well."""
    entries: Counter[tuple[str, str]] = Counter()
    for entry in shelf.walk(desk.store, AuditEntry, Query()):
        entries[entry.officer, entry.day] += 1
    faults: list[str] = []
    for (officer, day), count in sorted(entries.items()):
        try:
            held = len(chain(desk, officer, day))
        except EvidenceBroken as error:
            faults.append(str(error))
            continue
        if held != count:
            faults.append(f"审计记录 {officer} {day} 第 {held + 1} 条缺失")
    return faults


def _audited(desk: Desk, target: str) -> bool:
    return desk.store.search("audit", Query(where={"target": (target,)}, limit=1)).total > 0


def _belated(desk: Desk, review: Review, target: str) -> AuditEntry:
    actor = Actor(officer=review.officer, role="system")
    reason = f"{decision_reason(review)}（补记：原决定于 {review.at.isoformat()}）"
    return record(desk, actor, review.outcome, target, reason)


def _head(desk: WithStore, officer: str, day: str) -> AuditEntry | None:
    """Numbers have no gaps, so the last one is found by doubling and halving: about 2 log2(n) loads."""
    low, high = 0, 1
    newest: AuditEntry | None = None
    while found := shelf.find(desk.store, AuditEntry, _id(officer, day, high)):
        newest, low, high = found, high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        found = shelf.find(desk.store, AuditEntry, _id(officer, day, middle))
        if found:
            newest, low = found, middle
        else:
            high = middle
    return newest


def _id(officer: str, day: str, number: int) -> str:
    return f"{officer}:{day}:{number:06d}"  # six digits: a million looks a day is no human officer


def _entry(
    officer: str, day: str, head: AuditEntry | None, action: str, target: str, reason: str
) -> AuditEntry:
    number = head.number + 1 if head else 1
    entry = AuditEntry(
        id=_id(officer, day, number),
        officer=officer,
        day=day,
        number=number,
        at=_now(),
        action=action,
        target=target,
        reason=reason,
        previous=head.digest if head else FIRST,
        digest="",
    )
    return entry.model_copy(update={"digest": _digest(entry)})


def _digest(entry: AuditEntry) -> str:
    plain = entry.model_dump(mode="json", exclude={"digest"})
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
