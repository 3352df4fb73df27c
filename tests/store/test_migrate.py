"""Change of shape on a running cluster: nothing lost, nothing doubled, versions kept, whatever breaks it off."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import elasticsearch
import pytest

from core.errors import BadInput, Conflict, NotFound, ReadOnly, Unavailable
from core.model import Lead
from store import migrate_store, open_store
from store.base import Query, Save, Store, save_one
from store.elasticsearch import migrate, schema, writing
from store.elasticsearch.client import Client
from tests.elasticsearch.fixtures import driver as a_driver
from tests.store.conformance import NOON, ids, lead, run_all


class PowerCut(BaseException):
    """What breaks a migration off without giving it a last word."""


def quiet(line: str) -> None:
    """Told to nobody."""


@pytest.fixture
def old(elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of the shape before, with 120 records, which its holder goes on using."""
    monkeypatch.setattr(migrate, "BATCH", 7)  # many small steps
    monkeypatch.setattr(migrate, "FEW", 3)
    monkeypatch.setattr(schema, "SHAPE", 0)
    store = open_store(f"{elasticsearch_url}?shards=2")
    store.save([Save(lead(f"{number:03d}", f"家教{number}", hours=number)) for number in range(120)])
    store.save([Save(lead("007", "changed"))])
    store.delete("lead", "100")
    monkeypatch.setattr(schema, "SHAPE", 1)
    yield store
    store.close()


@pytest.fixture
def driver(elasticsearch_server: str) -> Iterator[elasticsearch.Elasticsearch]:
    with a_driver(elasticsearch_server) as driver:
        yield driver


def check(url: str) -> None:
    """All that the old one held stands in a store of today's shape."""
    store = open_store(url)
    store.flush()
    page = store.search("lead", Query(limit=1000, order="oldest"))
    assert sorted(ids(page)) == [f"{number:03d}" for number in range(120) if number != 100]
    assert [version for version in page.versions if version != 1] == [2]
    assert store.load("lead", "007") == (lead("007", "changed"), 2)
    assert ids(store.search("lead", Query(text="家教119"))) == ["119"]
    store.close()


def indices(driver: elasticsearch.Elasticsearch, url: str) -> list[str]:
    return sorted(driver.indices.get(index=f"{urlsplit(url).path[1:]}-*"))


def test_another_shape_is_refused_until_it_is_migrated(
    old: Store, elasticsearch_url: str, driver: elasticsearch.Elasticsearch
) -> None:
    with pytest.raises(BadInput, match="wangxun store migrate"):
        open_store(elasticsearch_url)
    told: list[str] = []
    migrate_store(elasticsearch_url, "", told.append)
    assert told[-1] == "lead: 119 records moved"
    check(elasticsearch_url)
    assert indices(driver, elasticsearch_url) == [f"{urlsplit(elasticsearch_url).path[1:]}-lead-v2"]
    migrate_store(elasticsearch_url, "", told.append)
    assert told[-1] == "nothing to do"
    check(elasticsearch_url)


def test_whoever_has_it_open_goes_on(old: Store, elasticsearch_url: str) -> None:
    record, version = old.load("lead", "005")
    assert isinstance(record, Lead)
    migrate_store(elasticsearch_url, "", quiet)
    assert save_one(old, record.model_copy(update={"text": "later"}), version) == version + 1
    with pytest.raises(Conflict):
        save_one(old, record, version)
    assert old.load("lead", "005")[1] == version + 1


def _step(name: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut the power at the `number`th call of that step."""
    real = getattr(migrate.Move, name)
    calls = itertools.count(1)

    def cut(self: migrate.Move, *arguments: object, **more: object) -> object:
        if next(calls) == number:
            raise PowerCut
        return real(self, *arguments, **more)

    monkeypatch.setattr(migrate.Move, name, cut)


STEPS = [
    ("_write", 1),
    ("_write", 9),
    ("_note", 1),
    ("copy", 2),
    ("_block", 1),
    ("_made_equal", 1),
    ("_switch", 1),
]


@pytest.mark.parametrize(("name", "number"), STEPS)
@pytest.mark.parametrize("last_word", [True, False])
def test_broken_off_anywhere_it_is_taken_up_again(
    old: Store,
    elasticsearch_url: str,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    number: int,
    last_word: bool,
) -> None:
    with monkeypatch.context() as patch:
        if not last_word:  # killed: nobody opens the old index again
            real = migrate.Move._block
            patch.setattr(migrate.Move, "_block", lambda self, closed: real(self, closed) if closed else None)
        _step(name, number, patch)
        with pytest.raises(PowerCut):
            migrate_store(elasticsearch_url, "", quiet)
    migrate_store(elasticsearch_url, "", quiet)
    check(elasticsearch_url)


def test_broken_off_after_the_switch_only_the_old_index_is_left(
    old: Store, elasticsearch_url: str, driver: elasticsearch.Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = migrate.Move._switch

    def switched(self: migrate.Move) -> None:
        real(self)
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(migrate.Move, "_switch", switched)
        with pytest.raises(PowerCut):
            migrate_store(elasticsearch_url, "", quiet)
    check(elasticsearch_url)
    assert len(indices(driver, elasticsearch_url)) == 2
    migrate_store(elasticsearch_url, "", quiet)
    assert len(indices(driver, elasticsearch_url)) == 1
    check(elasticsearch_url)


def test_an_index_begun_for_a_third_shape_is_thrown_away(
    old: Store, elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        _step("_block", 1, patch)
        patch.setattr(schema, "SHAPE", 2)
        with pytest.raises(PowerCut):
            migrate_store(elasticsearch_url, "", quiet)
    migrate_store(elasticsearch_url, "", quiet)
    check(elasticsearch_url)


def test_what_was_copied_is_not_copied_again(
    old: Store, elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        _step("_block", 1, patch)
        with pytest.raises(PowerCut):
            migrate_store(elasticsearch_url, "", quiet)
    told: list[str] = []
    migrate_store(elasticsearch_url, "", told.append)
    assert told[0].endswith("taken up again")
    assert told[1:] == ["lead: 0 copied", "lead: 0 copied", "lead: 119 records moved"]


def test_what_is_saved_and_deleted_meanwhile_is_kept(
    old: Store, elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between any two steps somebody saves, makes anew and deletes."""
    real = Client.bulk
    numbers = itertools.count()

    def disturbed(
        self: Client, operations: Iterable[dict[str, Any] | bytes], alias: str | None = None
    ) -> list[dict[str, Any]]:
        lines = list(operations)
        answer = real(self, lines, alias)
        if any("-v2-write" in str(line) for line in lines[:1]) and (number := next(numbers)) < 8:
            save_one(old, lead(f"new{number}"))
            save_one(old, lead("050", f"edit {number}"))
            old.delete("lead", f"{number:03d}")
        return answer

    monkeypatch.setattr(Client, "bulk", disturbed)
    migrate_store(elasticsearch_url, "", quiet)
    monkeypatch.undo()
    store = open_store(elasticsearch_url)
    store.flush()
    gone = {*range(8), 100}
    expected = {f"{number:03d}" for number in range(120) if number not in gone} | {
        f"new{n}" for n in range(8)
    }
    page = store.search("lead", Query(limit=1000))
    assert sorted(ids(page)) == sorted(expected)
    assert store.load("lead", "050") == (lead("050", "edit 7", hours=50 - 50), 9)
    store.close()


def test_a_record_deleted_and_made_anew_between_two_passes(
    old: Store, elasticsearch_url: str, driver: elasticsearch.Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts its versions from one again, below what was copied before."""
    real = migrate.Move.copy
    index = f"{urlsplit(elasticsearch_url).path[1:]}-lead-v1"
    # The server forgets the versions of what was deleted after a minute; here at once.
    driver.indices.put_settings(index=index, settings={"index.gc_deletes": "0s"})
    passes = itertools.count()

    def disturbed(self: migrate.Move) -> int:
        copied = real(self)
        if next(passes) == 0:
            old.delete("lead", "007")
            old.flush()
            driver.indices.flush(index=index, force=True)
            save_one(old, lead("007", "anew"), "create")
        return copied

    monkeypatch.setattr(migrate.Move, "copy", disturbed)
    migrate_store(elasticsearch_url, "", quiet)
    monkeypatch.undo()
    store = open_store(elasticsearch_url)
    assert store.load("lead", "007")[0] == lead("007", "anew")
    store.close()


def test_writers_at_work_lose_and_double_nothing(
    old: Store, elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two count in one record by its version while the shape is changed; one adds records."""
    # The moment in which the old index is closed may be long on a machine that is busy otherwise.
    monkeypatch.setattr(writing, "PAUSES", (*writing.PAUSES, 12.8, 25.6, 51.2))
    save_one(old, lead("sum", "0"))
    migrated = threading.Event()
    added: list[str] = []
    counted = [0, 0]

    def change() -> None:
        try:
            migrate_store(elasticsearch_url, "", quiet)
        finally:
            migrated.set()

    def count(who: int) -> None:
        while not migrated.is_set():
            record, version = old.load("lead", "sum")
            assert isinstance(record, Lead)
            [saved] = old.save([Save(lead("sum", str(int(record.text) + 1)), version)])
            counted[who] += saved.error is None
            assert saved.error is None or isinstance(saved.error, Conflict)

    def add() -> None:
        for number in itertools.count():
            if migrated.is_set():
                return
            save_one(
                old, Lead(id=f"add{number}", text="", received_at=NOON + timedelta(seconds=number)), "create"
            )
            added.append(f"add{number}")

    run_all([change, lambda: count(0), lambda: count(1), add])
    store = open_store(elasticsearch_url)
    total = sum(counted)
    assert total > 0
    assert store.load("lead", "sum") == (lead("sum", str(total)), total + 1)
    for name in added:
        assert store.load("lead", name)[1] == 1
    store.flush()
    assert store.search("lead", Query(limit=1)).total == 119 + 1 + len(added)
    store.close()


def test_while_it_is_closed_for_writing_savers_wait_and_then_say_so(
    old: Store, driver: elasticsearch.Elasticsearch, elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PAUSES", (0.0, 0.0))
    driver.indices.add_block(index=f"{urlsplit(elasticsearch_url).path[1:]}-lead-v1", block="write")
    with pytest.raises(ReadOnly, match="blocked"):
        save_one(old, lead("x"))
    with pytest.raises(Unavailable):
        save_one(old, lead("007"), 2)
    with pytest.raises(NotFound):
        old.load("lead", "x")
    migrate_store(elasticsearch_url, "", quiet)
    assert save_one(old, lead("x")) == 1


def test_a_document_that_cannot_be_copied_leaves_the_old_in_use(
    old: Store, elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken: Callable[..., object] = lambda *_: [{"status": 503, "error": {"reason": "no shard"}}] * 7  # noqa: E731
    with monkeypatch.context() as patch:
        patch.setattr(migrate.Client, "bulk", broken)
        with pytest.raises(Unavailable):
            migrate_store(elasticsearch_url, "", quiet)
    assert save_one(old, lead("007", "changed"), 2) == 3


def test_a_file_needs_no_command(tmp_path_factory: pytest.TempPathFactory) -> None:
    told: list[str] = []
    migrate_store(f"sqlite:///{tmp_path_factory.mktemp('m') / 'x.sqlite3'}", "", told.append)
    assert told[0].startswith("nothing")
