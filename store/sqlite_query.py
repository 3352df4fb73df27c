"""A Query as SQL. Every value is a bound parameter; the SQL text is made of our own constants only."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from core.errors import BadInput
from core.text import fold, pairs
from store.base import Query, region_prefix

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime | None) -> int:
    """Whole microseconds since 1970, exact (a float would round); 0 for kinds without a time."""
    return 0 if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)


def match_expression(text: str) -> str:
    """The FTS5 expression for `text`, or "" when nothing of it is left after folding.

    A word of two or more characters is the phrase of its pairs. A single character `c` is the prefix of a
    pair `c` + other, or `c` at a word's end; the `x` that begins the second character is part of the prefix,
    because x61* alone would find U+6170, too.
    """
    words = []
    for word in fold(text).split():
        tokens = pairs(word)
        if len(tokens) == 1:
            single = tokens[0].removesuffix("_")
            words.append(f'("{single}x"* OR "{single}_")')
        else:
            words.append('"' + " ".join(tokens[:-1]) + '"')
    return " AND ".join(words)


def write_cursor(order: str, time: int, row: int) -> str:
    """Where a page ended."""
    return base64.urlsafe_b64encode(f"{order} {time} {row}".encode()).decode()


def read_cursor(cursor: str, order: str) -> tuple[int, int]:
    """The (time, row) after which the next page begins. Raises BadInput for a forged or foreign cursor."""
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode()
    except ValueError as error:
        raise BadInput(f"not a cursor: {cursor!r}") from error
    # 18 digits at most: larger numbers do not fit SQLite's integers.
    found = re.fullmatch(r"(newest|oldest) (-?[0-9]{1,18}) ([0-9]{1,18})", text)
    if found is None or found[1] != order:
        raise BadInput(f"not a cursor for this order: {cursor!r}")
    return int(found[2]), int(found[3])


@dataclass
class Where:
    """Conditions on `record AS r`, joined by AND, with their parameters."""

    conditions: list[str] = field(default_factory=list)
    parameters: list[str | int] = field(default_factory=list)

    def add(self, condition: str, *parameters: str | int) -> None:
        """One more condition."""
        self.conditions.append(condition)
        self.parameters.extend(parameters)

    def sql(self) -> str:
        """The condition of a WHERE clause."""
        return " AND ".join(self.conditions)


def _add_region(where: Where, code: str, or_none: bool) -> None:
    prefix = region_prefix(code)
    condition = "r.region >= ? AND r.region < ?"
    # ":" is the character after "9": the range holds exactly what begins with the prefix.
    where.add(f"(({condition}) OR r.region = '')" if or_none else condition, prefix, prefix + ":")


def conditions(kind: str, query: Query) -> Where:
    """All conditions of the query but the cursor."""
    where = Where()
    where.add("r.kind = ?", kind)
    if expression := match_expression(query.text):
        where.add("r.row IN (SELECT rowid FROM words WHERE words MATCH ?)", expression)
    for name, values in query.where.items():
        marks = ", ".join("?" * len(values))
        where.add(
            f"r.row IN (SELECT row FROM term WHERE kind = ? AND name = ? AND value IN ({marks}))",  # noqa: S608
            kind, name, *values,
        )  # fmt: skip
    if query.since:
        where.add("r.time >= ?", microseconds(query.since))
    if query.until:
        where.add("r.time < ?", microseconds(query.until))
    if query.region:
        _add_region(where, query.region, or_none=False)
    if query.scope:
        _add_region(where, query.scope, or_none=True)
    return where


def page_sql(kind: str, query: Query) -> tuple[str, list[str | int]]:
    """Rows (body, version, time, row) of one page, and one more that tells whether there is a next."""
    where = conditions(kind, query)
    direction, sign = ("DESC", "<") if query.order == "newest" else ("ASC", ">")
    if query.cursor is not None:
        where.add(f"(r.time, r.row) {sign} (?, ?)", *read_cursor(query.cursor, query.order))
    sql = (
        f"SELECT r.body, r.version, r.time, r.row FROM record r WHERE {where.sql()}"  # noqa: S608
        f" ORDER BY r.time {direction}, r.row {direction} LIMIT ?"
    )
    return sql, [*where.parameters, query.limit + 1]
