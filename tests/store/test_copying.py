"""Everything from one back-end to the other and back, proved by counts and digests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import BadInput
from core.model import Officer
from store import open_store
from store.base import Save, Store, save_one
from store.copying import check_places, content, copy
from tests.store.conformance import finding, lead
from tests.store.posts import findings


def quiet(line: str) -> None:
    """Told to nobody."""


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'source.sqlite3'}")
    # More than a page, and several of one moment at its border.
    store.save([Save(record) for record in findings(3, 1_100, 4)])
    store.save([Save(lead(f"{number}", "数🍠\u0000")) for number in range(20)])
    save_one(store, Officer(id="li", name="李", role="reviewer", department="", password_hash="x"))
    yield store
    store.close()


@pytest.fixture
def target(store_url: str) -> Iterator[Store]:
    store = open_store(store_url)
    yield store
    store.close()


def test_everything_is_copied_and_proved(source: Store, target: Store) -> None:
    compared = copy(source, target, quiet)
    assert all(one.equal for one in compared)
    counts = {one.kind: one.target.count for one in compared if one.target.count}
    assert counts == {"finding": 1_100, "lead": 20, "officer": 1}
    assert target.load("lead", "7")[0] == source.load("lead", "7")[0]


def test_and_back(source: Store, target: Store, tmp_path: Path) -> None:
    copy(source, target, quiet)
    back = open_store(f"sqlite:///{tmp_path / 'back.sqlite3'}")
    assert all(one.equal for one in copy(target, back, quiet))
    assert content(back, "finding") == content(source, "finding")
    back.close()


def test_a_target_that_is_not_empty_is_left_alone(source: Store, target: Store) -> None:
    save_one(target, lead("7", "mine"))
    with pytest.raises(BadInput, match="--again"):
        copy(source, target, quiet)
    assert target.load("lead", "7") == (lead("7", "mine"), target.load("lead", "7")[1])


def test_a_copy_that_broke_off_goes_on(source: Store, target: Store) -> None:
    copy(source, target, quiet)
    save_one(source, lead("7", "changed since"))
    save_one(source, finding("new"))
    compared = copy(source, target, quiet, again=True)
    assert all(one.equal for one in compared)
    assert target.load("lead", "7")[0] == lead("7", "changed since")


def test_what_is_only_in_the_target_is_found(source: Store, target: Store) -> None:
    copy(source, target, quiet)
    save_one(target, lead("foreign"))
    unequal = [one for one in copy(source, target, quiet, again=True) if not one.equal]
    assert [(one.kind, one.source.count, one.target.count) for one in unequal] == [("lead", 20, 21)]


def test_the_digest_sees_one_character(source: Store, tmp_path: Path) -> None:
    before = content(source, "lead")
    save_one(source, lead("7", "数🍠\u0001"))
    after = content(source, "lead")
    assert before.count == after.count
    assert before.digest != after.digest


def test_an_empty_source_is_a_slip_in_its_address(target: Store, tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{tmp_path / 'empty.sqlite3'}")) as empty:
        for again in (False, True):
            with pytest.raises(BadInput, match="no records"):
                copy(empty, target, quiet, again=again)


def test_a_source_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "missing.sqlite3"
    with pytest.raises(BadInput, match="there is no store"):
        check_places(f"sqlite:///{missing}", f"sqlite:///{tmp_path / 'new.sqlite3'}")
    assert not missing.exists()


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("sqlite:///var/a.sqlite3", "sqlite:///var/../var/a.sqlite3"),
        ("http://es/wangxun", "http://es:9200/wangxun/"),
        ("https://es:9200,es2:9200/wangxun", "https://li:secret@es2/wangxun?timeout=60"),
    ],
)
def test_a_store_is_not_copied_onto_itself(one: str, same: str) -> None:
    for source, goal in ((one, same), (same, one)):
        with pytest.raises(BadInput, match="the same store"):
            check_places(source, goal)


def test_two_installations_on_one_cluster_are_two_places() -> None:
    check_places("http://es/north", "http://es/south")
