"""Looking at cases. A case has no region of its own: an Actor sees it when it is his or when he may see one of
its findings, and sees only those findings of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casework import audit, shelf
from casework.desk import Desk
from casework.review import masked, note_probing, told
from core.errors import NotAllowed
from core.mask import in_scope
from core.model import Actor, AuditEntry, Case, Finding
from store.base import Page, Query

PAGE = 20  # cases on a page: one screen
HISTORY = 100  # latest entries shown of a case; the trail itself has all


@dataclass(frozen=True)
class Dossier:
    """A case as an Actor may see it: contacts masked; `hidden` findings lie outside his region or are gone."""

    case: Case
    findings: tuple[Finding, ...]
    hidden: int = 0

    @property
    def unsettled(self) -> tuple[Finding, ...]:
        """Findings that are confirmed no more: edited since, or rejected on a second thought."""
        return tuple(finding for finding in self.findings if finding.status != "confirmed")


def read(desk: Desk, actor: Actor, case_id: str) -> Dossier:
    """The case and its findings; audited before anything is shown. Raises NotFound, NotAllowed."""
    case = seen(desk, actor, case_id)
    audit.record(desk, actor, "view_case", f"case:{case_id}")
    listed = actor.model_copy(update={"reason": ""})  # no stated look at one finding: contacts stay masked
    findings = tuple(masked(desk, finding, listed) for finding in _findings(desk, actor, case))
    hidden = len(case.finding_ids) - len(findings)
    shown = case.model_copy(update={"finding_ids": tuple(finding.id for finding in findings)})
    return Dossier(_told(actor, shown), findings, hidden)


def listed(
    desk: Desk, actor: Actor, text: str = "", state: str = "", cursor: str | None = None
) -> tuple[list[Case], str | None]:
    """A page of the cases this Actor may see, newest first, and where the next begins. Raises BadInput.

    The store cannot know whose region a case is, so a page may be shorter than PAGE; never empty before the last.
    """
    note_probing(desk, actor, "cases", text)
    desk.store.flush()
    where: dict[str, tuple[str, ...]] = {"state": (state,)} if state else {}
    while True:
        page = desk.store.search("case", Query(text=text, where=where, limit=PAGE, cursor=cursor))
        found = _seen_of(desk, actor, page)
        cursor = page.cursor
        if found or cursor is None:
            return found, cursor


def of_finding(desk: Desk, actor: Actor, finding_id: str) -> list[Case]:
    """The cases in which a finding stands, those that this Actor may see."""
    desk.store.flush()
    page = desk.store.search("case", Query(where={"finding_id": (finding_id,)}, limit=PAGE))
    return _seen_of(desk, actor, page)


def history(desk: Desk, actor: Actor, case_id: str) -> list[AuditEntry]:
    """Who did what to the case, newest first, viewings left out. Raises NotFound, NotAllowed."""
    seen(desk, actor, case_id)
    desk.store.flush()
    page = desk.store.search("audit", Query(where={"target": (f"case:{case_id}",)}, limit=HISTORY))
    entries = [entry for entry in page.records if isinstance(entry, AuditEntry)]
    return [
        entry.model_copy(update={"reason": told(actor, entry.reason)})
        for entry in entries
        if entry.action != "view_case"
    ]


def seen(desk: Desk, actor: Actor, case_id: str) -> Case:
    """The case whole, when this Actor may see it. Raises NotFound, NotAllowed."""
    case = shelf.load(desk.store, Case, case_id)[0]
    if not _visible(desk, actor, case):
        raise NotAllowed("该案件不在您的辖区")
    return case


def in_his_region(actor: Actor, finding: Finding) -> bool:
    """Whether the finding lies in the Actor's region, or in none."""
    region = finding.latest.verdict.region
    return in_scope(actor, region.code if region else None)


def _seen_of(desk: Desk, actor: Actor, page: Page) -> list[Case]:
    cases = (case for case in page.records if isinstance(case, Case))
    return [_told(actor, case) for case in cases if _visible(desk, actor, case)]


def _told(actor: Actor, case: Case) -> Case:
    """The case with its officers' words as this Actor may read them."""
    notes = tuple(told(actor, note) for note in case.notes)
    return case.model_copy(update={"title": told(actor, case.title), "notes": notes})


def _visible(desk: Desk, actor: Actor, case: Case) -> bool:
    if not actor.region or case.owner == actor.officer:
        return True
    return any(True for _ in _findings(desk, actor, case))


def _findings(desk: Desk, actor: Actor, case: Case) -> Iterator[Finding]:
    """One that was deleted when its term of keeping ended is passed over."""
    found = (shelf.find(desk.store, Finding, name) for name in case.finding_ids)
    return (finding for finding in found if finding and in_his_region(actor, finding))
