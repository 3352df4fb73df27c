"""The SQLite back-end beside hand-written SQL over the same file."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.store_parts.memory import walked
from benchmarks.store_parts.timing import Processor, Ratio, Result, in_turns, of_turns, p95, set_aside
from core.model import Finding
from store.base import COUNT_LIMIT, Query, Save
from store.rows import Row, ready
from store.sqlite import SqliteStore
from store.sqlite_schema import connect, prepare

CHUNK = 1_000  # records in one call of `save`, as an import makes them
READS = 40  # searches of a reader in one turn: short ones, so that what else runs hits both sides
TURNS = 20

_PAGE = "SELECT body, version FROM record r WHERE kind = 'finding' {} ORDER BY time DESC, id DESC LIMIT 20"
_STATUS = "AND EXISTS (SELECT 1 FROM term t WHERE t.kind = 'finding' AND t.name = 'status' AND t.value = 'flagged' AND t.row = r.row)"
_CHANNEL = _STATUS.replace("status", "channel").replace("flagged", "forum")
_CONTACT = (
    "AND row IN (SELECT row FROM term WHERE kind = 'finding' AND name = 'contact_id' AND value = 'contact7')"
)
_WORDS = "AND row IN (SELECT rowid FROM words WHERE words MATCH '{}')"

# What officers ask for, and what somebody who knows the data would write for it.
SEARCHES: dict[str, tuple[Query, str]] = {
    "newest 20": (Query(), ""),
    "newest 20, status": (Query(where={"status": ("flagged",)}), _STATUS),
    "newest 20, status and channel": (
        Query(where={"status": ("flagged",), "channel": ("forum",)}), _STATUS + _CHANNEL,
    ),
    "newest 20, contact": (Query(where={"contact_id": ("contact7",)}), _CONTACT),
    "newest 20, region": (Query(region="330100"), "AND region >= '3301' AND region < '3301:'"),
    "newest 20, word": (Query(text="数学"), _WORDS.format('"x6570x5b66"')),
    "newest 20, two words": (
        Query(text="数学 一对一"), _WORDS.format('"x6570x5b66" AND "x4e00x5bf9 x5bf9x4e00"'),
    ),
}  # fmt: skip


# Milliseconds of a search by the clock and of the processor.
Used = tuple[float, float]


class Lite:
    """A SQLite store in `folder`, and beside it a file of the same shape that is written by hand."""

    LEAST = 0.6

    def __init__(self, folder: Path) -> None:
        self._place, self._bare_place = folder / "ours.sqlite3", folder / "bare.sqlite3"
        self._store = SqliteStore(self._place)
        prepare(self._bare_place)
        self._other = connect(self._bare_place)
        self._used = {"ours": Processor(), "bare": Processor()}

    def index(self, first: int, records: list[Finding]) -> tuple[float, float]:
        """See `progress.Side`; by turns, a call's worth each."""
        ours = theirs = 0.0
        with set_aside():
            for start in range(0, len(records), CHUNK):
                chunk = records[start : start + CHUNK]
                saves = [Save(record, "create") for record in chunk]
                rows = [(first + start + place, ready(record)) for place, record in enumerate(chunk, 1)]
                ours += self._used["ours"].count(CHUNK, lambda saves=saves: _saved(self._store, saves))  # type: ignore[misc]
                theirs += self._used["bare"].count(CHUNK, lambda rows=rows: _insert(self._other, rows))  # type: ignore[misc]
        return ours, theirs

    def steps(self) -> list[Callable[[Result], None]]:
        """See `progress.Side`."""
        return [self._searches, self._reader, self._walk]

    def _searches(self, result: Result) -> None:
        """The hand-written SQL reads the same file."""
        for side, used in self._used.items():
            if used.posts:  # none in a part that was only taken up again to search
                result.facts[f"indexing, CPU us a post, {side}"] = used.seconds / used.posts * 1e6
        bare = connect(self._place)
        # The writer beside readers has added some.
        count: int = bare.execute("SELECT count(*) FROM record").fetchone()[0]
        result.facts["file, bytes a post"] = self._place.stat().st_size / count
        result.ratios += [
            _search(self._store, bare, name, query, sql) for name, (query, sql) in SEARCHES.items()
        ]
        result.ratios.append(_facets(self._store, bare))
        bare.close()

    def _reader(self, result: Result) -> None:
        _beside_a_writer(self._store, self._place, result)

    def _walk(self, result: Result) -> None:
        result.facts |= walked(f"sqlite:///{self._place}")

    def close(self, *, remove: bool) -> None:
        """Close both files; `remove`: delete them as well, since the other back-end may want the room."""
        self._store.close()
        self._other.close()
        if remove:
            for place in (self._place, self._bare_place):
                for file in place.parent.glob(f"{place.name}*"):  # with its log and its shared memory
                    file.unlink()


def _saved(store: SqliteStore, saves: list[Save]) -> None:
    assert all(answer.error is None for answer in store.save(saves))


def _insert(bare: sqlite3.Connection, rows: list[tuple[int, Row]]) -> None:
    bare.execute("BEGIN IMMEDIATE")
    bare.executemany(
        "INSERT INTO record (row, kind, id, version, time, region, body, sort_first_seen, sort_score)"
        " VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?)",
        [
            (
                number,
                row.kind,
                row.id,
                row.time,
                row.region,
                row.body,
                row.sorts["first_seen"],
                row.sorts["score"],
            )
            for number, row in rows
        ],
    )
    bare.executemany(
        "INSERT INTO term (kind, name, value, row) VALUES (?, ?, ?, ?)",
        [(row.kind, name, value, number) for number, row in rows for name, value in row.terms],
    )
    bare.executemany(
        "INSERT INTO words (rowid, tokens) VALUES (?, ?)", [(number, row.tokens) for number, row in rows]
    )
    bare.execute("COMMIT")


def _search(store: SqliteStore, bare: sqlite3.Connection, name: str, query: Query, sql: str) -> Ratio:
    """Ours makes records of the rows and counts the matches; the bare side counts as well."""
    counted = (
        f"SELECT count(*) FROM (SELECT 1 FROM record r WHERE kind = 'finding' {sql} LIMIT {COUNT_LIMIT + 1})"  # noqa: S608
    )

    def plain() -> tuple[list[tuple[str, int]], int]:
        return bare.execute(_PAGE.format(sql)).fetchall(), bare.execute(counted).fetchone()[0]

    rows, total = plain()
    page = store.search("finding", query)
    assert [version for _, version in rows] == list(page.versions)
    assert min(total, COUNT_LIMIT) == page.total
    return in_turns(f"{name}, ms", lambda: store.search("finding", query), plain, most=3, own=True)


def _facets(store: SqliteStore, bare: sqlite3.Connection) -> Ratio:
    names = ("channel", "status", "code")
    sql = (
        "SELECT t.value, count(*) FROM (SELECT row FROM record WHERE kind = 'finding' ORDER BY time DESC, id DESC"
        " LIMIT 10000) m JOIN term t ON t.row = m.row AND t.name = ? GROUP BY t.value"
    )

    def plain() -> dict[str, dict[str, int]]:
        return {name: dict(bare.execute(sql, (name,))) for name in names}

    query = Query(facets=names, limit=1)
    assert plain() == store.search("finding", query).facets
    return in_turns(
        "facets of three fields, ms", lambda: store.search("finding", query), plain, most=4, own=True
    )


# As urgent as the crawls of a patrol, which are what writes while officers read.
_WRITER = """
import os, sys
from pathlib import Path
from itertools import islice
from store.base import Save
from store.sqlite import SqliteStore
from tests.store.posts import findings
from cli.patrol import NICENESS
os.nice(NICENESS)
store = SqliteStore(Path(sys.argv[1]))
# The moment of its start as seed: a second run must not save the same again.
stream = findings(int(sys.argv[2]), 10**9, 75)
print("ready", flush=True)
while True:
    store.save([Save(record) for record in islice(stream, 100)])
"""


def _beside_a_writer(store: SqliteStore, place: Path, result: Result) -> None:
    """How long readers wait while another process saves without a pause, and while it stands still, by turns.

    Their processor time as well: it tells what the writing itself costs them, whatever else the machine does.
    """
    command = [sys.executable, "-c", _WRITER, str(place), str(time.time_ns())]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    turns: list[tuple[list[Used], list[Used]]] = []
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        for _ in range(TURNS):
            writer.send_signal(signal.SIGSTOP)
            alone = _reads(store)
            writer.send_signal(signal.SIGCONT)
            turns.append((_reads(store), alone))
    finally:
        writer.kill()
        writer.wait()
        assert writer.stdout is not None
        writer.stdout.close()
    for part, name in enumerate(("reader p95 beside a writer, ms", "the same, CPU ms")):
        times = [([one[part] for one in busy], [one[part] for one in alone]) for busy, alone in turns]
        result.ratios.append(of_turns(name, times, p95, most=2))


def _reads(store: SqliteStore) -> list[Used]:
    query = Query(where={"status": ("flagged",)})
    times: list[Used] = []
    for _ in range(READS):
        used = Processor()
        clock = used.count(1, lambda: store.search("finding", query))
        times.append((clock * 1000, used.seconds * 1000))
    return times
