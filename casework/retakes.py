"""What a look could not get may be tried again, alone: a requisite, a picture, the page's screenshot.

What comes is a new evidence that refers to the first; nothing sealed is ever changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from casework import audit, review, runs, shelf
from casework.desk import Desk
from casework.versions import with_evidence
from core.errors import BadInput, NotAllowed
from core.mask import may_decide
from core.model import Actor, Capture, Evidence, Finding, Run
from evidence.seal import seal

# Forty parts are a heavy page (crawler.visit); a page that lacks hundreds was no page of a sound site.
MOST_PARTS = 100


@dataclass(frozen=True)
class Lacking:
    """What a finding's present version still lacks. `look`: its screenshot; `parts`: evidence -> addresses."""

    finding_id: str
    url: str
    look: bool
    parts: dict[str, tuple[str, ...]]

    def __bool__(self) -> bool:
        return self.look or bool(self.parts)


def lacking(desk: Desk, finding_id: str) -> Lacking:
    """What could be tried again. Raises NotFound."""
    finding = shelf.load(desk.store, Finding, finding_id)[0]
    left: dict[str, tuple[str, ...]] = {}
    for name in finding.latest.evidence_ids:
        evidence = shelf.find(desk.store, Evidence, name)
        if evidence is not None and evidence.look != "gone":
            gaps = tuple(dict.fromkeys(gap.url for gap in evidence.missing if gap.url))[:MOST_PARTS]
            # An evidence of parts fetched again says what is lacking still; a new look of the page takes all parts.
            left[evidence.refers_to or name] = gaps
            if evidence.look == "second" and evidence.refers_to:
                left |= {evidence.refers_to: (), name: gaps}
    parts = {name: gaps for name, gaps in left.items() if gaps}
    return Lacking(finding_id, finding.url, finding.second_look == "missing", parts)


def ask(desk: Desk, actor: Actor, finding_id: str) -> Run:
    """Plan a run that tries again what a finding lacks; the patrol takes it up.

    Raises NotFound, NotAllowed, BadInput when nothing is lacking.
    """
    if not may_decide(actor):
        raise NotAllowed("您的账号不能要求补取证据")
    finding = review.open_finding(desk, actor, finding_id)
    if not lacking(desk, finding_id):
        raise BadInput("这条线索的证据没有缺件，不需要补取")
    run = runs.plan(desk, "retake", finding.source_id, datetime.now(UTC), finding_id)
    audit.record(desk, actor, "retake", f"finding:{finding_id}", actor.reason)
    return run


def keep(desk: Desk, finding_id: str, refers_to: str, capture: Capture) -> Evidence:
    """Seal what was fetched again for `refers_to`. Raises NotFound, Unavailable."""
    finding = shelf.load(desk.store, Finding, finding_id)[0]
    evidence = seal(desk.vault, finding.latest.post, capture, "again", refers_to)
    shelf.save(desk.store, evidence)
    shelf.change_existing(desk.store, Finding, finding_id, lambda one: _beside(one, refers_to, evidence.id))
    return evidence


def _beside(finding: Finding, first: str, new: str) -> Finding:
    """With the new evidence in the version that the first one proves, which may be an old one by now."""
    versions = list(finding.versions)
    for place, version in enumerate(versions):
        if first in version.evidence_ids and new not in version.evidence_ids:
            versions[place] = version.model_copy(update={"evidence_ids": (*version.evidence_ids, new)})
    kept = finding.model_copy(update={"versions": tuple(versions)})
    return kept if any(new in version.evidence_ids for version in versions) else with_evidence(kept, new)
