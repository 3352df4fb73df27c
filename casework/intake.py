"""The one path a post travels: judge, keep, save, link, mark - always in this order (design, section 5).

Evidence before finding, finding before mark: a crash leaves an unused file in the vault or a post that is met
again, never a finding without proof. Every step may be repeated: saving twice is saving once.

While the store is away, what was met waits in the spool, its evidence sealed, and lands later by the same path.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from casework import operators, pictures, shelf
from casework.desk import Desk
from casework.presence import back
from casework.versions import News, grow, seen, with_evidence
from casework.waiting import Look, Meeting, Observation
from core.errors import StoreAway
from core.model import Artifact, Capture, Evidence, Finding, Post, Sighting, Verdict
from core.text import content_digest
from evidence.seal import seal
from store.base import Query

Outcome = Literal["unchanged", "clear", "flagged", "unsure", "changed", "waiting"]


@dataclass(frozen=True)
class Taken:
    """What became of a post; `needs_look`: the page as drawn is still to be recorded (`attach` or `miss`).

    `waiting`: the store is away, the post is in the spool; its second look is asked for after it has landed.
    """

    outcome: Outcome
    finding_id: str | None = None
    needs_look: bool = False


@dataclass(frozen=True)
class Before:
    """What the store knew of a post."""

    sighting: Sighting | None
    finding: Finding | None


def take_in(desk: Desk, post: Post, capture: Capture) -> Taken:
    """Take one post in, with the look that read it; when this returns it is in the store or in the spool.

    Raises Unavailable when vault or spool cannot be used; the call may then be repeated.
    """
    digest = _digest(post)
    before = _before(desk, post.id)
    if before and before.sighting and _known(desk, before.sighting, post, digest):
        return _unchanged(desk, post, before.sighting, before.finding)
    met = _observed(desk, post, digest, capture, before)
    try:
        return _settle(desk, met, before) if before else land(desk, met)
    except StoreAway:
        desk.spool.put(met)
        return Taken("waiting")


def land(desk: Desk, met: Observation) -> Taken:
    """Save an observation, by what the store knows now; twice is once. Raises StoreAway, Unavailable."""
    before = Before(
        shelf.find(desk.store, Sighting, met.post.id), shelf.find(desk.store, Finding, met.post.id)
    )
    return _settle(desk, met, before)


def attach(desk: Desk, finding_id: str, capture: Capture) -> None:
    """Add the second look, in the store or in the spool. Raises NotFound, Unavailable (vault or spool)."""
    try:
        land_look(desk, finding_id, capture)
    except StoreAway:
        desk.spool.put(Look(finding_id=finding_id, capture=capture))


def land_look(desk: Desk, finding_id: str, capture: Capture) -> None:
    """Add the second look; without a picture the finding says why. Done looks stay. Raises NotFound, StoreAway."""
    finding = shelf.load(desk.store, Finding, finding_id)[0]
    if finding.second_look == "done":
        return
    digest = finding.latest.content_digest
    sealed = with_rules(desk, finding.latest.verdict, capture)
    evidence = seal(desk.vault, finding.latest.post, sealed, "second", _earlier(desk, finding))
    shelf.save(desk.store, evidence)
    pictured = any(item.role == "screenshot" for item in capture.artifacts)
    cause = None if pictured else _why(capture)

    def edit(present: Finding) -> Finding:
        if present.second_look == "done" or present.latest.content_digest != digest:
            return present  # somebody else's look, or an edit came between: that version gets its own look
        state = {"second_look": "done" if pictured else "missing", "second_look_cause": cause}
        return with_evidence(present, evidence.id).model_copy(update=state)

    shelf.change_existing(desk.store, Finding, finding_id, edit)


def _earlier(desk: Desk, finding: Finding) -> str | None:
    """The look of this version that brought no picture, if there was one: this one is taken in its place."""
    if finding.second_look != "missing":
        return None
    known = (shelf.find(desk.store, Evidence, name) for name in reversed(finding.latest.evidence_ids))
    return next((one.id for one in known if one is not None and one.look == "second"), None)


def miss(desk: Desk, finding_id: str, cause: str) -> None:
    """The second look could not be had; `cause` is shown to officers. Raises NotFound.

    While the store is away nothing is noted: the look stays pending and is tried again by the next run.
    """

    def edit(present: Finding) -> Finding:
        if present.second_look == "done":
            return present
        return present.model_copy(update={"second_look": "missing", "second_look_cause": cause})

    try:
        shelf.change_existing(desk.store, Finding, finding_id, edit)
    except StoreAway:
        return


def pending_looks(desk: Desk, source_id: str) -> list[tuple[str, str]]:
    """(finding id, address) of a source's findings that still wait for their second look. Raises StoreAway."""
    query = Query(where={"source_id": (source_id,), "second_look": ("pending",)})
    return [(finding.id, finding.url) for finding in shelf.walk(desk.store, Finding, query)]


def meet_again(desk: Desk, post_ids: Iterable[str], at: datetime) -> None:
    """Posts were met once more, unchanged; noted in the store or in the spool. Raises Unavailable (spool)."""
    met = Meeting(post_ids=tuple(post_ids), at=at)
    try:
        land_meeting(desk, met)
    except StoreAway:
        desk.spool.put(met)


def land_meeting(desk: Desk, met: Meeting) -> None:
    """Note when posts were last seen; what is gone meanwhile is passed over. Raises StoreAway."""

    def later(finding: Finding) -> Finding:
        return seen(finding, finding.latest.post.model_copy(update={"seen_at": met.at}))

    for post_id in met.post_ids:
        if shelf.find(desk.store, Finding, post_id):
            shelf.change_existing(desk.store, Finding, post_id, later)
        sighting = shelf.find(desk.store, Sighting, post_id)
        if sighting and sighting.last_seen < met.at:
            shelf.save(desk.store, sighting.model_copy(update={"last_seen": met.at}))


def _digest(post: Post) -> str:
    found = (picture.sha256 for picture in post.pictures)
    return content_digest(post.title, post.body, [digest for digest in found if digest])


def _before(desk: Desk, post_id: str) -> Before | None:
    """What the store knows of the post; None when it cannot be asked."""
    try:
        return Before(shelf.find(desk.store, Sighting, post_id), shelf.find(desk.store, Finding, post_id))
    except StoreAway:
        return None


def _known(desk: Desk, sighting: Sighting, post: Post, digest: str) -> bool:
    versions = (sighting.content_digest, sighting.rule_version, sighting.model_version)
    return versions == (digest, desk.judge.rule_version, pictures.model_version(desk, post))


def _unchanged(desk: Desk, post: Post, sighting: Sighting, present: Finding | None) -> Taken:
    if post.seen_at > sighting.last_seen:
        meet_again(desk, (post.id,), post.seen_at)
    if present is None:
        return Taken("unchanged")
    return Taken("unchanged", present.id, present.second_look == "pending")


def _observed(desk: Desk, post: Post, digest: str, capture: Capture, before: Before | None) -> Observation:
    """The post as judged by today's rules, its look sealed where it needs proof."""
    post, settled = pictures.with_texts(desk, post, capture, before.finding if before else None)
    verdict = desk.judge.judge(post)
    met = Observation(
        post=post, digest=digest, verdict=verdict, seen_to=post.seen_at,
        model_version=pictures.model_version(desk, post, settled), capture=with_rules(desk, verdict, capture),
    )  # fmt: skip
    # In a long outage the same text is met by each run: sealed at the first time, like any other.
    if before is None and (same := desk.spool.same(met)) is not None:
        return met.model_copy(update={"evidence": same.evidence, "capture": same.capture})
    return _proved(desk, met) if _needs_proof(met, before) else met


def _needs_proof(met: Observation, before: Before | None) -> bool:
    """Whether the look is to be sealed: not for a clear post, nor for a text that is proved already.

    Without the store nobody knows whether a clear text is an edit of a finding: then its capture waits with it.
    """
    if met.evidence is not None:
        return False
    if before is None or before.finding is None:
        return met.verdict.decision != "clear"
    return before.finding.latest.content_digest != met.digest or before.finding.gone is not None


def _proved(desk: Desk, met: Observation) -> Observation:
    if met.capture is None:
        raise RuntimeError(f"an observation of {met.post.id} has neither evidence nor a look to be sealed")
    evidence = seal(desk.vault, met.post, met.capture, "first")
    return met.model_copy(update={"evidence": evidence, "capture": None})


def _settle(desk: Desk, met: Observation, before: Before) -> Taken:
    """Evidence, finding, links, mark. Raises StoreAway; nothing is lost or doubled when it is called again then."""
    verdict, present = met.verdict, before.finding
    # A clear text is a version of a finding, but not one that was there before the finding and only lands after it.
    if verdict.decision == "clear" and (present is None or met.seen_to < present.versions[0].seen_from):
        _mark(desk, met)
        return Taken("clear")
    met = _proved(desk, met) if _needs_proof(met, before) else met
    if met.evidence:
        shelf.save(desk.store, met.evidence)
    news = News(met.post, met.digest, verdict, met.evidence, operators.fingerprints(desk, met.post, verdict))
    finding = shelf.change(
        desk.store, Finding, met.post.id, lambda found: back(_until(grow(found, news), met), met.evidence)
    )
    # This text's contacts, though it may be no longer the finding's last: it may have waited while an edit was saved.
    operators.link(desk, met.post, verdict)
    _mark(desk, met)
    return Taken(_outcome(verdict, met.digest, present), finding.id, finding.second_look == "pending")


def _until(finding: Finding, met: Observation) -> Finding:
    """With the last time that this text was met while it waited."""
    if finding.latest.content_digest != met.digest:
        return finding
    return seen(finding, met.post.model_copy(update={"seen_at": met.seen_to}))


def with_rules(desk: Desk, verdict: Verdict, capture: Capture) -> Capture:
    """The capture with a file naming the rules judged by: the verdict can be explained years later."""
    basis = {
        "rule_version": verdict.rule_version,
        "model_version": verdict.model_version,
        "picture_reader": desk.pictures.version,
        "rules": {f"{code}.yml": desk.rules.get(f"{code}.yml") for code in verdict.codes},
    }
    content = json.dumps(basis, ensure_ascii=False, sort_keys=True).encode()
    artifact = Artifact(role="provenance", media_type="application/json", content=content, how="judged-by")
    versions = {"rule_version": verdict.rule_version, "model_version": verdict.model_version}
    return capture.model_copy(
        update={
            "artifacts": (*capture.artifacts, artifact),
            "provenance": capture.provenance | versions,
        }
    )


def _mark(desk: Desk, met: Observation) -> None:
    """The Sighting, unless somebody met the post later than this and has marked it."""
    post = met.post

    def edit(known: Sighting | None) -> Sighting:
        first = min(known.first_seen, post.seen_at) if known else post.seen_at
        if known and known.last_seen > post.seen_at:
            return known.model_copy(update={"first_seen": first})
        return Sighting(
            id=post.id, source_id=post.source_id, url=post.url, first_seen=first, last_seen=met.seen_to,
            content_digest=met.digest, decision=met.verdict.decision,
            rule_version=met.verdict.rule_version, model_version=met.model_version,
        )  # fmt: skip

    shelf.change(desk.store, Sighting, post.id, edit)


def _outcome(verdict: Verdict, digest: str, present: Finding | None) -> Outcome:
    if present and present.latest.content_digest != digest:
        return "changed"
    return verdict.decision


def _why(capture: Capture) -> str:
    causes = [item.cause for item in capture.missing if item.role == "screenshot"]
    return causes[0] if causes else "浏览器没有交出截图"
