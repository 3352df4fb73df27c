"""Contacts, prices, names and places in a text, each with its span in the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from core.model import Entity, Span
from core.text import INVISIBLE
from nlp.contacts import find_contacts
from nlp.names import find_names
from nlp.numerals import folded
from nlp.prices import find_prices

# Below two digits, spelled or not, and without a Latin letter there is neither a contact nor a price.
_GATE = re.compile(r"[0-9a-z@零〇一二两三四五六七八九十百千万幺壹贰叁肆伍陆柒捌玖]")

_SPELLED = frozenset({"wechat", "url", "email"})  # kinds whose capitals are part of what was written


def find_entities(text: str) -> tuple[Entity, ...]:
    """All entities of `text` in order of place. Spans count characters of `text`.

    Kinds: phone (mobile numbers, and landlines with their area code), wechat, qq, email, url, price (`unit` says what it
    buys), institution, address, person. Never raises; time grows with the length of `text` only.
    """
    plain, origins = folded(text)
    found: list[Entity] = []
    if _GATE.search(plain):
        contacts = find_contacts(plain)
        taken = bytearray(len(plain))
        for _, _, start, end in contacts:
            taken[start:end] = b"\x01" * (end - start)
        for kind, value, start, end in contacts:
            span = _span(text, origins, start, end)
            found.append(
                Entity(kind=kind, value=_as_written(value, span) if kind in _SPELLED else value, span=span)
            )
        for value, unit, start, end in find_prices(plain, taken):
            found.append(Entity(kind="price", value=value, span=_span(text, origins, start, end), unit=unit))
    for kind, value, start, end in find_names(plain):
        found.append(Entity(kind=kind, value=value, span=_span(text, origins, start, end)))
    unique = {(item.kind, item.span.start, item.span.end): item for item in found}
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
