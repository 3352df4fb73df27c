"""Reading while nothing can be written: what was looked at is noted all the same, and stands in the trail later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from casework import audit, intake, landing, officers, review, shelf
from casework.desk import Desk
from core.errors import Conflict, ReadOnly, StoreAway, Unavailable
from core.model import SYSTEM, AuditEntry, Finding
from store.base import Query
from tests.casework.away import Switch, switched
from tests.casework.desks import actor, make_capture, make_desk, make_post


@pytest.fixture
def away(tmp_path: Path) -> Iterator[tuple[Desk, Switch]]:
    (tmp_path / "config" / "violations").mkdir(parents=True)
    desk = make_desk(tmp_path / "data", tmp_path / "config")
    intake.take_in(desk, make_post(), make_capture())
    officers.add_officer(desk, SYSTEM, "wang", "王", "a long password", "reviewer")
    yield switched(desk)
    desk.close()


def entries(desk: Desk) -> list[AuditEntry]:
    return list(shelf.walk(desk.store, AuditEntry, Query(where={"officer": ("wang",)}, order="oldest")))


def test_an_officer_signs_in_and_reads_while_the_store_is_read_only(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    switch.writing = False
    assert officers.sign_in(desk, "wang", "a long password").id == "wang"
    assert review.open_finding(desk, actor(reason=""), "post1").id == "post1"
    assert desk.spool.look().records == 2  # before anything is shown
    switch.come_back()
    assert entries(desk) == []
    assert landing.drain(desk, 60).landed == 2
    found = entries(desk)
    assert [(entry.action, "补记" in entry.reason) for entry in found] == [("sign_in", True), ("view", True)]
    assert audit.broken(desk) == []


def test_an_entry_lands_once_however_often_it_is_tried(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    switch.writing = False
    assert audit.record(desk, actor(), "view", "finding:post1").number == 0
    [path] = desk.spool.waiting()
    content = path.read_bytes()
    switch.come_back()
    for _ in range(3):  # as if it had been cut off before the file was taken away
        assert landing.drain(desk, 60).landed == 1
        path.write_bytes(content)
    assert len(entries(desk)) == 1


def test_a_decision_is_not_accepted_while_it_cannot_be_saved(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    switch.writing = False
    with pytest.raises(ReadOnly):
        review.decide(desk, actor(), "post1", "confirmed", "属实")
    assert desk.spool.look().records == 0
    switch.come_back()
    assert shelf.load(desk.store, Finding, "post1")[0].decisions == ()


def test_a_decision_whose_entry_had_to_wait_is_audited_once(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    switch.writes = 1  # the decision itself is saved, its entry is not
    review.decide(desk, actor(), "post1", "confirmed", "属实")
    switch.come_back()
    assert landing.drain(desk, 60).landed == 1
    assert audit.repair(desk) == []
    assert [entry.action for entry in entries(desk)] == ["confirmed"]


def test_whoever_has_no_spool_is_told(away: tuple[Desk, Switch]) -> None:
    _, switch = away
    switch.go()

    class OnlyAStore:
        store = switch

    with pytest.raises(StoreAway):
        audit.record(OnlyAStore(), actor(), "restore", "backup:1")


def test_a_busy_trail_is_no_outage(away: tuple[Desk, Switch], monkeypatch: pytest.MonkeyPatch) -> None:
    desk, _ = away

    def taken(*_: object) -> int:
        raise Conflict("taken")

    monkeypatch.setattr(audit, "save_one", taken)
    with pytest.raises(Unavailable, match="繁忙"):
        audit.record(desk, actor(), "view", "finding:post1")
    assert desk.spool.look().records == 0
