"""The SQLite back-end beside hand-written SQL over the same file."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks.store_parts.timing import Ratio, Result, in_turns, p95, seconds
from core.model import Finding
from store.base import COUNT_LIMIT, Query, Save
from store.rows import Row, ready
from store.sqlite import SqliteStore
from store.sqlite_schema import connect, prepare
from tests.store.posts import findings

CHUNK = 1_000  # records in one call of `save`, as an import makes them
LENGTH = 75  # words of a body: about 260 characters, as real posts have
READS = 400  # searches of which the 95th percentile is taken

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


def chunks(posts: int) -> Iterator[list[Finding]]:
    """Generated findings, a call's worth at a time."""
    stream = findings(1, posts, LENGTH)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


def measure(folder: Path, posts: int) -> Result:
    """All figures of one size."""
    result = Result(posts)
    place = folder / f"{posts}.sqlite3"
    store = SqliteStore(place)
    result.ratios.append(_indexing(store, folder / "bare.sqlite3", posts))
    size = place.stat().st_size / posts
    result.notes.append(f"file: {size:,.0f} bytes a post")
    bare = connect(place)
    result.ratios += [_search(store, bare, name, query, sql) for name, (query, sql) in SEARCHES.items()]
    result.ratios.append(_facets(store, bare))
    result.ratios.append(_beside_a_writer(store, place))
    bare.close()
    store.close()
    return result


def _indexing(store: SqliteStore, other: Path, posts: int) -> Ratio:
    prepare(other)
    bare = connect(other)
    ours = theirs = 0.0
    for number, chunk in enumerate(chunks(posts)):
        saves = [Save(record) for record in chunk]
        rows = [(number * CHUNK + place, ready(record)) for place, record in enumerate(chunk, 1)]
        ours += seconds(lambda saves=saves: store.save(saves))  # type: ignore[misc]
        theirs += seconds(lambda rows=rows: _insert(bare, rows))  # type: ignore[misc]
    bare.close()
    other.unlink()
    return Ratio("posts indexed a second", posts / ours, posts / theirs, least=0.6)


def _insert(bare: sqlite3.Connection, rows: list[tuple[int, Row]]) -> None:
    bare.execute("BEGIN IMMEDIATE")
    bare.executemany(
        "INSERT INTO record (row, kind, id, version, time, region, body) VALUES (?, ?, ?, 1, ?, ?, ?)",
        [(number, row.kind, row.id, row.time, row.region, row.body) for number, row in rows],
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
    return Ratio(f"{name}, ms", *_milliseconds(lambda: store.search("finding", query), plain), most=3)


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
    return Ratio(
        "facets of three fields, ms", *_milliseconds(lambda: store.search("finding", query), plain), most=4
    )


def _milliseconds(ours: Callable[[], object], bare: Callable[[], object]) -> tuple[float, float]:
    first, second = in_turns(ours, bare)
    return first * 1000, second * 1000


_WRITER = """
import sys
from pathlib import Path
from itertools import islice
from store.base import Save
from store.sqlite import SqliteStore
from tests.store.posts import findings
store = SqliteStore(Path(sys.argv[1]))
stream = findings(99, 10**9, 75)
print("ready", flush=True)
while True:
    store.save([Save(record) for record in islice(stream, 100)])
"""


def _beside_a_writer(store: SqliteStore, place: Path) -> Ratio:
    """How long readers wait while another process saves without a pause."""
    alone = _reads(store)
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(place)], stdout=subprocess.PIPE, text=True)
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        busy = _reads(store)
    finally:
        writer.kill()
        writer.wait()
        assert writer.stdout is not None
        writer.stdout.close()
    return Ratio("reader p95 beside a writer, ms", p95(busy) * 1000, p95(alone) * 1000, most=2)


def _reads(store: SqliteStore) -> list[float]:
    query = Query(where={"status": ("flagged",)})
    times = []
    for _ in range(READS):
        start = time.perf_counter()
        store.search("finding", query)
        times.append(time.perf_counter() - start)
    return times
