"""What an officer does with findings: search, open, decide. Everything shown goes through the mask."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal, get_args

from casework import audit, shelf
from casework.desk import Desk
from core.errors import BadInput, Conflict, NotAllowed
from core.identity import content_mark
from core.mask import CONTACT_KINDS, in_scope, mask_words, may_decide, may_unmask, requoted, view
from core.model import Actor, Code, Finding, Reason, Review, Verdict, Version
from core.text import fold, judged_text
from nlp.entities import find_entities
from nlp.numerals import DIGIT_OF
from store.base import Page, Query, save_one

REASON_LENGTH = 500  # characters; a reason is a sentence or two, and every one is kept for ever
# Two signs of a number or an account side by side, in figures or in words: by fewer nobody reads one out.
_PROBING = re.compile(f"[0-9a-z{''.join(DIGIT_OF)}]{{2}}")


def search(desk: Desk, actor: Actor, query: Query) -> Page:
    """Findings as this Actor may see them. Words are found behind the mask as well, so that an officer finds who can
    be reached under a number; what could read a number out is therefore an audit entry, written before the answer.

    Raises NotAllowed for a region not his, BadInput.
    """
    note_probing(desk, actor, "findings", query.text)
    return counted(desk, actor, query)


def note_probing(desk: Desk, actor: Actor, among: str, text: str) -> None:
    """An audit entry for words that could read a number out; a whole number is written down masked."""
    if _PROBING.search(re.sub(r"\W", "", fold(text))):
        audit.record(desk, actor, "search", among, f"检索：{mask_words(text, contact_places)}")


def counted(desk: Desk, actor: Actor, query: Query) -> Page:
    """The same for counts beside a search that was written down: it asks for the same words again."""
    if query.region and not in_scope(actor, query.region):
        raise NotAllowed("该地区不在您的辖区")
    desk.store.flush()
    page = desk.store.search("finding", replace(query, scope=actor.region))
    # A list is no stated look at one finding: contacts stay masked here whatever the reason.
    listed = actor.model_copy(update={"reason": ""})
    shown = tuple(masked(desk, record, listed) for record in page.records if isinstance(record, Finding))
    return replace(page, records=shown)


def open_finding(desk: Desk, actor: Actor, finding_id: str) -> Finding:
    """The finding as this Actor may see it; one audit entry, written before anything is shown.

    Raises NotFound, NotAllowed.
    """
    finding = _in_scope(desk, actor, finding_id)[0]
    action = "view_contacts" if may_unmask(actor) else "view"
    audit.record(desk, actor, action, f"finding:{finding_id}")
    return masked(desk, finding, actor)


def decide(
    desk: Desk,
    actor: Actor,
    finding_id: str,
    outcome: Literal["confirmed", "rejected"],
    reason: str,
    seen_digest: str | None = None,
    codes: Collection[str] = (),
) -> Finding:
    """Confirm or reject the present version; answers the finding, masked. `seen_digest` is the version the officer had before him, `codes` the
    violations that he says it shows; none where he does not say.

    Raises NotFound, NotAllowed, BadInput without a reason or for codes that cannot be, Conflict when the finding changed
    meanwhile.
    """
    if not may_decide(actor):
        raise NotAllowed("您的账号不能确认或驳回线索")
    words, named = checked_reason(reason), checked_codes(outcome, codes)
    finding, version = _in_scope(desk, actor, finding_id)
    digest = finding.latest.content_digest
    if seen_digest not in (None, digest, content_mark(desk.key, digest)):
        raise Conflict("帖子内容已有新版本，请查看后再决定")
    made = Review(
        officer=actor.officer, at=datetime.now(UTC), outcome=outcome, reason=words, content_digest=digest, codes=named
    )  # fmt: skip
    decided = finding.model_copy(update={"status": outcome, "decisions": (*finding.decisions, made)})
    save_one(desk.store, decided, version)
    target = audit.decision_target(finding_id, len(decided.decisions))
    audit.record(desk, actor, outcome, target, audit.decision_reason(made))
    # A decision is no look behind the mask, and is not written down as one.
    return masked(desk, decided, actor.model_copy(update={"reason": ""}))


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


def contact_places(text: str) -> Iterator[tuple[int, int]]:
    """Where contacts stand in a text that was not judged."""
    return ((item.span.start, item.span.end) for item in find_entities(text) if item.kind in CONTACT_KINDS)


def masked(desk: Desk, finding: Finding, actor: Actor) -> Finding:
    """`core.mask.view`; quotations of masked places are masked as well, digests of masked texts are keyed."""
    shown = view(finding, actor, contact_places)
    if may_unmask(actor):
        return shown
    versions = tuple(_requote(version, desk.key) for version in shown.versions)
    decisions = tuple(
        made.model_copy(update={"content_digest": content_mark(desk.key, made.content_digest)})
        for made in shown.decisions
    )
    return shown.model_copy(update={"versions": versions, "decisions": decisions})


def told(actor: Actor, words: str) -> str:
    """What an officer wrote down, for another one: who never sees contacts does not see them there either."""
    return words if may_decide(actor) else mask_words(words, contact_places)


def _requote(version: Version, key: bytes) -> Version:
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
    mark = content_mark(key, version.content_digest)
    return version.model_copy(update={"verdict": hidden, "content_digest": mark})


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
