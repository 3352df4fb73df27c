"""The default back-end: one SQLite file, write-ahead mode, one connection a thread, short transactions."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import BadInput, Conflict, NotFound, Unavailable, WangxunError
from core.model import Stored
from core.records import from_json
from store.base import COUNT_LIMIT, CREATE, Expect, Page, Query, Save, Saved, check_query, fields_of
from store.cursors import Place, write_cursor
from store.rows import Row, ready
from store.sqlite_query import conditions, page_sql
from store.sqlite_schema import connect, prepare, translated, writing

# Records in one transaction: few enough that other writers wait only some ten milliseconds, enough to share the
# disk's sync, which costs as much as twenty records.
BATCH = 250


class SqliteStore:
    """A Store in the file `path`; its folder is made. Raises Unavailable; BadInput for a newer program's."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        self._open: list[sqlite3.Connection] = []
        self._closed = False
        with translated("opening it"):
            prepare(path)

    def save(self, records: Sequence[Save]) -> list[Saved]:
        """See `Store.save`."""
        answers: list[Saved] = []
        for start in range(0, len(records), BATCH):
            answers += self._save_batch(records[start : start + BATCH])
        return answers

    def load(self, kind: str, id: str) -> tuple[Stored, int]:  # noqa: A002 - the word of the protocol
        """See `Store.load`."""
        fields_of(kind)
        with translated("loading"):
            found = self._connection().execute(
                "SELECT body, version FROM record WHERE kind = ? AND id = ?", (kind, id)
            ).fetchone()  # fmt: skip
        if found is None:
            raise NotFound(f"no {kind} {id!r}")
        return from_json(kind, found[0]), found[1]

    def search(self, kind: str, query: Query) -> Page:
        """See `Store.search`. One read transaction: page, count and facets speak of the same moment."""
        check_query(kind, query)
        sql, parameters = page_sql(kind, query)
        with translated("searching"):
            connection = self._connection()
            connection.execute("BEGIN")
            try:
                rows = connection.execute(sql, parameters).fetchall()
                count = _count(connection, kind, query)
                facets = {name: _facet(connection, kind, query, name) for name in query.facets}
            finally:
                connection.execute("ROLLBACK")
        shown = rows[: query.limit]
        more = len(rows) > query.limit
        return Page(
            records=tuple(from_json(kind, row[0]) for row in shown),
            versions=tuple(row[1] for row in shown),
            total=min(count, COUNT_LIMIT),
            capped=count > COUNT_LIMIT,
            cursor=write_cursor(query.order, Place(shown[-1][2], shown[-1][3])) if more else None,
            facets=facets,
        )

    def delete(self, kind: str, id: str) -> None:  # noqa: A002
        """See `Store.delete`."""
        fields_of(kind)
        with translated("deleting"):
            connection = self._connection()
            with writing(connection):
                found = _find(connection, kind, id)
                if found is not None:
                    _unindex(connection, found[0])
                    connection.execute("DELETE FROM record WHERE row = ?", (found[0],))

    def flush(self) -> None:
        """Nothing to do: a search here sees every answered save."""

    def close(self) -> None:
        """See `Store.close`."""
        with self._lock:
            self._closed = True
            while self._open:
                self._open.pop().close()

    def _connection(self) -> sqlite3.Connection:
        """This thread's own connection, made at first use."""
        if self._closed:
            raise Unavailable("the store is closed")
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = connect(self._path)
            with self._lock:
                self._open.append(connection)
            self._local.connection = connection
        return connection

    def _save_batch(self, records: Sequence[Save]) -> list[Saved]:
        """One transaction; a conflict is seen before anything is written and leaves the others alone."""
        # Outside the transaction: folding and serialising are the slow part, and nobody should wait for them.
        rows = [_ready(save) for save in records]
        try:
            with translated("saving"):
                connection = self._connection()
                with writing(connection):
                    return [row if isinstance(row, Saved) else row.write(connection) for row in rows]
        except Unavailable as error:
            return [Saved(save.record.id, None, error) for save in records]


def _ready(save: Save) -> _Row | Saved:
    """The record made ready, or why it is none."""
    try:
        return _Row(ready(save.record), save.expect)
    except BadInput as refusal:
        return Saved(save.record.id, None, refusal)


@dataclass(frozen=True)
class _Row:
    """One record made ready to be written, and what must be true before."""

    row: Row
    expect: Expect

    def write(self, connection: sqlite3.Connection) -> Saved:
        found = _find(connection, self.row.kind, self.row.id)
        error = _refusal(self.row.kind, self.row.id, self.expect, found)
        if error is not None:
            return Saved(self.row.id, None, error)
        version = 1 if found is None else found[1] + 1
        row = self._insert(connection) if found is None else self._update(connection, found[0], version)
        connection.executemany(
            "INSERT INTO term (kind, name, value, row) VALUES (?, ?, ?, ?)",
            [(self.row.kind, name, value, row) for name, value in self.row.terms],
        )
        if self.row.tokens:
            connection.execute("INSERT INTO words (rowid, tokens) VALUES (?, ?)", (row, self.row.tokens))
        return Saved(self.row.id, version)

    def _insert(self, connection: sqlite3.Connection) -> int:
        cursor = connection.execute(
            "INSERT INTO record (kind, id, version, time, region, body) VALUES (?, ?, 1, ?, ?, ?)",
            (self.row.kind, self.row.id, self.row.time, self.row.region, self.row.body),
        )
        if cursor.lastrowid is None:
            raise sqlite3.InternalError("an insert gave no row")
        return cursor.lastrowid

    def _update(self, connection: sqlite3.Connection, row: int, version: int) -> int:
        _unindex(connection, row)
        connection.execute(
            "UPDATE record SET version = ?, time = ?, region = ?, body = ? WHERE row = ?",
            (version, self.row.time, self.row.region, self.row.body, row),
        )
        return row


def _find(connection: sqlite3.Connection, kind: str, id_: str) -> tuple[int, int] | None:
    found: tuple[int, int] | None = connection.execute(
        "SELECT row, version FROM record WHERE kind = ? AND id = ?", (kind, id_)
    ).fetchone()
    return found


def _refusal(kind: str, id_: str, expect: Expect, found: tuple[int, int] | None) -> WangxunError | None:
    """Why this record may not be written, or None."""
    if expect == CREATE and found is not None:
        return Conflict(f"{kind} {id_!r} exists already")
    if isinstance(expect, int) and (found is None or found[1] != expect):
        now = "it is gone" if found is None else f"it is at {found[1]}"
        return Conflict(f"{kind} {id_!r} was loaded at version {expect}; {now}")
    return None


def _unindex(connection: sqlite3.Connection, row: int) -> None:
    connection.execute("DELETE FROM term WHERE row = ?", (row,))
    connection.execute("DELETE FROM words WHERE rowid = ?", (row,))


def _count(connection: sqlite3.Connection, kind: str, query: Query) -> int:
    """Matches, counted to one beyond the limit."""
    where = conditions(kind, query)
    sql = f"SELECT count(*) FROM (SELECT 1 FROM record r WHERE {where.sql()} LIMIT ?)"  # noqa: S608 - own constants
    count: int = connection.execute(sql, [*where.parameters, COUNT_LIMIT + 1]).fetchone()[0]
    return count


def _facet(connection: sqlite3.Connection, kind: str, query: Query, name: str) -> dict[str, int]:
    """Value -> matches, most frequent first, among the first COUNT_LIMIT matches in the query's order."""
    where = conditions(kind, query)
    direction = "DESC" if query.order == "newest" else "ASC"
    sql = (
        "SELECT t.value, count(*) FROM (SELECT r.row AS row FROM record r"  # noqa: S608 - own constants
        f" WHERE {where.sql()} ORDER BY r.time {direction}, r.id {direction} LIMIT ?) m"
        " JOIN term t ON t.row = m.row AND t.name = ? GROUP BY t.value ORDER BY count(*) DESC, t.value"
    )
    return dict(connection.execute(sql, [*where.parameters, COUNT_LIMIT, name]))
