"""The one path a post travels: judge, keep, save, link, mark - always in this order (design, section 5).

Evidence before finding, finding before mark: a crash leaves an unused file in the vault or a post that is met
again, never a finding without proof. Every step may be repeated: saving twice is saving once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from casework import operators, pictures, shelf
from casework.desk import Desk
from casework.versions import News, grow, seen, with_evidence
from core.model import Artifact, Capture, Evidence, Finding, Post, Sighting, Verdict
from core.text import content_digest
from evidence.seal import seal
from store.base import Query

Outcome = Literal["unchanged", "clear", "flagged", "unsure", "changed"]


@dataclass(frozen=True)
class Taken:
    """What became of a post; `needs_look`: the page as drawn is still to be recorded (`attach` or `miss`)."""

    outcome: Outcome
    finding_id: str | None = None
    needs_look: bool = False


def take_in(desk: Desk, post: Post, capture: Capture) -> Taken:
    """Take one post in, with the look that read it. Raises Unavailable; the call may then be repeated."""
    digest = _digest(post)
    sighting = shelf.find(desk.store, Sighting, post.id)
    present = shelf.find(desk.store, Finding, post.id)
    if sighting and _known(desk, sighting, post, digest):
        return _unchanged(desk, post, sighting, present)
    post, settled = pictures.with_texts(desk, post, capture, present)
    verdict = desk.judge.judge(post)
    model = pictures.model_version(desk, post, settled)
    if verdict.decision == "clear" and present is None:
        _mark(desk, post, digest, verdict, model, sighting)
        return Taken("clear")
    finding = _keep(desk, post, digest, verdict, capture, present)
    operators.link(desk, finding)
    _mark(desk, post, digest, verdict, model, sighting)
    return Taken(_outcome(verdict, digest, present), finding.id, finding.second_look == "pending")


def attach(desk: Desk, finding_id: str, capture: Capture) -> None:
    """Add the second look; without a picture the finding says why. Done looks stay. Raises NotFound."""
    finding = shelf.load(desk.store, Finding, finding_id)[0]
    if finding.second_look == "done":
        return
    digest = finding.latest.content_digest
    evidence = _seal(desk, finding.latest.post, finding.latest.verdict, capture, "second")
    pictured = any(item.role == "screenshot" for item in capture.artifacts)
    cause = None if pictured else _why(capture)

    def edit(present: Finding) -> Finding:
        if present.second_look == "done" or present.latest.content_digest != digest:
            return present  # somebody else's look, or an edit came between: that version gets its own look
        state = {"second_look": "done" if pictured else "missing", "second_look_cause": cause}
        return with_evidence(present, evidence.id).model_copy(update=state)

    shelf.change_existing(desk.store, Finding, finding_id, edit)


def miss(desk: Desk, finding_id: str, cause: str) -> None:
    """The second look could not be had; `cause` is shown to officers. Raises NotFound."""

    def edit(present: Finding) -> Finding:
        if present.second_look == "done":
            return present
        return present.model_copy(update={"second_look": "missing", "second_look_cause": cause})

    shelf.change_existing(desk.store, Finding, finding_id, edit)


def pending_looks(desk: Desk, source_id: str) -> list[tuple[str, str]]:
    """(finding id, address) of a source's findings that still wait for their second look."""
    query = Query(where={"source_id": (source_id,), "second_look": ("pending",)})
    return [(finding.id, finding.url) for finding in shelf.walk(desk.store, Finding, query)]


def _digest(post: Post) -> str:
    found = (picture.sha256 for picture in post.pictures)
    return content_digest(post.title, post.body, [digest for digest in found if digest])


def _known(desk: Desk, sighting: Sighting, post: Post, digest: str) -> bool:
    versions = (sighting.content_digest, sighting.rule_version, sighting.model_version)
    return versions == (digest, desk.judge.rule_version, pictures.model_version(desk, post))


def _unchanged(desk: Desk, post: Post, sighting: Sighting, present: Finding | None) -> Taken:
    if post.seen_at > sighting.last_seen:
        if present:
            shelf.change_existing(desk.store, Finding, present.id, lambda finding: seen(finding, post))
        shelf.save(desk.store, sighting.model_copy(update={"last_seen": post.seen_at}))
    if present is None:
        return Taken("unchanged")
    return Taken("unchanged", present.id, present.second_look == "pending")


def _keep(
    desk: Desk, post: Post, digest: str, verdict: Verdict, capture: Capture, present: Finding | None
) -> Finding:
    """Seal the look unless this very text is proved already; then save the finding."""
    proved = present is not None and present.latest.content_digest == digest
    evidence = None if proved else _seal(desk, post, verdict, capture, "first")
    news = News(post, digest, verdict, evidence, operators.fingerprints(desk, post, verdict))
    return shelf.change(desk.store, Finding, post.id, lambda finding: grow(finding, news))


def _seal(
    desk: Desk, post: Post, verdict: Verdict, capture: Capture, look: Literal["first", "second"]
) -> Evidence:
    evidence = seal(desk.vault, post, with_rules(desk, verdict, capture), look)
    shelf.save(desk.store, evidence)
    return evidence


def with_rules(desk: Desk, verdict: Verdict, capture: Capture) -> Capture:
    """The capture with a file naming the rules judged by: the verdict can be explained years later."""
    basis = {
        "rule_version": verdict.rule_version,
        "model_version": verdict.model_version,
        "picture_reader": desk.pictures.version,
        "rules": {f"{code}.yml": desk.rules.get(f"{code}.yml") for code in verdict.codes},
    }
    content = json.dumps(basis, ensure_ascii=False, sort_keys=True).encode()
    how = "written by Wangxun: versions of the rules and of the model that judged this post"
    artifact = Artifact(role="provenance", media_type="application/json", content=content, how=how)
    return capture.model_copy(update={"artifacts": (*capture.artifacts, artifact)})


def _mark(desk: Desk, post: Post, digest: str, verdict: Verdict, model: str, before: Sighting | None) -> None:
    sighting = Sighting(
        id=post.id,
        source_id=post.source_id,
        url=post.url,
        first_seen=before.first_seen if before else post.seen_at,
        last_seen=post.seen_at,
        content_digest=digest,
        decision=verdict.decision,
        rule_version=desk.judge.rule_version,
        model_version=model,
    )
    shelf.save(desk.store, sighting)


def _outcome(verdict: Verdict, digest: str, present: Finding | None) -> Outcome:
    if present and present.latest.content_digest != digest:
        return "changed"
    return verdict.decision


def _why(capture: Capture) -> str:
    causes = [item.cause for item in capture.missing if item.role == "screenshot"]
    return causes[0] if causes else "浏览器没有交出截图"
