"""The Store protocol: few promises, kept by every back-end (`tests/store/conformance.py` is the one suite).

- `load` sees every answered save; `search` may lag until `flush`, so a search never decides anything.
- Nothing is atomic across records: `save` answers record by record.
- Uniqueness comes only from ids that are created once (`expect=CREATE`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from core.errors import BadInput, WangxunError
from core.model import Stored
from store.fields import FIELDS, Fields
from store.moments import PERIODS, Period

CREATE: Literal["create"] = "create"
ANY: Literal["any"] = "any"
Expect = Literal["create", "any"] | int

# Counts are exact up to here and "capped" beyond: an officer reads "10000+", and no back-end counts millions.
COUNT_LIMIT = 10_000
# One page; more than an officer reads at once, little enough for memory whatever a record weighs.
PAGE_LIMIT = 1_000
# Longer search texts are a mistake of pasting, and FTS5 refuses very deep expressions.
TEXT_LIMIT = 500

__all__ = [
    "ANY", "COUNT_LIMIT", "CREATE", "FIELDS", "PAGE_LIMIT", "TEXT_LIMIT", "Expect", "Fields", "Page", "Query",
    "Save", "Saved", "Sorting", "Store", "check_query",
    "check_text", "fields_of", "region_prefix", "save_one", "sorting",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Save:
    """A record and what must be true of the stored one: CREATE (none there), ANY, or the version loaded."""

    record: Stored
    expect: Expect = ANY


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer for one record: its new version, or the error (Conflict, Unavailable) and no version."""

    id: str
    version: int | None
    error: WangxunError | None = None


@dataclass(frozen=True)
class Query:
    """What to look for.

    text: words parted by white space, all of which must stand in the folded text.
    where: field -> values; any of a field's values, all of the fields (names: `store.fields.FIELDS`).
    since, until: since <= the kind's time < until.
    region: code of a division; it and all below. scope: the same, and records without a region as well.
    order: newest or oldest, by the kind's time; or a field of `Fields.sorts`, with "-" before it for the highest first.
    cursor: `Page.cursor` of the page before.
    facets: fields whose values are to be counted among the matches (the first COUNT_LIMIT of them).
    per: count all matches by day, week or month of their time, in China.
    """

    text: str = ""
    where: dict[str, tuple[str, ...]] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    region: str = ""
    scope: str = ""
    order: str = "newest"
    limit: int = 20
    cursor: str | None = None
    facets: tuple[str, ...] = ()
    per: Period | None = None


@dataclass(frozen=True)
class Page:
    """Records found and their versions. `total` counts up to COUNT_LIMIT; `capped`: there are more.

    `periods`: first day (2026-09-01) -> all matches of that period, in order, without those that have none.
    """

    records: tuple[Stored, ...]
    versions: tuple[int, ...]
    total: int
    capped: bool
    cursor: str | None
    facets: dict[str, dict[str, int]]
    periods: dict[str, int] = field(default_factory=dict)


class Store(Protocol):
    """Where records live. Every method raises Unavailable when the database is away, locked or full."""

    def save(self, records: Sequence[Save]) -> list[Saved]:
        """Save one or many; one answer each, in order. A record that fails does not hinder the others."""
        ...

    def load(self, kind: str, id: str) -> tuple[Stored, int]:  # noqa: A002 - the word of the protocol
        """The record and its version. Raises NotFound."""
        ...

    def search(self, kind: str, query: Query) -> Page:
        """One page of matches. Raises BadInput for an unknown kind, field, order or cursor."""
        ...

    def delete(self, kind: str, id: str) -> None:  # noqa: A002
        """Remove the record; deleting twice is deleting once."""
        ...

    def flush(self) -> None:
        """After this, `search` sees all that was saved before."""
        ...

    def close(self) -> None:
        """Give everything back; closing twice is closing once."""
        ...


def save_one(store: Store, record: Stored, expect: Expect = ANY) -> int:
    """Save one record and return its new version; raises what `Saved.error` would carry."""
    [saved] = store.save([Save(record, expect)])
    if saved.error is not None:
        raise saved.error
    if saved.version is None:
        raise RuntimeError("a store answered with neither version nor error")
    return saved.version


def fields_of(kind: str) -> Fields:
    """The searchable fields of a kind. Raises BadInput for an unknown one."""
    if kind not in FIELDS:
        raise BadInput(f"unknown kind {kind!r}; known: {', '.join(FIELDS)}")
    return FIELDS[kind]


def check_query(kind: str, query: Query) -> None:
    """Refuse what no back-end can answer, so that all refuse alike. Raises BadInput."""
    known = fields_of(kind).filters
    for name in (*query.where, *query.facets):
        if name not in known:
            raise BadInput(f"{kind} has no field {name!r}; known: {', '.join(known)}")
    sorting(kind, query.order)
    if query.per is not None and query.per not in PERIODS:
        raise BadInput(f"counts are made per {', '.join(PERIODS)}, not {query.per!r}")
    if not 1 <= query.limit <= PAGE_LIMIT:
        raise BadInput(f"limit is 1 to {PAGE_LIMIT}, not {query.limit}")
    if len(query.text) > TEXT_LIMIT:
        raise BadInput(f"a search text has at most {TEXT_LIMIT} characters, this one {len(query.text)}")
    check_text(*(value for values in query.where.values() for value in values))
    if any(moment is not None and moment.tzinfo is None for moment in (query.since, query.until)):
        raise BadInput("since and until need a time zone")


@dataclass(frozen=True)
class Sorting:
    """By which field (empty: the kind's time) and which way; records of one value by their ids, the same way."""

    field: str
    highest_first: bool


def sorting(kind: str, order: str) -> Sorting:
    """What an order means for a kind. Raises BadInput for an unknown one."""
    by_time = {"newest": Sorting("", True), "oldest": Sorting("", False)}
    if order in by_time:
        return by_time[order]
    known = fields_of(kind).sorts
    if order.removeprefix("-") not in known:
        raise BadInput(f"{kind} has no order {order!r}; known: {', '.join((*by_time, *known))}")
    return Sorting(order.removeprefix("-"), order.startswith("-"))


def check_text(*texts: str) -> None:
    """Refuse half a character (a lone surrogate), as hostile pages write it: no database can hold it. Raises BadInput."""
    for text in texts:
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise BadInput(f"not a text that can be stored or looked for: {text!r}") from error


def region_prefix(code: str) -> str:
    """The leading digits that a division and all below it share (330000 and 33: "33"). Raises BadInput."""
    if not (code.isascii() and code.isdigit()):
        raise BadInput(f"a region is a code of digits, not {code!r}")
    short = code
    # Only six-digit forms of provinces and cities end in zero pairs that mean "all below" (core.mask).
    while len(code) == 6 and short.endswith("00"):
        short = short[:-2]
    return short
