"""Searching a SQLite file: which condition is looked up first, the page, the count, the facets."""

from __future__ import annotations

import sqlite3

from core.records import from_json
from store.base import COUNT_LIMIT, Page, Query
from store.cursors import Place, write_cursor
from store.moments import by_period
from store.sqlite_query import Part, Where, conditions, days_sql, facets_sql, page_sql, source


def found(connection: sqlite3.Connection, kind: str, query: Query) -> Page:
    """The page, by several statements: whoever calls makes them one transaction."""
    where = conditions(kind, query)
    first, many = _choose(connection, where)
    rows = connection.execute(*page_sql(kind, where, query, first)).fetchall()
    count = rows[0][4] if rows and first else _count(connection, where, first, many)
    facets = _facets(connection, kind, where, query, first)
    days = dict(connection.execute(*days_sql(where, first))) if query.per else {}
    shown = rows[: query.limit]
    more = len(rows) > query.limit
    return Page(
        records=tuple(from_json(kind, row[0]) for row in shown),
        versions=tuple(row[1] for row in shown),
        total=min(count, COUNT_LIMIT),
        capped=count > COUNT_LIMIT,
        cursor=write_cursor(query.order, Place(shown[-1][2], shown[-1][3])) if more else None,
        facets=facets,
        periods=by_period(days, query.per) if query.per else {},
    )


def _choose(connection: sqlite3.Connection, where: Where) -> tuple[Part | None, list[Part]]:
    """The condition with the fewest rows, if one has few enough to look all of them up; and those with more."""
    sizes = {part: _size(connection, part, COUNT_LIMIT + 1) for part in where.parts}
    first = min(sizes, key=lambda part: sizes[part], default=None)
    many = [part for part, size in sizes.items() if size > COUNT_LIMIT]
    return (first if first is not None and first not in many else None), many


def _count(connection: sqlite3.Connection, where: Where, first: Part | None, many: list[Part]) -> int:
    """Matches, counted to one beyond the limit."""
    if first is None and many and len(where.conditions) == 1:  # nothing that a walk by time would shorten
        # To be counted only, its rows need no order: so many are soon found, or there are few to be looked at.
        first = _fewest(connection, many)
        if len(where.parts) == 1 and first.single and first.of_kind:
            return COUNT_LIMIT + 1
    found = source(where, first)
    sql = f"SELECT count(*) FROM (SELECT 1 {found.sql} LIMIT ?)"  # noqa: S608 - own constants
    count: int = connection.execute(sql, [*found.parameters, COUNT_LIMIT + 1]).fetchone()[0]
    return count


def _fewest(connection: sqlite3.Connection, many: list[Part]) -> Part:
    """Of conditions with many rows the one with the fewest, as far as counting ten times as many tells."""
    plain = [part for part in many if part.single] or many
    if len(plain) == 1:
        return plain[0]
    return min(plain, key=lambda part: _size(connection, part, 10 * COUNT_LIMIT))


def _size(connection: sqlite3.Connection, part: Part, most: int) -> int:
    sql = f"SELECT count(*) FROM ({part.rows} LIMIT ?)"  # noqa: S608 - own constants
    size: int = connection.execute(sql, (*part.parameters, most)).fetchone()[0]
    return size


def _facets(
    connection: sqlite3.Connection, kind: str, where: Where, query: Query, first: Part | None
) -> dict[str, dict[str, int]]:
    """Field -> value -> matches."""
    counts: dict[str, dict[str, int]] = {name: {} for name in query.facets}
    if counts:
        for name, value, matches in connection.execute(*facets_sql(kind, where, query, first)):
            counts[name][value] = matches
    return counts
