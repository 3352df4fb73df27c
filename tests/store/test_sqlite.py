"""The SQLite back-end: the one suite, and what only a file can suffer."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import BadInput, NotFound, Unavailable
from core.records import to_json
from store import open_store, sqlite_schema
from store.base import Query, Save, Store, save_one
from store.sqlite import SqliteStore
from tests.cli.processes import PATIENCE
from tests.store.conformance import NOON, StoreConformance, finding, ids, lead

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "50%.sqlite3"


class TestSqlite(StoreConformance):
    @pytest.fixture
    def store(self, place: Path) -> Iterator[Store]:
        store = open_store(f"sqlite:///{place}")
        yield store
        store.close()


@pytest.mark.parametrize("url", ["", "sqlite:///", "mysql://x", "sqlite://x"])
def test_unknown_addresses(url: str) -> None:
    with pytest.raises(BadInput):
        open_store(url)


def test_what_was_saved_is_there_after_opening_again(place: Path) -> None:
    first = SqliteStore(place)
    save_one(first, finding("f", "家教"))
    first.close()
    second = SqliteStore(place)
    assert [record.id for record in second.search("finding", Query(text="家教")).records] == ["f"]
    second.close()


def test_a_closed_store_says_so(place: Path) -> None:
    store = SqliteStore(place)
    store.close()
    with pytest.raises(Unavailable):
        store.load("lead", "a")
    [saved] = store.save([Save(lead("a"))])
    assert isinstance(saved.error, Unavailable)


def test_half_a_character_is_bad_input(place: Path) -> None:
    store = SqliteStore(place)
    with pytest.raises(BadInput):
        store.load("lead", "\ud800")
    answers = store.save([Save(lead("a", "\ud800")), Save(lead("\ud800")), Save(lead("b"))])
    assert [type(answer.error) for answer in answers] == [BadInput, BadInput, type(None)]
    store.close()


def test_a_locked_database_is_unavailable_and_recovers(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_schema, "BUSY_SECONDS", 0.05)
    store = SqliteStore(place)
    other = sqlite3.connect(place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable) as caught:
        save_one(store, lead("a"))
    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
    other.execute("ROLLBACK")
    other.close()
    assert save_one(store, lead("a")) == 1
    store.close()


def test_a_full_disk_is_unavailable_and_leaves_nothing_half(place: Path) -> None:
    store = SqliteStore(place)
    save_one(store, lead("a", "家教"))
    # SQLite's own limit answers exactly as a full disk does (SQLITE_FULL).
    store._connection().execute("PRAGMA max_page_count = 40")
    [saved] = store.save([Save(lead("big", "数学" * 100_000))])
    assert isinstance(saved.error, Unavailable)
    store._connection().execute("PRAGMA max_page_count = 1000000")
    with pytest.raises(NotFound):
        store.load("lead", "big")
    assert store.search("lead", Query(text="数学")).total == 0
    assert save_one(store, lead("b")) == 1
    store.close()


def test_what_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"this is no database, and long enough to be looked at" * 20)
    with pytest.raises(Unavailable):
        SqliteStore(tmp_path / "x")
    with pytest.raises(Unavailable):
        SqliteStore(tmp_path / "x" / "below a file")


def test_a_newer_programs_file_is_left_alone(place: Path) -> None:
    SqliteStore(place).close()
    connection = sqlite3.connect(place)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(BadInput):
        SqliteStore(place)


def test_a_migration_and_its_number_are_one_transaction(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SqliteStore(place).close()

    def breaks(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE more (x)")
        raise sqlite3.OperationalError("power cut")

    old = sqlite_schema.MIGRATIONS
    monkeypatch.setattr(sqlite_schema, "MIGRATIONS", (*old, breaks))
    with pytest.raises(Unavailable):
        SqliteStore(place)
    monkeypatch.setattr(sqlite_schema, "MIGRATIONS", (*old, lambda db: db.execute("CREATE TABLE more (x)")))
    store = SqliteStore(place)
    assert store._connection().execute("PRAGMA user_version").fetchone() == (len(old) + 1,)
    store.close()


def test_findings_of_an_older_file_get_their_places_in_the_new_orders(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_schema, "MIGRATIONS", sqlite_schema.MIGRATIONS[:2])
    SqliteStore(place).close()
    monkeypatch.undo()
    old = sqlite3.connect(place)
    for name, score, days in (("a", 0.25, 1), ("b", 0.75, 2)):
        body = to_json(finding(name, score=score, first_seen=NOON - timedelta(days=days)))
        row = ("finding", name, 1, 0, "", body)
        old.execute(
            "INSERT INTO record (kind, id, version, time, region, body) VALUES (?, ?, ?, ?, ?, ?)", row
        )
    old.execute(
        "INSERT INTO record (kind, id, version, time, region, body) VALUES ('lead', 'a', 1, 0, '', '{}')"
    )
    old.commit()
    old.close()
    store = SqliteStore(place)
    save_one(store, finding("c", score=0.5))
    assert ids(store.search("finding", Query(order="-score"))) == ["b", "c", "a"]
    assert ids(store.search("finding", Query(order="first_seen"))) == ["b", "a", "c"]
    store.close()


def test_each_thread_has_its_own_connection(place: Path) -> None:
    store = SqliteStore(place)
    seen: list[sqlite3.Connection] = [store._connection()]
    thread = threading.Thread(target=lambda: seen.append(store._connection()))
    thread.start()
    thread.join()
    assert seen[0] is store._connection()
    assert seen[0] is not seen[1]
    store.close()


def _child(code: str, *arguments: str) -> subprocess.Popen[str]:
    head = """
        import sys
        from datetime import UTC, datetime
        from pathlib import Path
        from core.errors import Conflict
        from core.model import Lead
        from store.base import Query, Save, CREATE
        from store.sqlite import SqliteStore
        NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
        store = SqliteStore(Path(sys.argv[1]))
    """
    program = textwrap.dedent(head) + textwrap.dedent(code)
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_processes_that_open_and_count_together_lose_nothing(place: Path) -> None:
    code = """
        store.save([Save(Lead(id="sum", text="0", received_at=NOON), CREATE)])
        for _ in range(25):
            while True:
                old, version = store.load("lead", "sum")
                new = Lead(id="sum", text=str(int(old.text) + 1), received_at=NOON)
                [saved] = store.save([Save(new, version)])
                if saved.error is None:
                    break
                assert isinstance(saved.error, Conflict), saved.error
        store.close()
    """
    children = [_child(code, str(place)) for _ in range(2)]
    assert [child.wait(timeout=PATIENCE) for child in children] == [0, 0]
    for child in children:
        assert child.stdout is not None
        child.stdout.close()
    store = SqliteStore(place)
    assert store.load("lead", "sum") == (lead("sum", "50"), 51)
    store.close()


@pytest.mark.parametrize("answers", [1, 40, 111])
def test_kill_in_a_save_loses_no_answered_record(place: Path, answers: int) -> None:
    code = """
        import itertools
        for number in itertools.count():
            batch = [Lead(id=f"{number}-{part}", text=f"家教{number}", received_at=NOON) for part in range(3)]
            store.save([Save(record) for record in batch])
            print(number, flush=True)
    """
    child = _child(code, str(place))
    assert child.stdout is not None
    for _ in range(answers):
        last = int(child.stdout.readline())
    child.send_signal(signal.SIGKILL)
    child.wait()
    last = int((child.stdout.read().split() or [str(last)])[-1])
    child.stdout.close()
    store = SqliteStore(place)
    for number in range(last + 1):
        for part in range(3):
            assert store.load("lead", f"{number}-{part}")[1] == 1
    # What is in the index is what is in the table.
    page = store.search("lead", Query(text="家教", limit=1000))
    assert page.total == store.search("lead", Query(limit=1000)).total
    assert store._connection().execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store.close()
