"""Measuring what a judge names beside its verdict: contacts, amounts of money, and the place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from core.model import Region, Verdict
from core.regions import load_regions
from nlp.figures import detection, share
from nlp.place_names import COUNTY

CONTACTS = ("phone", "wechat", "qq")
_PARTING = re.compile(r"[\s-]")
_AMOUNT = re.compile(r"\d+(?:\.\d+)?")
# What is left out of a name in haste, where two characters stay.
_SUFFIX = re.compile("(?<=..)(?:街道|地区|镇|乡|区|自治县|县|市)$")


class Named(BaseModel):
    """What a post names, as people read it: a disguised number in plain form, both ends of a range of prices.

    `region`: the post's own words for the deepest place at county level or below (杭州余杭区良渚街道), absent when it is
    not placed in any.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    phone: tuple[str, ...] = ()
    wechat: tuple[str, ...] = ()
    qq: tuple[str, ...] = ()
    price: tuple[float, ...] = ()
    region: str | None = None


Both = Sequence[tuple[Named, Verdict]]


def entity_figures(both: Both) -> dict[str, Any]:
    """Each kind of entity over all posts, each value once a post; of places the share of posts that are understood."""
    if not both:
        return {}
    placed = [_is_right(named.region, verdict.region) for named, verdict in both if named.region]
    found = {kind: _detected(kind, both) for kind in (*CONTACTS, "price")}
    return found | ({"region": share(sum(placed), len(placed))} if placed else {})


def _detected(kind: str, both: Both) -> dict[str, Any]:
    sides = [(_told(kind, named), _found(kind, verdict)) for named, verdict in both]
    values = [(value in told, value in found) for told, found in sides for value in told | found]
    return detection([told for told, _ in values], [found for _, found in values])


def misread(named: Named, verdict: Verdict) -> Iterator[dict[str, Any]]:
    """By kind, what was missed in one post and what was named wrongly."""
    for kind in (*CONTACTS, "price"):
        told, found = _told(kind, named), _found(kind, verdict)
        if told != found:
            yield {"kind": kind, "missed": sorted(told - found), "wrong": sorted(found - told)}
    if named.region and not _is_right(named.region, verdict.region):
        wrong = [load_regions().full_name(verdict.region.code)] if verdict.region else []
        yield {"kind": "region", "missed": [named.region], "wrong": wrong}


def _told(kind: str, named: Named) -> set[str]:
    if kind == "price":
        return {f"{amount:g}" for amount in named.price}
    return {plain_contact(value) for value in getattr(named, kind)}


def _found(kind: str, verdict: Verdict) -> set[str]:
    values = [entity.value for entity in verdict.entities if entity.kind == kind]
    if kind == "price":
        return {amount for value in values for amount in amounts_of(value)}
    return {plain_contact(value) for value in values}


def amounts_of(value: str) -> list[str]:
    """The amounts of a price, both ends of a range."""
    return [f"{float(amount):g}" for amount in _AMOUNT.findall(value)]


def plain_contact(value: str) -> str:
    """A contact without what people put between its parts; accounts know no capitals."""
    return _PARTING.sub("", value).lower()


def _is_right(named: str, found: Region | None) -> bool:
    """Whether the place found is a county or deeper, and the post's words name it or one above it down to the county.

    A street that the words do not name is right where its county is: the text may tell it elsewhere.
    """
    if found is None or len(found.code) < COUNTY:
        return False
    below = [step.name for step in load_regions().path(found.code) if len(step.code) >= COUNTY]
    return any(_SUFFIX.sub("", name) in named for name in below)
