"""The one masked view of a record for an Actor: what may be seen is decided here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from core import personal
from core.model import Actor, Element, Entity, Evidence, Finding, Post, Span, Verdict, Version
from core.text import judged_text, with_judged_text

CONTACT_KINDS = frozenset({"phone", "landline", "wechat", "qq", "email"})
Places = Iterable[tuple[int, int]]  # characters [start, end) of a text
# Where contacts stand in a text that no judge has read; what reads them is a tool, and tools are no business of core's.
PlaceFinder = Callable[[str], Places]
_KNOWN_LENGTH = 6  # of a contact that is masked wherever it stands: shorter ones stand in any text by chance


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
    """First three and last two characters stay, enough to recognise and too little to call; of a short one at most half."""
    if len(value) <= 5:  # nothing would be hidden
        return "*" * len(value)
    shown = min(5, len(value) // 2)  # of six characters five would leave ten numbers to try
    head, tail = (shown + 1) // 2, shown // 2
    return value[:head] + "*" * (len(value) - shown) + value[len(value) - tail :]


def mask_text(text: str, spans: Iterable[Span]) -> str:
    """`text` with the given spans masked; the length stays, so offsets of other spans stay true."""
    return _mask_places(text, ((span.start, span.end) for span in spans))


def _mask_places(text: str, places: Places) -> str:
    characters = list(text)
    for start, end in _joined(places):
        characters[start:end] = mask_value(text[start:end])
    return "".join(characters)


def _joined(places: Places) -> list[tuple[int, int]]:
    """Places that overlap as one: the ends of the one would show the middle of the other."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _nowhere(_: str) -> Places:
    return ()


def mask_address(address: str, known: PlaceFinder = _nowhere) -> str:
    """A web address that still says where it leads, with whom it names masked."""
    return _mask_places(address, [*personal.in_address(address), *known(address)])


def mask_words(text: str, reading: PlaceFinder) -> str:
    """A short text that no judge has read: an author's name, an officer's reason."""
    # Advertisers put numbers into every field. Six digits are a price or a date at most; QQ starts at five, but a
    # price of five digits must stay readable.
    numbers = (found.span() for found in re.finditer(r"\d{6,}", text))
    return _mask_places(text, [*numbers, *personal.in_text(text), *reading(text)])


def contact_spans(verdict: Verdict) -> tuple[Span, ...]:
    """Where contacts stand in the judged text."""
    return tuple(entity.span for entity in verdict.entities if entity.kind in CONTACT_KINDS)


def _mask_entity(entity: Entity, whole: str) -> Entity:
    """The entity as the masked text `whole` shows it: a name may hold a number (【13800138000家教】)."""
    shown = whole[entity.span.start : entity.span.end]
    if entity.kind not in CONTACT_KINDS and shown == entity.span.text:
        return entity
    value = mask_value(entity.value) if entity.kind in CONTACT_KINDS else shown
    span = entity.span.model_copy(update={"text": shown})
    return entity.model_copy(update={"value": value, "span": span})


def _mask_words(text: str, known: PlaceFinder, reading: PlaceFinder) -> str:
    return mask_words(text, lambda given: [*reading(given), *known(given)])


def known_contacts(finding: Finding, reading: PlaceFinder = _nowhere) -> PlaceFinder:
    """Finds the contacts of this finding wherever they stand: told by a label in one place (微信zhang_88), an account
    stands bare in another, in the author's name or in an earlier version.
    """
    values: set[str] = set()
    for version in finding.versions:
        for item in version.verdict.entities:
            values |= {item.value, item.span.text} if item.kind in CONTACT_KINDS else set()
        for text in version.post.contacts:
            # A page's field may hold words only (请在线联系客服), which stand in any text.
            values |= {text} if re.search("[0-9a-zA-Z]", text) else set()
            values |= {text[start:end] for start, end in reading(text)}
    # The longest first: a number with its area code before the number alone.
    names = sorted((one for one in values if len(one) >= _KNOWN_LENGTH), key=lambda one: (-len(one), one))
    if not names:
        return _nowhere
    pattern = re.compile("|".join(map(re.escape, names)), re.IGNORECASE)
    return lambda text: [found.span() for found in pattern.finditer(text)]


def _mask_post(post: Post, whole: str, known: PlaceFinder, reading: PlaceFinder) -> Post:
    """The post with `whole` for its text, and its other fields masked."""

    def words(text: str | None) -> str | None:
        return text and _mask_words(text, known, reading)

    shown = with_judged_text(post, whole)
    pictures = (item.model_copy(update={"url": mask_address(item.url, known)}) for item in shown.pictures)
    return shown.model_copy(
        update={
            "url": mask_address(post.url, known),
            "native_id": post.native_id and mask_address(post.native_id, known),
            "contacts": tuple(map(mask_value, post.contacts)),
            "author": words(post.author),
            "price": words(post.price),
            "region": words(post.region),
            "pictures": tuple(pictures),
        }
    )


def _mask_version(version: Version, known: PlaceFinder, reading: PlaceFinder) -> Version:
    post, verdict = version.post, version.verdict
    text = judged_text(post)
    contacts = [(span.start, span.end) for span in contact_spans(verdict)]
    whole = _mask_places(text, [*contacts, *personal.in_text(text), *known(text)])
    entities = tuple(_mask_entity(entity, whole) for entity in verdict.entities)
    masked = verdict.model_copy(update={"entities": entities})
    return version.model_copy(update={"post": _mask_post(post, whole, known, reading), "verdict": masked})


def view(finding: Finding, actor: Actor, reading: PlaceFinder = _nowhere) -> Finding:
    """The finding as this Actor may see it; `reading` finds contacts in what no judge has read."""
    if may_unmask(actor):
        return finding
    known = known_contacts(finding, reading)
    decisions = (
        made.model_copy(update={"reason": _mask_words(made.reason, known, reading)})
        for made in finding.decisions
    )
    return finding.model_copy(
        update={
            "url": mask_address(finding.url, known),
            "second_look_cause": finding.second_look_cause and mask_address(finding.second_look_cause, known),
            "versions": tuple(_mask_version(version, known, reading) for version in finding.versions),
            "decisions": tuple(decisions),
        }
    )


def view_evidence(evidence: Evidence, actor: Actor, known: PlaceFinder = _nowhere) -> Evidence:
    """The list of what is kept as this Actor may see it: addresses may name somebody; `known` as of `known_contacts`."""
    if may_unmask(actor):
        return evidence
    missing = (
        gap.model_copy(
            update={"url": gap.url and mask_address(gap.url, known), "cause": mask_address(gap.cause, known)}
        )
        for gap in evidence.missing
    )
    return evidence.model_copy(update={"url": mask_address(evidence.url, known), "missing": tuple(missing)})


def requoted(elements: tuple[Element, ...], text: str) -> tuple[Element, ...]:
    """The elements of penalty clauses with what `text` (masked, of equal length) shows at their places."""

    def quote(span: Span) -> Span:
        return span.model_copy(update={"text": text[span.start : span.end]})

    return tuple(item.model_copy(update={"spans": tuple(map(quote, item.spans))}) for item in elements)
