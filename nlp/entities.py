"""Contacts, prices, names and places in a text, each with its span in the original."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from core.model import Entity, Span
from core.text import INVISIBLE
from nlp.contacts import claimed, find_contacts
from nlp.disguise import Plain
from nlp.lookout import uncircled
from nlp.names import find_names
from nlp.prices import find_prices
from nlp.sheet import Sheet, sheet_of
from nlp.signs import CIRCLE, COUNTED

# Kinds whose capitals are part of what was written.
_SPELLED = frozenset({"wechat", "url", "email", "institution", "school", "address"})


def find_entities(text: str) -> tuple[Entity, ...]:
    """All entities of `text` in order of place. Spans count characters of `text`.

    Kinds: phone (mobile numbers, and landlines with their area code), wechat, qq, email, url, price (`unit` says what it
    buys), institution, school (of which a teacher says he is: no seller), address, person, grade (年级: a year of school),
    time (days and hours; in an offer of lessons theirs); a verdict adds lessons and months (`nlp.fees`). Never raises;
    time grows with the length of `text` only.
    """
    return entities_of(sheet_of(text)) if text else ()


def entities_of(sheet: Sheet) -> tuple[Entity, ...]:
    """The same for a text that has its sheet."""
    plain, signs = sheet.folded, sheet.signs
    if signs.kinds & CIRCLE:
        plain, signs = uncircled(plain)
    found: list[tuple[str, str, int, int, str | None]] = []
    if signs.kinds & COUNTED or "call" in signs.searches:
        contacts = find_contacts(plain, signs)
        found += [(*item, None) for item in contacts]
        if signs.amounts:
            prices = find_prices(plain, claimed(plain, contacts), signs.amounts)
            found += [("price", value, start, end, unit) for value, unit, start, end in prices]
    if signs.searches:
        found += [(*item, None) for item in find_names(plain, signs.searches)]
    return _placed(found, sheet) if found else ()


# Searches of `find_names` for names that are worth hiding: who teaches.
_HIDDEN = frozenset({"institution", "chain", "person", "titled"})


def with_hidden_names(plain: Plain, known: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """`known` entities of the text as it is written, with the names that it shows undisguised only (博学辅dao中心).

    The `value` of such a name is its plain form; what was taken for a name of its kind within it is left out.
    """
    if not plain.changes:
        return known
    found = {}
    for kind, value, start, end in find_names(plain.text, _HIDDEN):
        span = plain.span(start, end)
        if any(span.start <= change.start and change.end <= span.end for change in plain.changes):
            found[kind, span.start, span.end] = Entity(kind=kind, value=value, span=span)
    names = found.values()
    kept = (item for item in known if not any(_is_part(item, name) for name in names))
    return tuple(sorted((*kept, *names), key=lambda item: (item.span.start, item.kind)))


def _is_part(item: Entity, name: Entity) -> bool:
    return item.kind == name.kind and item.span.start < name.span.end and name.span.start < item.span.end


def _placed(found: list[tuple[str, str, int, int, str | None]], sheet: Sheet) -> tuple[Entity, ...]:
    """The entities in order, each once."""
    text, origins = sheet.text, sheet.origins
    unique = {}
    for kind, value, start, end, unit in found:
        span = _span(text, origins, start, end)
        plain = _as_written(value, span) if kind in _SPELLED else value
        unique[kind, span.start, span.end] = Entity(kind=kind, value=plain, span=span, unit=unit)
    return tuple(sorted(unique.values(), key=lambda item: (item.span.start, item.kind)))


def _span(text: str, origins: Sequence[int], start: int, end: int) -> Span:
    left, right = origins[start], origins[end - 1] + 1
    while right < len(text) and text[right] in INVISIBLE:
        right += 1  # the frame of a keycap belongs to its digit
    return Span(start=left, end=right, text=text[left:right])


def _as_written(value: str, span: Span) -> str:
    """The value with its capitals: officers copy it, and web addresses may fail without them."""
    written = unicodedata.normalize("NFKC", span.text)
    return written if written.lower() == value else value
