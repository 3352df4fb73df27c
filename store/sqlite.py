"""The default back-end: one SQLite file, write-ahead mode, one connection a thread, short transactions."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import BadInput, Conflict, NotFound, Unavailable, WangxunError
from core.model import Stored
from core.records import from_json
from store.base import CREATE, FIELDS, Expect, Page, Query, Save, Saved, check_query, fields_of
from store.rows import Row, each_ready
from store.sqlite_schema import connect, prepare, translated, writing
from store.sqlite_search import found

# Records in one transaction, and characters of them: an import shares the disk's sync and the work on each page of the
# indexes among so many; other writers wait for some 0.2 s of it at most, readers never.
BATCH = 1_000
BATCH_CHARACTERS = 8_000_000

# The columns of `Fields.sorts`; a new one needs a migration.
_SORTS = sorted({f"sort_{name}" for fields in FIELDS.values() for name in fields.sorts})


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
        return [answer for batch in _batches(records) for answer in self._save_batch(batch)]

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
        with translated("searching"):
            connection = self._connection()
            connection.execute("BEGIN")
            try:
                return found(connection, kind, query)
            finally:
                connection.execute("ROLLBACK")

    def delete(self, kind: str, id: str) -> None:  # noqa: A002
        """See `Store.delete`."""
        fields_of(kind)
        with translated("deleting"):
            connection = self._connection()
            with writing(connection):
                for row, _ in _standing(connection, [(kind, id)]).values():
                    _unindex(connection, row)
                    connection.execute("DELETE FROM record WHERE row = ?", (row,))

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

    def _save_batch(self, rows: Sequence[_Row | Saved]) -> list[Saved]:
        """One transaction; a conflict is seen before anything is written and leaves the others alone."""
        try:
            with translated("saving"):
                connection = self._connection()
                with writing(connection):
                    return _write(connection, rows)
        except Unavailable as error:
            return [row if isinstance(row, Saved) else Saved(row.row.id, None, error) for row in rows]


def _batches(records: Sequence[Save]) -> Iterator[list[_Row | Saved]]:
    """Records made ready, a transaction's worth at a time.

    Outside the transaction: nobody should wait for folding. Not in a thread beside it: each statement would wait for
    Python's lock, and both take longer.
    """
    batch: list[_Row | Saved] = []
    characters = 0
    rows = each_ready(save.record for save in records)
    for save, row in zip(records, rows, strict=True):
        made = Saved(save.record.id, None, row) if isinstance(row, BadInput) else _Row(row, save.expect)
        batch.append(made)
        characters += 0 if isinstance(made, Saved) else len(made.row.body) + len(made.row.tokens)
        if len(batch) == BATCH or characters > BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


@dataclass(frozen=True)
class _Row:
    """One record made ready to be written, and what must be true before."""

    row: Row
    expect: Expect

    @property
    def name(self) -> tuple[str, str]:
        return self.row.kind, self.row.id


def _write(connection: sqlite3.Connection, rows: Sequence[_Row | Saved]) -> list[Saved]:
    """All that may be written, in order; new records are gathered and inserted together."""
    answers: list[Saved] = []
    fresh: dict[tuple[str, str], Row] = {}
    standing = _standing(connection, [each.name for each in rows if isinstance(each, _Row)])
    for each in rows:
        if isinstance(each, Saved):
            answers.append(each)
            continue
        if each.name in fresh:  # the same record a second time: it must be there to be changed
            _insert(connection, fresh)
            standing |= _standing(connection, [each.name])
        found = standing.get(each.name)
        error = _refusal(*each.name, each.expect, found)
        version = found[1] + 1 if found else 1
        answers.append(Saved(each.row.id, None, error) if error else Saved(each.row.id, version))
        if error is None and found is None:
            fresh[each.name] = each.row
        elif error is None and found is not None:
            _update(connection, each.row, found[0], version)
            standing[each.name] = found[0], version
    _insert(connection, fresh)
    return answers


def _insert(connection: sqlite3.Connection, fresh: dict[tuple[str, str], Row]) -> None:
    """Insert all and forget them; statement by statement it would take twice as long."""
    if not fresh:
        return
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'record'").fetchone()
    numbered = list(enumerate(fresh.values(), (last[0] if last else 0) + 1))
    connection.executemany(
        f"INSERT INTO record (row, kind, id, version, time, region, body, {', '.join(_SORTS)})"  # noqa: S608
        f" VALUES (?, ?, ?, 1, ?, ?, ?{', ?' * len(_SORTS)})",
        (
            (number, row.kind, row.id, row.time, row.region, row.body, *_sorts(row))
            for number, row in numbered
        ),
    )
    _index(connection, numbered)
    fresh.clear()


def _sorts(row: Row) -> list[int | None]:
    return [row.sorts.get(column.removeprefix("sort_")) for column in _SORTS]


def _update(connection: sqlite3.Connection, row: Row, number: int, version: int) -> None:
    _unindex(connection, number)
    connection.execute(
        f"UPDATE record SET version = ?, time = ?, region = ?, body = ?, {' = ?, '.join(_SORTS)} = ? WHERE row = ?",  # noqa: S608
        (version, row.time, row.region, row.body, *_sorts(row), number),
    )
    _index(connection, [(number, row)])


def _index(connection: sqlite3.Connection, numbered: Sequence[tuple[int, Row]]) -> None:
    connection.executemany(
        "INSERT INTO term (kind, name, value, row) VALUES (?, ?, ?, ?)",
        ((row.kind, name, value, number) for number, row in numbered for name, value in row.terms),
    )
    connection.executemany(
        "INSERT INTO words (rowid, tokens) VALUES (?, ?)",
        ((number, row.tokens) for number, row in numbered if row.tokens),
    )


def _standing(
    connection: sqlite3.Connection, names: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[int, int]]:
    """Row and version of those that are there; asked for one by one they would take a fifth of an import's time."""
    ids: dict[str, list[str]] = {}
    for kind, id_ in names:
        ids.setdefault(kind, []).append(id_)
    return {
        (kind, id_): (row, version)
        for kind, some in ids.items()
        for id_, row, version in connection.execute(
            f"SELECT id, row, version FROM record WHERE kind = ? AND id IN ({', '.join('?' * len(some))})",  # noqa: S608
            (kind, *some),
        )
    }


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
