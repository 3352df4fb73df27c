"""SQLite connections, tables, ordered migrations; a migration and its number are one transaction."""

from __future__ import annotations

import fcntl
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from core.errors import BadInput, StoreAway
from store.moments import microseconds

# Seconds to wait for another writer. Transactions are milliseconds long, so this is hit only by a hung disk.
BUSY_SECONDS = 30.0


def _first(connection: sqlite3.Connection) -> None:
    """Records, their filter terms, and the index of character pairs.

    The pair index keeps its own tokens: SQLite 3.40 cannot delete from a contentless one, and deleting with
    tokens computed anew would corrupt the index as soon as folding changes.
    """
    connection.execute(
        "CREATE TABLE record (row INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL,"
        " version INTEGER NOT NULL, time INTEGER NOT NULL, region TEXT NOT NULL, body TEXT NOT NULL,"
        " UNIQUE (kind, id))"
    )
    connection.execute("CREATE INDEX record_by_time ON record (kind, time, row)")
    connection.execute("CREATE INDEX record_by_region ON record (kind, region)")
    connection.execute(
        "CREATE TABLE term (kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,"
        " row INTEGER NOT NULL, PRIMARY KEY (kind, name, value, row)) WITHOUT ROWID"
    )
    connection.execute("CREATE INDEX term_by_row ON term (row, name)")
    # The tokens are ASCII by construction; `_` is the end mark and must stay part of its token.
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(tokens, tokenize=\"ascii tokenchars '_'\")")


def _ties_by_id(connection: sqlite3.Connection) -> None:
    """Records of one moment in the order of their ids, as every back-end can, no longer of their rows."""
    connection.execute("CREATE INDEX record_by_time_and_id ON record (kind, time, id)")
    connection.execute("DROP INDEX record_by_time")


def _sorts(connection: sqlite3.Connection) -> None:
    """Orders of findings beside that of time: a column and an index each, for the records that have one."""
    for name in ("first_seen", "score"):
        connection.execute(f"ALTER TABLE record ADD COLUMN sort_{name} INTEGER")
    connection.create_function("sort_of", 2, _sort_of, deterministic=True)
    connection.execute(
        "UPDATE record SET sort_first_seen = sort_of(body, 'first_seen'), sort_score = sort_of(body, 'score')"
        " WHERE kind = 'finding'"
    )
    for name in ("first_seen", "score"):
        connection.execute(
            f"CREATE INDEX record_by_{name} ON record (kind, sort_{name}, id) WHERE sort_{name} IS NOT NULL"
        )


def _sort_of(body: str, name: str) -> int:
    """As `store.fields` had it when this migration was written."""
    plain = json.loads(body)
    if name == "first_seen":
        return microseconds(datetime.fromisoformat(plain["first_seen"]))
    score: float = plain["versions"][-1]["verdict"]["score"]
    return round(score * 1_000_000)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first, _ties_by_id, _sorts)


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """No driver's error leaves the store: full, locked, read-only or broken is StoreAway, cause kept."""
    try:
        yield
    except UnicodeEncodeError as error:
        # Half a character (a lone surrogate), as hostile pages write it, is no text that a database can hold.
        raise BadInput(f"not a text that can be stored or looked for: {error.object!r}") from error
    except (sqlite3.Error, OSError) as error:
        raise StoreAway(f"the database cannot be used while {doing}: {error}") from error


def connect(path: Path) -> sqlite3.Connection:
    """A connection that has no transaction of its own making; the caller says BEGIN."""
    # check_same_thread: each thread uses only its own, but close() may come from another thread.
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    # FULL: an answered save survives a power cut (160 us a row where a page takes 1,600 us).
    connection.execute("PRAGMA synchronous = FULL")
    return connection


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """One short write transaction. IMMEDIATE: a read that turns into a write could not wait for its turn."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def prepare(path: Path) -> None:
    """Make the file, switch to write-ahead mode, migrate. Raises BadInput when a newer program made the
    file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two openers at once: SQLite does not wait while the journal mode is switched, so they queue on a lock
    # file.
    with path.with_name(path.name + ".opening").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        connection = connect(path)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            migrate(connection)
        finally:
            connection.close()


def migrate(connection: sqlite3.Connection) -> None:
    """Run the migrations that this file has not seen, each in one transaction with its number."""
    done: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if done > len(MIGRATIONS):
        raise BadInput(f"the database was made by a newer version (schema {done}): update first")
    for number, migration in enumerate(MIGRATIONS[done:], done + 1):
        with writing(connection):
            migration(connection)
            connection.execute(f"PRAGMA user_version = {number}")
