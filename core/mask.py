"""The one masked view of a record for an Actor: what may be seen is decided here and nowhere else."""

from __future__ import annotations

import re

from core.model import Actor, Element, Entity, Finding, Span, Verdict, Version
from core.text import judged_text, with_judged_text

CONTACT_KINDS = frozenset({"phone", "landline", "wechat", "qq", "email"})


def may_unmask(actor: Actor) -> bool:
    """Contacts are open to reviewers and above who state a reason; each such look is written to the audit trail."""
    return actor.role in {"reviewer", "supervisor", "administrator"} and bool(actor.reason.strip())


def may_decide(actor: Actor) -> bool:
    """Whether this Actor may confirm or reject findings."""
    return actor.role in {"reviewer", "supervisor", "administrator"}


def in_scope(actor: Actor, region_code: str | None) -> bool:
    """Territorial management: an Actor sees his division and all below; findings without a region are everybody's."""
    if not actor.region or not region_code:
        return True
    # Six-digit forms of provinces and cities end in zero pairs (330000, 330100): the pairs say "all below".
    prefix = re.sub(r"(00)+$", "", actor.region) if len(actor.region) == 6 else actor.region
    return region_code.startswith(prefix)


def mask_value(value: str) -> str:
    """First three and last two characters stay, enough to recognise and too little to call."""
    if len(value) <= 5:  # nothing would be hidden
        return "*" * len(value)
    return value[:3] + "*" * (len(value) - 5) + value[-2:]


def mask_text(text: str, spans: tuple[Span, ...]) -> str:
    """`text` with the given spans masked; the length stays, so offsets of other spans stay true."""
    characters = list(text)
    for span in spans:
        characters[span.start : span.end] = mask_value(text[span.start : span.end])
    return "".join(characters)


def contact_spans(verdict: Verdict) -> tuple[Span, ...]:
    """Where contacts stand in the judged text."""
    return tuple(entity.span for entity in verdict.entities if entity.kind in CONTACT_KINDS)


def _mask_numbers(text: str | None) -> str | None:
    # Advertisers put numbers into every field. Six digits are a price or a date at most; QQ starts at five, but a
    # price of five digits must stay readable.
    return text and re.sub(r"\d{6,}", lambda found: mask_value(found[0]), text)


def _mask_entity(entity: Entity, whole: str) -> Entity:
    """The entity as the masked text `whole` shows it: a name may hold a number (【13800138000家教】)."""
    shown = whole[entity.span.start : entity.span.end]
    if entity.kind not in CONTACT_KINDS and shown == entity.span.text:
        return entity
    value = mask_value(entity.value) if entity.kind in CONTACT_KINDS else shown
    span = entity.span.model_copy(update={"text": shown})
    return entity.model_copy(update={"value": value, "span": span})


def _mask_version(version: Version) -> Version:
    post, verdict = version.post, version.verdict
    spans = contact_spans(verdict)
    whole = mask_text(judged_text(post), spans)
    post = with_judged_text(post, whole)
    post = post.model_copy(
        update={
            "contacts": tuple(map(mask_value, post.contacts)),
            "author": _mask_numbers(post.author),
            "price": _mask_numbers(post.price),
            "region": _mask_numbers(post.region),
        }
    )
    entities = tuple(_mask_entity(entity, whole) for entity in verdict.entities)
    masked = verdict.model_copy(update={"entities": entities})
    return version.model_copy(update={"post": post, "verdict": masked})


def view(finding: Finding, actor: Actor) -> Finding:
    """The finding as this Actor may see it."""
    if may_unmask(actor):
        return finding
    return finding.model_copy(update={"versions": tuple(map(_mask_version, finding.versions))})


def requoted(elements: tuple[Element, ...], text: str) -> tuple[Element, ...]:
    """The elements of penalty clauses with what `text` (masked, of equal length) shows at their places."""

    def quote(span: Span) -> Span:
        return span.model_copy(update={"text": text[span.start : span.end]})

    return tuple(item.model_copy(update={"spans": tuple(map(quote, item.spans))}) for item in elements)
