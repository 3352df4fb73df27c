"""What a post names - how to reach somebody, who, where, when, for how much - told in Chinese for pages and reports."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from casework.labels import ENTITIES, PRICE_UNITS
from core.model import Entity, Version
from nlp.in_picture import stands_in_picture


class Named(NamedTuple):
    """One thing named: its plain form; what stands in the post where that reads otherwise, else ""; where it stands."""

    said: str
    written: str
    in_picture: bool


def named(version: Version) -> dict[str, list[Named]]:
    """The things that this version names, by the Chinese name of their kind, in the order of `ENTITIES`; each once."""
    found: dict[str, dict[Named, None]] = {kind: {} for kind in ENTITIES}
    for entity in version.verdict.entities:
        if entity.kind in found:
            found[entity.kind][_told(entity, version)] = None
    return {ENTITIES[kind]: list(things) for kind, things in found.items() if things}


def _told(entity: Entity, version: Version) -> Named:
    written = "" if _reads_so(entity) else entity.span.text
    return Named(_said(entity), written, stands_in_picture(entity.span, version.post))


def _said(entity: Entity) -> str:
    if entity.kind == "price":
        return f"{entity.value}元{PRICE_UNITS.get(entity.unit or '', '')}"
    if entity.kind in ("lessons", "months"):
        return f"{entity.value}{'节' if entity.kind == 'lessons' else '个月'}"
    return entity.value


def _reads_so(entity: Entity) -> bool:
    """Whether the plain form stands in what is written: then an officer finds it there by himself."""
    plain = unicodedata.normalize("NFKC", entity.span.text)
    return all(part in plain for part in entity.value.split("-" if entity.kind == "price" else "\0"))
