"""What has been kept long enough: found by the terms of config/retention.yml, shown, and deleted so that it can be proved.

Custody line first, then the files, then the records, the finding's own last: broken off anywhere, the next call finds
the same things due and ends them. Nothing that is held, that lies in an open case, or whose evidence is not whole, goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from casework import audit, holds, locks, shelf
from casework.backup import LOCK
from casework.desk import Desk
from casework.gone import GONE, deleted_note
from casework.sheets import evidence_ids
from casework.terms import Due, Plan
from core.catalog import RETENTION
from core.errors import EvidenceBroken, NotAllowed, NotFound
from core.identity import new_id
from core.model import Actor, Case, Contact, Dispatch, Evidence, Finding, Missing, Operator
from core.retention import CLASSES
from evidence import custody, deletion
from evidence.manifest import plain_time
from store.base import PAGE_LIMIT, Query

# Findings whose files are swept together: the chains of the whole vault are read once for each batch.
BATCH = 200
# Things the patrol deletes a day by itself: minutes of work, and a slip is seen before all is gone.
A_DAY = 1_000
HANDFUL = 20  # findings due that need no second thought, however few there are in all


@dataclass
class Retired:
    """How many went, by class; how many stayed because they are held; and what could not be deleted, and why."""

    counts: Counter[str]
    held: Counter[str]
    faults: list[str]


def due(desk: Desk, now: datetime) -> Iterator[Due]:
    """Everything whose term has ended, findings before the cases that they lie in; what is held is marked so."""
    yield from Plan(desk, now).all()


def retire(desk: Desk, actor: Actor, now: datetime, limit: int | None = None) -> Retired:
    """Delete what is due, `limit` things at most. May be repeated.

    Raises Conflict while a backup or another retention is under way, EvidenceBroken when custody is spoilt, Unavailable.
    """
    name = new_id()
    locks.hold(desk.settings.data, LOCK, name)
    try:
        return _retire(desk, actor, now, limit)
    finally:
        locks.release(name)


def _retire(desk: Desk, actor: Actor, now: datetime, limit: int | None) -> Retired:
    desk.store.flush()
    holds.cover(desk)
    deletion.sweep(desk.vault, ())  # what an earlier call, broken off, has set aside
    done = Retired(Counter(), Counter(), [])
    work = _Work(desk, actor, done)
    found = (one for one in due(desk, now) if not _kept(one, done))
    wanted = found if limit is None else islice(found, limit)
    while batch := list(islice(wanted, BATCH)):
        work.findings([one for one in batch if one.kind == "finding"])
        for one in batch:
            if one.kind != "finding":
                work.other(one)
    work.tell_counts()
    return done


def too_much(desk: Desk, now: datetime) -> bool:
    """Whether more findings are due than happens by itself: a tenth of all, when that is more than a handful."""
    found = sum(1 for one in due(desk, now) if one.kind == "finding" and one.name != "screenshots")
    if found <= HANDFUL:
        return False
    total = sum(1 for _ in shelf.walk(desk.store, Finding, Query()))
    return found * 10 > total


def explained(one: Due) -> str:
    """Class, law, days and from when they count, for the audit trail and for people."""
    law = one.term.law
    since = one.since.date().isoformat()
    return f"{CLASSES[one.name]}；{law.instrument}{law.article}；{one.term.days} 天，自 {since} 起"


def _kept(one: Due, done: Retired) -> bool:
    if one.held:
        done.held[one.name] += 1
    return one.held


class _Work:
    """One round of deletions."""

    def __init__(self, desk: Desk, actor: Actor, done: Retired) -> None:
        self._desk, self._actor, self._done = desk, actor, done
        self._stuck: set[str] = set()  # findings that should have gone and did not

    def findings(self, dues: list[Due]) -> None:
        """Lines for all, then one sweep, then the records."""
        ready = [(one, ids) for one in dues if (ids := self._lines(one)) is not None]
        deletion.sweep(self._desk.vault, [name for _, ids in ready for name in ids])
        for one, ids in ready:
            if one.name == "screenshots":
                self._told(one, f"screenshots:{one.id}")
                self._without_pictures(one, ids)
            else:
                self._told(one, f"finding:{one.id}", f"；证据 {len(ids)} 份")
                _forget(self._desk, one, ids)
            self._done.counts[one.name] += 1

    def other(self, one: Due) -> None:
        """A record without evidence: a case, a sighting, a run, a lead, a day of the trail."""
        gone = True
        try:
            if one.kind == "case":
                gone = self._drop_case(one)
            elif one.kind == "audit":
                gone = self._drop_day(one)
            else:
                self._desk.store.delete(one.kind, one.id)
        except EvidenceBroken as error:
            self._done.faults.append(str(error))
            return
        self._done.counts[one.name] += gone

    def tell_counts(self) -> None:
        """One entry for all that is told by number only: who saw what harmless post is nobody's business for ever."""
        for name in ("clear", "runs", "leads"):
            if count := self._done.counts[name]:
                term = self._desk.catalog.retention.terms()[name]
                words = f"{CLASSES[name]} {count} 条；{term.law.instrument}{term.law.article}；{term.days} 天"
                audit.record(self._desk, self._actor, "delete", f"retention:{name}", words)

    def _lines(self, one: Due) -> list[str] | None:
        """The evidence that has its line of deletion now; None when the finding must stay."""
        try:
            ids = self._whole(one)
            for name in ids:
                deletion.delete(self._desk.vault, name, self._actor, GONE, self._facts(one))
        except NotAllowed:
            self._done.held[one.name] += 1  # held since the plan was made
        except (EvidenceBroken, NotFound) as error:
            self._done.faults.append(f"{CLASSES[one.name]} {one.id}: {error}")
        else:
            return ids
        self._stuck.add(one.id)
        return None

    def _whole(self, one: Due) -> list[str]:
        """Its evidence, all of it there or deleted: a deletion must not cover up that something was taken away.

        Raises EvidenceBroken, NotFound, NotAllowed when a part is held or the finding was met again.
        """
        finding = shelf.load(self._desk.store, Finding, one.id)[0]
        # Screenshots count from the rejection, whether or not the post is still online.
        changed = finding.status != "rejected" if one.name == "screenshots" else finding.last_seen > one.since
        if changed:
            raise NotAllowed("met again, or decided anew, since the plan was made")
        # A look that was fetched again since the plan was made belongs to it as well.
        ids = list(one.evidence if one.name == "screenshots" else evidence_ids(finding))
        for name in ids:
            entries = custody.chain(self._desk.vault, name)
            if not entries or not (custody.deletion(entries) or self._desk.vault.has(name)):
                raise EvidenceBroken(f"证据 {name} 不在证据库里，也没有删除记录：先查明原因，不作到期删除")
            if custody.held(entries):
                raise NotAllowed(custody.HELD)
        return ids

    def _facts(self, one: Due) -> dict[str, object]:
        law = one.term.law
        return {
            "class": one.name,
            "title": CLASSES[one.name],
            "basis": f"{law.instrument}{law.article}",
            "rule": self._desk.rules[RETENTION],
            "term_days": one.term.days,
            "counted_from": plain_time(one.since),
        }

    def _told(self, one: Due, target: str, more: str = "") -> None:
        """One entry in the trail, however often the work is repeated."""
        if not deleted_note(self._desk, target):
            audit.record(self._desk, self._actor, "delete", target, explained(one) + more)

    def _without_pictures(self, one: Due, ids: list[str]) -> None:
        """The finding stands; its second look is told to be gone, item by item."""
        for name in ids:
            shelf.change_existing(self._desk.store, Evidence, name, _emptied)
        gone = {"second_look": "missing", "second_look_cause": f"截图{GONE}"}
        shelf.change_existing(
            self._desk.store, Finding, one.id, lambda finding: finding.model_copy(update=gone)
        )

    def _drop_case(self, one: Due) -> bool:
        """The case last, after what was sent out about it. False when one of its findings should have gone first."""
        case = shelf.find(self._desk.store, Case, one.id)
        if case is None or self._stuck & set(case.finding_ids):
            return False
        self._told(one, f"case:{one.id}")
        for sent in list(shelf.walk(self._desk.store, Dispatch, Query(where={"case_id": (one.id,)}))):
            self._desk.store.delete("dispatch", sent.id)
        self._desk.store.delete("hold", f"case:{one.id}")
        self._desk.store.delete("case", one.id)
        return True

    def _drop_day(self, one: Due) -> bool:
        """The newest entry first: what a crash leaves is a whole chain still. False when it must stay."""
        officer, _, day = one.id.rpartition(":")
        if (officer, day) == (self._actor.officer, datetime.now(UTC).date().isoformat()):
            return False  # a clock that jumped: into this chain the deletions themselves are written
        entries = audit.chain(self._desk, officer, day)
        if entries:
            self._told(one, f"audit:{one.id}", f"；{len(entries)} 条，末条摘要 {entries[-1].digest}")
        for entry in reversed(entries):
            self._desk.store.delete("audit", entry.id)
        return True


def _emptied(evidence: Evidence) -> Evidence:
    gone = tuple(Missing(role=item.role, cause=GONE) for item in evidence.items)
    return evidence.model_copy(update={"items": (), "missing": (*evidence.missing, *gone)})


def _forget(desk: Desk, one: Due, ids: list[str]) -> None:
    """Every record of a finding whose evidence is gone, the finding itself last; met again just now, it stands."""
    finding = shelf.find(desk.store, Finding, one.id)
    if finding is None or finding.last_seen > one.since:
        return
    _unlink(desk, finding)
    for name in ids:
        desk.store.delete("evidence", name)
    desk.store.delete("sighting", finding.id)
    desk.store.delete("hold", f"finding:{finding.id}")
    desk.store.delete("finding", finding.id)


def _unlink(desk: Desk, finding: Finding) -> None:
    """Contacts know the finding no more; one that is known by nothing else goes, too."""

    def edit(present: Contact) -> Contact:
        left = tuple(other for other in present.finding_ids if other != finding.id)
        return present.model_copy(update={"finding_ids": left})

    for name in finding.contact_ids:
        if shelf.find(desk.store, Contact, name) is None:
            continue
        if not shelf.change_existing(desk.store, Contact, name, edit).finding_ids:
            desk.store.delete("contact", name)
    page = desk.store.search("operator", Query(where={"finding_id": (finding.id,)}, limit=PAGE_LIMIT))
    for one in page.records:
        shelf.change_existing(desk.store, Operator, one.id, lambda present: _without(present, finding.id))


def _without(operator: Operator, finding_id: str) -> Operator:
    left = tuple(other for other in operator.finding_ids if other != finding_id)
    return operator.model_copy(update={"finding_ids": left})
