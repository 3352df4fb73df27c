"""A Query as SQL. Every value is a bound parameter; the SQL text is made of our own constants only.

SQLite's planner knows nothing of how many rows a value has, so we choose: a condition that few records meet is looked
up first and its records are sorted; when each is met by many, records are walked in the order of time and each is
checked, since the first page is soon full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from store.base import COUNT_LIMIT, Query, region_prefix, sorting
from store.cursors import read_cursor
from store.moments import AHEAD, DAY, microseconds
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


@dataclass(frozen=True)
class Part:
    """One condition: `rows` selects what meets it, `check` tells whether `r` does; both take the same parameters.

    `single`: no row can come twice. `of_kind`: all rows are of the kind that is searched.
    """

    rows: str
    check: str
    parameters: tuple[str | int, ...]
    single: bool = True
    of_kind: bool = True


@dataclass
class Where:
    """Conditions on `record AS r`, joined by AND, with their parameters; `parts` may also be looked up first."""

    conditions: list[str] = field(default_factory=list)
    parameters: list[str | int] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def add(self, condition: str, *parameters: str | int) -> None:
        """One more condition."""
        self.conditions.append(condition)
        self.parameters.extend(parameters)


@dataclass(frozen=True)
class Source:
    """FROM and WHERE of a query in the chosen order of work."""

    sql: str
    parameters: list[str | int]


def source(where: Where, first: Part | None) -> Source:
    """Look `first` up and check the rest, or walk all in the order that is asked for."""
    start = "record r"
    parameters: list[str | int] = []
    if first is not None:
        # CROSS JOIN: the planner must not turn the order of work round.
        rows = first.rows if first.single else f"SELECT DISTINCT row FROM ({first.rows})"  # noqa: S608
        start = f"({rows}) d CROSS JOIN record r ON r.row = d.row"
        parameters += first.parameters
    rest = [part for part in where.parts if part is not first]
    conditions = [*where.conditions, *(part.check for part in rest)]
    parameters += [*where.parameters, *(value for part in rest for value in part.parameters)]
    return Source(f"FROM {start} WHERE {' AND '.join(conditions)}", parameters)


def _region(kind: str, code: str) -> Part:
    prefix = region_prefix(code)
    # ":" is the character after "9": the range holds exactly what begins with the prefix.
    # "+" keeps the planner from the region's index, whose rows it would have to sort.
    return Part(
        "SELECT row FROM record WHERE kind = ? AND region >= ? AND region < ?",
        "r.kind = ? AND +r.region >= ? AND +r.region < ?",
        (kind, prefix, prefix + ":"),
    )


def _filter(kind: str, name: str, values: Sequence[str]) -> Part:
    meets = f"kind = ? AND name = ? AND value IN ({', '.join('?' * len(values))})"
    return Part(
        f"SELECT row FROM term WHERE {meets}",  # noqa: S608
        f"EXISTS (SELECT 1 FROM term t WHERE {meets.replace('kind', 't.kind', 1)} AND t.row = r.row)",  # noqa: S608
        (kind, name, *values),
        single=len(values) == 1,
    )


def _add_words(where: Where, groups: Sequence[Group]) -> None:
    """One of the groups must hold. A text without searched words has no row in `words`: it holds no word."""
    found = "SELECT rowid AS row FROM words WHERE words MATCH ?"
    if len(groups) == 1 and not groups[0].unwanted:
        expression = match_expression(groups[0].wanted, "AND")
        where.parts.append(Part(found, f"r.row IN ({found})", (expression,), of_kind=False))
        return
    conditions: list[str] = []
    expressions: list[str] = []
    for group in groups:
        parts = []
        if group.wanted:
            parts.append(f"r.row IN ({found})")
            expressions.append(match_expression(group.wanted, "AND"))
        if group.unwanted:
            parts.append(f"r.row NOT IN ({found})")
            expressions.append(match_expression(group.unwanted, "OR"))
        conditions.append(f"({' AND '.join(parts)})")
    if conditions:
        where.add(f"({' OR '.join(conditions)})", *expressions)


def conditions(kind: str, query: Query) -> Where:
    """All conditions of the query but the cursor."""
    where = Where()
    where.add("r.kind = ?", kind)
    _add_words(where, read(query.text))
    where.parts += [_filter(kind, name, values) for name, values in query.where.items()]
    if query.since:
        where.add("r.time >= ?", microseconds(query.since))
    if query.until:
        where.add("r.time < ?", microseconds(query.until))
    if query.region:
        where.parts.append(_region(kind, query.region))
    if query.scope:
        below = _region(kind, query.scope)
        where.add(f"({below.check} OR +r.region = '')", *below.parameters)
    return where


def _order(kind: str, query: Query) -> tuple[str, str]:
    """Column and direction."""
    wanted = sorting(kind, query.order)
    return f"r.sort_{wanted.field}" if wanted.field else "r.time", "DESC" if wanted.highest_first else "ASC"


def page_sql(kind: str, where: Where, query: Query, first: Part | None) -> tuple[str, list[str | int]]:
    """Rows (body, version, number in the order, id, matches or NULL) of one page, and one more that tells whether there
    is a next.

    What is looked up is counted in the same pass. Bodies are read last, of the page alone: sorting carries only numbers.
    """
    column, direction = _order(kind, query)
    found = source(where, first)
    after, place = "", list[str | int]()
    if query.cursor is not None:
        last = read_cursor(query.cursor, query.order)
        sign = "<" if direction == "DESC" else ">"
        after, place = f"({{}}, {{}}) {sign} (?, ?)", [last.number, last.id]
    # "Not null" is true of all; without it SQLite does not use the index of an order that some kinds have not.
    matches = f"SELECT r.row AS row, {column} AS number, r.id AS id {found.sql} AND {column} IS NOT NULL"
    if first is None:
        walked = f" AND {after.format(column, 'r.id')}" if after else ""
        page = f"{matches}{walked} ORDER BY {column} {direction}, r.id {direction} LIMIT ?"
        head, count = "", "NULL"
    else:
        looked_up = f"WHERE {after.format('number', 'id')}" if after else ""
        page = (
            f"SELECT row, number, id FROM m {looked_up} ORDER BY number {direction}, id {direction} LIMIT ?"  # noqa: S608
        )
        head, count = f"WITH m AS MATERIALIZED ({matches}) ", "(SELECT count(*) FROM m)"
    sql = (
        f"{head}SELECT b.body, b.version, p.number, p.id, {count} FROM ({page}) p CROSS JOIN record b ON b.row = p.row"  # noqa: S608
        f" ORDER BY p.number {direction}, p.id {direction}"
    )
    return sql, [*found.parameters, *place, query.limit + 1]


def facets_sql(kind: str, where: Where, query: Query, first: Part | None) -> tuple[str, list[str | int]]:
    """Rows (field, value, matches), most frequent first, of the first COUNT_LIMIT matches in the query's order."""
    column, direction = _order(kind, query)
    found = source(where, first)
    marks = ", ".join("?" * len(query.facets))
    sql = (
        f"SELECT t.name, t.value, count(*) FROM (SELECT r.row AS row {found.sql}"  # noqa: S608
        f" AND {column} IS NOT NULL ORDER BY {column} {direction}, r.id {direction} LIMIT ?) m CROSS JOIN term t ON t.row = m.row"
        f" WHERE +t.name IN ({marks}) GROUP BY t.name, t.value ORDER BY count(*) DESC, t.value"
    )
    return sql, [*found.parameters, COUNT_LIMIT, *query.facets]


def days_sql(where: Where, first: Part | None) -> tuple[str, list[str | int]]:
    """Rows (number of the day in China since 1970, matches)."""
    found = source(where, first)
    # Counted from far before: SQLite rounds towards zero, so that the day before the first would be the first.
    far = 1_000_000
    day = f"(r.time + {AHEAD} + {far} * {DAY}) / {DAY} - {far}"
    return f"SELECT {day}, count(*) {found.sql} GROUP BY 1", found.parameters
