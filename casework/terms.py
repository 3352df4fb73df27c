"""Whose term of keeping has ended: read from the store by the terms of config/retention.yml, nothing is changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property

from casework import holds, runs, shelf
from casework.desk import Desk
from casework.sheets import evidence_ids
from core.model import AuditEntry, Case, Evidence, Finding, Lead, Run, Sighting
from core.retention import Term
from store.base import Query

DRAWN = ("second", "again")  # looks that show the page: what proves a page's absence is no screenshot


@dataclass(frozen=True)
class Due:
    """One thing whose term has ended: its kind (finding, case, sighting, run, lead, audit) and id, the class and term,
    since when it counts, the evidence that goes with it, and whether a hold keeps it.
    """

    kind: str
    id: str
    name: str
    term: Term
    since: datetime
    evidence: tuple[str, ...] = ()
    held: bool = False


class Plan:
    """What is due at a moment."""

    def __init__(self, desk: Desk, now: datetime) -> None:
        self._desk, self._now = desk, now
        self._terms = desk.catalog.retention.terms()

    def all(self) -> Iterator[Due]:
        """Findings, then the cases that they lie in, then what has no evidence; the trail last."""
        yield from self._findings()
        yield from self._cases()
        yield from self._sightings()
        yield from self._runs()
        yield from self._leads()
        yield from self._audit()

    def _over(self, name: str, since: datetime) -> bool:
        return name in self._terms and since + timedelta(days=self._terms[name].days) <= self._now

    def _before(self, name: str) -> Query:
        """What happened to it last lies so far back; the query's time is never later than what a term counts from."""
        return Query(until=self._now - timedelta(days=self._terms[name].days), order="oldest")

    @cached_property
    def _held(self) -> set[str]:
        return holds.held_findings(self._desk)

    @cached_property
    def _closed(self) -> dict[str, datetime]:
        """Closed cases whose own term has ended -> when they were closed."""
        found = {}
        for case in shelf.walk(self._desk.store, Case, Query(where={"state": ("closed",)})):
            closed = self._closing(case)
            if self._over("cases", closed):
                found[case.id] = closed
        return found

    @cached_property
    def _lying_in(self) -> dict[str, list[str]]:
        """Finding -> the cases in which it stands."""
        found: dict[str, list[str]] = defaultdict(list)
        for case in shelf.walk(self._desk.store, Case, Query()):
            for name in case.finding_ids:
                found[name].append(case.id)
        return found

    def _closing(self, case: Case) -> datetime:
        """When it was closed last; without that entry (a crash left it out) nobody can say, so the case stays."""
        where: dict[str, tuple[str, ...]] = {"target": (f"case:{case.id}",), "action": ("close_case",)}
        page = self._desk.store.search("audit", Query(where=where, limit=1))
        return next((one.at for one in page.records if isinstance(one, AuditEntry)), self._now)

    def _findings(self) -> Iterator[Due]:
        days = [
            self._terms[name].days
            for name in ("flagged", "unsure", "rejected", "screenshots", "confirmed", "cases")
            if name in self._terms
        ]
        if not days:
            return
        # Screenshots count from the decision, which may lie before the post was last seen.
        until = self._now if "screenshots" in self._terms else self._now - timedelta(days=min(days))
        for finding in shelf.walk(self._desk.store, Finding, Query(until=until, order="oldest")):
            if due := self._finding(finding):
                yield due

    def _finding(self, finding: Finding) -> Due | None:
        decided = max((one.at for one in finding.decisions), default=finding.last_seen)
        since = max(finding.last_seen, decided)
        held = finding.id in self._held
        if cases := self._lying_in.get(finding.id):
            if not all(name in self._closed for name in cases):
                return None
            return self._due("cases", finding, max(since, *(self._closed[name] for name in cases)), held)
        return self._due(finding.status, finding, since, held) or self._screenshots(finding, decided, held)

    def _due(self, name: str, finding: Finding, since: datetime, held: bool) -> Due | None:
        if not self._over(name, since):
            return None
        return Due("finding", finding.id, name, self._terms[name], since, tuple(evidence_ids(finding)), held)

    def _screenshots(self, finding: Finding, decided: datetime, held: bool) -> Due | None:
        if finding.status != "rejected" or not self._over("screenshots", decided):
            return None
        looks = [shelf.find(self._desk.store, Evidence, name) for name in evidence_ids(finding)]
        drawn = tuple(look.id for look in looks if look and look.look in DRAWN and look.items)
        if not drawn:
            return None
        return Due("finding", finding.id, "screenshots", self._terms["screenshots"], decided, drawn, held)

    def _cases(self) -> Iterator[Due]:
        """A case goes when nothing of it stays behind that a hold keeps, or keeps it itself."""
        own = {
            target
            for kind, target in (holds.split(one.id) for one in holds.standing(self._desk))
            if kind == "case"
        }
        for case_id, closed in sorted(self._closed.items()):
            case = shelf.find(self._desk.store, Case, case_id)
            if case is not None:
                held = case_id in own or bool(self._held & set(case.finding_ids))
                yield Due("case", case_id, "cases", self._terms["cases"], closed, held=held)

    def _sightings(self) -> Iterator[Due]:
        if "clear" not in self._terms:
            return
        for one in shelf.walk(self._desk.store, Sighting, self._before("clear")):
            # A finding's own sighting goes with it: without it, a post that is still online would be taken in anew.
            if one.decision == "clear" and shelf.find(self._desk.store, Finding, one.id) is None:
                yield Due("sighting", one.id, "clear", self._terms["clear"], one.last_seen)

    def _runs(self) -> Iterator[Due]:
        if "runs" not in self._terms:
            return
        for one in shelf.walk(self._desk.store, Run, self._before("runs")):
            if one.state in runs.ENDED:
                yield Due("run", one.id, "runs", self._terms["runs"], one.ended_at or one.planned_at)

    def _leads(self) -> Iterator[Due]:
        if "leads" not in self._terms:
            return
        for one in shelf.walk(self._desk.store, Lead, self._before("leads")):
            yield Due("lead", one.id, "leads", self._terms["leads"], one.received_at)

    def _audit(self) -> Iterator[Due]:
        """Whole days of one officer, and only when nothing stands any more of which they speak."""
        if "audit" not in self._terms:
            return
        days: dict[tuple[str, str], bool] = {}
        for one in shelf.walk(self._desk.store, AuditEntry, self._before("audit")):
            own = (one.officer, one.day)
            days[own] = days.get(own, False) or self._stands(one.target)
        for (officer, day), needed in sorted(days.items()):
            end = datetime.combine(datetime.fromisoformat(day).date() + timedelta(days=1), time(), UTC)
            if not needed and self._over("audit", end):
                yield Due("audit", f"{officer}:{day}", "audit", self._terms["audit"], end)

    def _stands(self, target: str) -> bool:
        kind, _, rest = target.partition(":")
        # Parts of a finding's own target (`finding:<id>:decision:1`) speak of that finding; ids hold no colon.
        name = rest.partition(":")[0]
        if kind == "finding":
            return shelf.find(self._desk.store, Finding, name) is not None
        if kind == "heads":
            return True  # a daily list stays for ever, and the trail is the store's word for it
        return kind == "case" and shelf.find(self._desk.store, Case, name) is not None
