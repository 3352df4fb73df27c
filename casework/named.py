"""What a post names - how to reach somebody, who, where, when, for how much - told in Chinese for pages and reports."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from casework.labels import ENTITIES, PRICE_UNITS
from core.mask import mask_value
from core.model import Entity, Span, Version
from nlp.in_picture import stands_in_picture

COUNTS = {"lessons": "节", "months": "个月"}


class Named(NamedTuple):
    """One thing named: its plain form; what stands in the post where that reads otherwise, else ""; where it stands."""

    said: str
    written: str
    in_picture: bool


def named(version: Version) -> dict[str, list[Named]]:
    """The things that this version names, by the Chinese name of their kind, in the order of `ENTITIES`; each once."""
    found: dict[str, dict[Named, None]] = {kind: {} for kind in ENTITIES}
    entities = version.verdict.entities
    prices = [entity.span for entity in entities if entity.kind == "price"]
    for entity in entities:
        if entity.kind in found and not _is_a_rate(entity, prices):
            found[entity.kind][_told(entity, version)] = None
    return {ENTITIES[kind]: list(things) for kind, things in found.items() if things}


def _is_a_rate(entity: Entity, prices: Sequence[Span]) -> bool:
    """Whether it counts what a price is paid by: 1450元一个月 is told as 1450元/月 already."""
    if entity.kind not in COUNTS:
        return False
    return any(price.start <= entity.span.start and entity.span.end <= price.end for price in prices)


def _told(entity: Entity, version: Version) -> Named:
    written = "" if _reads_so(entity) else entity.span.text
    return Named(_said(entity), written, stands_in_picture(entity.span, version.post))


def _said(entity: Entity) -> str:
    if entity.kind == "price":
        return f"{entity.value}元{PRICE_UNITS.get(entity.unit or '', '')}"
    return f"{entity.value}{COUNTS.get(entity.kind, '')}"


def _reads_so(entity: Entity) -> bool:
    """Whether an officer finds the plain form in what is written by himself; of what is masked there is nothing to find."""
    if mask_value(entity.value) == entity.value:
        return True
    plain = unicodedata.normalize("NFKC", entity.span.text)
    return all(part in plain for part in entity.value.split("-" if entity.kind == "price" else "\0"))
