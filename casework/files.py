"""Kept files for an officer's eyes. They show contacts in clear, so a role and a stated reason are needed."""

from __future__ import annotations

from casework import audit, shelf
from casework.desk import Desk
from casework.review import contact_places
from casework.sheets import evidence_ids
from core.errors import NotAllowed, NotFound
from core.mask import in_scope, known_contacts, may_unmask, view_evidence
from core.model import Actor, Evidence, Finding, Item


def evidence_of(desk: Desk, finding: Finding) -> dict[str, Evidence]:
    """All evidence of a finding by id."""
    return {name: shelf.load(desk.store, Evidence, name)[0] for name in evidence_ids(finding)}


def listed(desk: Desk, actor: Actor, finding: Finding) -> list[Evidence]:
    """The same for an officer's eyes: digests, sizes, and addresses that may name somebody."""
    known = known_contacts(shelf.load(desk.store, Finding, finding.id)[0], contact_places)
    return [view_evidence(one, actor, known) for one in evidence_of(desk, finding).values()]


def read_file(
    desk: Desk, actor: Actor, finding_id: str, digest: str, save: bool = False
) -> tuple[Item, bytes]:
    """One kept file and its manifest line. The vault notes the look or the copy in custody before it hands the
    bytes out; saving is audited as well, looking belongs to the viewing of the finding, which is.

    Raises NotFound, NotAllowed, EvidenceBroken, Unavailable.
    """
    finding = shelf.load(desk.store, Finding, finding_id)[0]
    region = finding.latest.verdict.region
    if not in_scope(actor, region.code if region else None):
        raise NotAllowed("该线索不在您的辖区")
    if not may_unmask(actor):
        raise NotAllowed("原始文件含联系方式，请先在线索页填写查看理由")
    evidence_id, item = _find(desk, finding, digest)
    if save:
        audit.record(desk, actor, "save_file", f"finding:{finding_id}:file:{digest}")
    sealed = desk.vault.open(evidence_id, "copied" if save else "viewed", actor, digest)
    return item, sealed.read(item)


def _find(desk: Desk, finding: Finding, digest: str) -> tuple[str, Item]:
    for evidence_id, kept in evidence_of(desk, finding).items():
        for item in kept.items:
            if item.sha256 == digest:
                return evidence_id, item
    raise NotFound("该线索没有这个文件")
