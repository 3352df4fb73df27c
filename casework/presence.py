"""Posts that are gone: the site's answer is kept, and so is the day on which the post was back."""

from __future__ import annotations

from casework import shelf
from casework.desk import Desk
from core.errors import NotFound
from core.identity import post_id
from core.model import Absence, Capture, Evidence, Finding, Sighting
from evidence.seal import seal
from store.base import Query


def gone(desk: Desk, finding_id: str, status: int, capture: Capture) -> None:
    """The post's page answered that it is not there (`status`: 404 or 410).

    The first such answer is sealed, later ones only say that it still is so. Raises NotFound, Unavailable.
    """
    finding = shelf.load(desk.store, Finding, finding_id)[0]
    evidence = None if finding.gone else _sealed(desk, finding, capture)

    def edit(present: Finding) -> Finding:
        return _absent(present, status, capture, evidence)

    shelf.change_existing(desk.store, Finding, finding_id, edit)
    _read_in_full_again(desk, finding_id)


def finding_at(desk: Desk, source_id: str, url: str, known: dict[str, str] | None = None) -> str | None:
    """The id of the finding whose post stood at that address; None when there is none.

    `known` is filled at the first need; a run hands in the same one each time, for a site may have hundreds of dead links.
    """
    by_address = post_id(source_id, None, url)
    if shelf.find(desk.store, Finding, by_address):
        return by_address
    # Ids are often made from numbers on the page, and that page is gone: its finding is known by the address alone.
    known = {} if known is None else known
    if not known:
        own = shelf.walk(desk.store, Finding, Query(where={"source_id": (source_id,)}))
        known |= {"": "", **{finding.url: finding.id for finding in own}}
    return known.get(url) or None


def back(finding: Finding, evidence: Evidence | None) -> Finding:
    """The finding whose post was met at its last sight: an absence ends there, and a new picture is asked for."""
    if finding.gone is None or finding.gone.seen_to >= finding.last_seen:
        return finding
    ended = finding.gone.model_copy(update={"back_at": finding.last_seen})
    changes: dict[str, object] = {"absences": (*finding.absences[:-1], ended)}
    if evidence is not None:
        changes |= {"second_look": "pending", "second_look_cause": None}
    return finding.model_copy(update=changes)


def _absent(finding: Finding, status: int, capture: Capture, evidence: Evidence | None) -> Finding:
    at, known = capture.started_at, finding.gone
    if known is not None:
        lasting = known.model_copy(update={"seen_to": max(known.seen_to, at)})
        absences = (*finding.absences[:-1], lasting)
    else:
        ids = (evidence.id,) if evidence else ()
        absences = (*finding.absences, Absence(status=status, seen_from=at, seen_to=at, evidence_ids=ids))
    changes: dict[str, object] = {"absences": absences}
    if finding.second_look == "pending":  # nobody can take that picture any more
        changes |= {"second_look": "missing", "second_look_cause": f"帖子页面已不在（HTTP {status}）"}
    return finding.model_copy(update=changes)


def _sealed(desk: Desk, finding: Finding, capture: Capture) -> Evidence:
    evidence = seal(desk.vault, finding.latest.post, capture, "gone")
    shelf.save(desk.store, evidence)
    return evidence


def _read_in_full_again(desk: Desk, finding_id: str) -> None:
    """Should the post come back unchanged, it is to be read and proved anew: no memory of it may be relied on."""
    try:
        shelf.change_existing(
            desk.store, Sighting, finding_id, lambda one: one.model_copy(update={"content_digest": ""})
        )
    except NotFound:
        return  # nothing is remembered
