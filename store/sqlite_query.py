"""A Query as SQL. Every value is a bound parameter; the SQL text is made of our own constants only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from store.base import Query, region_prefix
from store.cursors import read_cursor
from store.rows import microseconds
from store.words import Group, Phrase, read


def match_expression(phrases: Sequence[Phrase], joined: str) -> str:
    """The FTS5 expression for phrases, joined by AND or OR.

    A single last character `c` is the beginning of a pair `c` + other, or `c` at a word's end.
    """
    return f" {joined} ".join(map(_phrase, phrases))


def _phrase(phrase: Phrase) -> str:
    if not phrase.last:
        return '"' + " ".join(phrase.tokens) + '"'
    before = "".join(f"{token} " for token in phrase.tokens)
    return f'("{before}{phrase.last}x"* OR "{before}{phrase.last}_")'


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


def _add_words(where: Where, groups: Sequence[Group]) -> None:
    """One of the groups must hold. A text without searched words has no row in `words`: it holds no word."""
    conditions: list[str] = []
    expressions: list[str] = []
    for group in groups:
        parts = []
        if group.wanted:
            parts.append("r.row IN (SELECT rowid FROM words WHERE words MATCH ?)")
            expressions.append(match_expression(group.wanted, "AND"))
        if group.unwanted:
            parts.append("r.row NOT IN (SELECT rowid FROM words WHERE words MATCH ?)")
            expressions.append(match_expression(group.unwanted, "OR"))
        conditions.append(f"({' AND '.join(parts)})")
    if conditions:
        where.add(f"({' OR '.join(conditions)})", *expressions)


def conditions(kind: str, query: Query) -> Where:
    """All conditions of the query but the cursor."""
    where = Where()
    where.add("r.kind = ?", kind)
    _add_words(where, read(query.text))
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
    """Rows (body, version, time, id) of one page, and one more that tells whether there is a next."""
    where = conditions(kind, query)
    direction, sign = ("DESC", "<") if query.order == "newest" else ("ASC", ">")
    if query.cursor is not None:
        place = read_cursor(query.cursor, query.order)
        where.add(f"(r.time, r.id) {sign} (?, ?)", place.time, place.id)
    sql = (
        f"SELECT r.body, r.version, r.time, r.id FROM record r WHERE {where.sql()}"  # noqa: S608
        f" ORDER BY r.time {direction}, r.id {direction} LIMIT ?"
    )
    return sql, [*where.parameters, query.limit + 1]
