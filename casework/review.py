"""What an officer does with findings: search, open, decide. Everything shown goes through the mask."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal, get_args

from casework import audit, shelf
from casework.desk import Desk
from core.errors import BadInput, Conflict, NotAllowed
from core.mask import in_scope, may_decide, may_unmask, requoted, view
from core.model import Actor, Code, Finding, Reason, Review, Verdict, Version
from core.text import judged_text
from store.base import Page, Query, save_one

REASON_LENGTH = 500  # characters; a reason is a sentence or two, and every one is kept for ever


def search(desk: Desk, actor: Actor, query: Query) -> Page:
    """Findings as this Actor may see them. Raises NotAllowed for a region not his, BadInput."""
    if query.region and not in_scope(actor, query.region):
        raise NotAllowed("该地区不在您的辖区")
    desk.store.flush()
    page = desk.store.search("finding", replace(query, scope=actor.region))
    # A list is no stated look at one finding: contacts stay masked here whatever the reason.
    listed = actor.model_copy(update={"reason": ""})
    shown = tuple(masked(record, listed) for record in page.records if isinstance(record, Finding))
    return replace(page, records=shown)


def open_finding(desk: Desk, actor: Actor, finding_id: str) -> Finding:
    """The finding as this Actor may see it; one audit entry, written before anything is shown.

    Raises NotFound, NotAllowed.
    """
    finding = _in_scope(desk, actor, finding_id)[0]
    action = "view_contacts" if may_unmask(actor) else "view"
    audit.record(desk, actor, action, f"finding:{finding_id}")
    return masked(finding, actor)


def decide(
    desk: Desk,
    actor: Actor,
    finding_id: str,
    outcome: Literal["confirmed", "rejected"],
    reason: str,
    seen_digest: str | None = None,
    codes: Collection[str] = (),
) -> Finding:
    """Confirm or reject the present version. `seen_digest` is the version the officer had before him, `codes` the
    violations that he says it shows; none where he does not say.

    Raises NotFound, NotAllowed, BadInput without a reason or for codes that cannot be, Conflict when the finding changed
    meanwhile.
    """
    if not may_decide(actor):
        raise NotAllowed("您的账号不能确认或驳回线索")
    words, named = checked_reason(reason), checked_codes(outcome, codes)
    finding, version = _in_scope(desk, actor, finding_id)
    digest = finding.latest.content_digest
    if seen_digest is not None and seen_digest != digest:
        raise Conflict("帖子内容已有新版本，请查看后再决定")
    made = Review(
        officer=actor.officer, at=datetime.now(UTC), outcome=outcome, reason=words, content_digest=digest, codes=named
    )  # fmt: skip
    decided = finding.model_copy(update={"status": outcome, "decisions": (*finding.decisions, made)})
    save_one(desk.store, decided, version)
    target = audit.decision_target(finding_id, len(decided.decisions))
    audit.record(desk, actor, outcome, target, audit.decision_reason(made))
    return masked(decided, actor)


def checked_reason(reason: str) -> str:
    """The stated reason, trimmed. Raises BadInput when it is empty or too long."""
    words = reason.strip()
    if not words:
        raise BadInput("请填写理由")
    if len(words) > REASON_LENGTH:
        raise BadInput(f"理由请不超过 {REASON_LENGTH} 字")
    return words


def checked_codes(outcome: str, codes: Collection[str]) -> tuple[Code, ...]:
    """The codes, each once and in the order in which `Code` lists them.

    Raises BadInput for one that is none, and for codes of what is no violation.
    """
    known: tuple[Code, ...] = get_args(Code)
    if strange := [code for code in codes if code not in known]:
        raise BadInput(f"没有“{strange[0]}”这种违规类型，请从所列类型中选择")
    if codes and outcome != "confirmed":
        raise BadInput("驳回时不选违规类型，请去掉后再驳回")
    return tuple(code for code in known if code in codes)


def masked(finding: Finding, actor: Actor) -> Finding:
    """`core.mask.view`, and quotations of masked places masked as well."""
    shown = view(finding, actor)
    if may_unmask(actor):
        return shown
    return shown.model_copy(update={"versions": tuple(map(_requote, shown.versions))})


def _requote(version: Version) -> Version:
    text = judged_text(version.post)
    verdict = version.verdict
    suspicions = tuple(
        item.model_copy(update={"reasons": _quoted(item.reasons, text)}) for item in verdict.suspicions
    )
    changes: dict[str, object] = {
        "suspicions": suspicions,
        "counter": _quoted(verdict.counter, text),
        "elements": requoted(verdict.elements, text),
    }
    hidden: Verdict = verdict.model_copy(update=changes)
    return version.model_copy(update={"verdict": hidden})


def _quoted(reasons: tuple[Reason, ...], text: str) -> tuple[Reason, ...]:
    def quote(reason: Reason) -> Reason:
        span = reason.span.model_copy(update={"text": text[reason.span.start : reason.span.end]})
        return reason.model_copy(update={"span": span})

    return tuple(map(quote, reasons))


def _in_scope(desk: Desk, actor: Actor, finding_id: str) -> tuple[Finding, int]:
    finding, version = shelf.load(desk.store, Finding, finding_id)
    region = finding.latest.verdict.region
    if not in_scope(actor, region.code if region else None):
        raise NotAllowed("该线索不在您的辖区")
    return finding, version
