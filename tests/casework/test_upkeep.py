"""What the patrol does for sealed evidence between crawls."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework import audit, intake, listing, rounds, shelf, stored_lists, upkeep
from casework.desk import Desk
from core.model import SYSTEM, AuditEntry, Finding, ListedHeads
from evidence import alarms, custody, heads, reverify
from evidence.manifest import canonical, sha256
from evidence.reverify import Due, Problem
from evidence.stamp import state
from evidence.test_authority import PretendAuthority
from evidence.vault import Vault
from store.base import Query
from tests.casework.desks import make_capture, make_post


@pytest.fixture
def pretend(tmp_path: Path) -> Iterator[PretendAuthority]:
    with PretendAuthority(tmp_path) as authority:
        yield authority


@pytest.fixture
def stamping(desk: Desk, pretend: PretendAuthority, tmp_path: Path) -> Desk:
    """A desk with one finding, and an authority that its settings name."""
    intake.take_in(desk, make_post(), make_capture())
    file = tmp_path / "stamps.json"
    named = pretend.authority()
    file.write_text(
        json.dumps([{"name": named.name, "url": named.url, "ca": str(named.ca), "digest": "sha256"}])
    )
    return replace(desk, settings=desk.settings.model_copy(update={"stamps": file}))


def noon() -> datetime:
    """Of today in Beijing, whose days the timetable counts by: an hour later is the same day whenever this runs."""
    return datetime.now(heads.BEIJING).replace(hour=12, minute=0).astimezone(UTC)


def items(desk: Desk) -> list[str]:
    desk.store.flush()  # Elasticsearch shows what was saved after a refresh
    found = desk.store.search("finding", Query()).records
    return [
        one for finding in found for one in shelf.load(desk.store, Finding, finding.id)[0].latest.evidence_ids
    ]


def test_what_waits_is_stamped_and_the_day_is_listed_once(stamping: Desk) -> None:
    now = noon()
    said = list(upkeep.keep_up(stamping, now))
    assert any("list of heads 1 " in line for line in said)
    [item] = items(stamping)
    assert len(state(stamping.vault, item)) == 1
    assert not any("list of heads" in line for line in upkeep.keep_up(stamping, now))


def test_an_authority_that_is_away_holds_nothing_up(stamping: Desk, pretend: PretendAuthority) -> None:
    pretend.close()
    said = list(upkeep.keep_up(stamping, noon()))
    assert any("wait for a stamp" in line for line in said)
    assert any("list of heads" in line for line in said)
    [item] = items(stamping)
    assert state(stamping.vault, item) == ()


def test_a_misspelt_list_of_authorities_is_said_and_the_rest_is_done(stamping: Desk) -> None:
    assert stamping.settings.stamps is not None
    stamping.settings.stamps.write_text("{")
    said = list(upkeep.keep_up(stamping, noon()))
    assert any("stamps.json" in line for line in said)
    assert any("list of heads" in line for line in said)


def test_a_broken_item_is_found_by_the_second_look_and_leaves_an_alarm(desk: Desk) -> None:
    intake.take_in(desk, make_post(), make_capture())
    [item] = items(desk)
    kept = desk.vault.path(item)
    kept.chmod(0o600)
    kept.write_bytes(kept.read_bytes() + b" ")
    days = (noon() + timedelta(days=number) for number in range(rounds.DAYS + 1))
    said = [line for day in days for line in upkeep.keep_up(desk, day) if "BROKEN" in line]
    assert said
    assert item in said[0]
    assert alarms.digests(desk.vault)


def looked_at(desk: Desk, item: str) -> int:
    return custody.events(custody.chain(desk.vault, item)).count("verified")


def test_each_item_is_looked_at_once_in_four_weeks_and_an_absence_is_made_up_for(desk: Desk) -> None:
    intake.take_in(desk, make_post(), make_capture())
    [item] = items(desk)
    begun = noon()
    for number in range(2 * rounds.DAYS):
        for hours in (0, 1):
            list(upkeep.keep_up(desk, begun + timedelta(days=number, hours=hours)))
    assert looked_at(desk, item) == 2
    list(upkeep.keep_up(desk, begun + timedelta(days=200)))
    assert looked_at(desk, item) == 3


def test_a_call_takes_a_few_and_the_next_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        desk.vault.keep(b"{}" + str(number).encode(), kind="evidence")
    monkeypatch.setattr(rounds, "AT_ONCE", 3)
    monkeypatch.setattr(rounds, "DAYS", 1)
    seen: list[str] = []

    def look(_: Vault, due: Iterable[Due]) -> list[Problem]:
        seen.extend(one.one for one in due)
        return []

    monkeypatch.setattr(reverify, "look", look)
    now = noon()
    known = custody.ids(desk.vault)
    for number in range(9):
        list(upkeep.keep_up(desk, now))
        assert len(seen) == min(3 * (number + 1), len(known))
    assert sorted(seen) == known


def test_a_timetable_that_a_crash_spoiled_begins_anew(desk: Desk) -> None:
    now = noon()
    list(upkeep.keep_up(desk, now))
    (desk.settings.data / "upkeep" / "timetable.json").write_text("{", encoding="utf-8")
    list(upkeep.keep_up(desk, now))
    assert len(heads.headers(desk.vault)) == 1


def test_the_store_is_told_of_each_list_and_a_rewritten_one_is_seen(desk: Desk) -> None:
    intake.take_in(desk, make_post(), make_capture())
    now = noon()
    list(upkeep.keep_up(desk, now))
    [made] = heads.headers(desk.vault)
    desk.store.flush()
    [entry] = desk.store.search("audit", Query(where={"action": (listing.ACTION,)})).records
    assert isinstance(entry, AuditEntry)
    assert made.digest in entry.reason
    assert listing.faults(desk) == []
    header = desk.vault.folder / "heads" / "000001.json"
    header.chmod(0o600)
    header.write_bytes(canonical({**made.plain, "at": "2020-01-01T00:00:00Z"}))
    assert "第 1 份" in listing.faults(desk)[0]
    header.unlink()
    assert "不在证据库里" in listing.faults(desk)[0]
    said = list(upkeep.keep_up(desk, now + timedelta(days=1)))
    assert any("BROKEN daily lists" in line for line in said)


def test_a_list_that_a_crash_kept_from_the_store_is_told_later(desk: Desk) -> None:
    heads.daily(desk.vault)
    assert listing.faults(desk) == []
    desk.store.flush()
    assert desk.store.search("audit", Query(where={"action": (listing.ACTION,)})).total == 1
    assert desk.store.search("heads", Query()).total == 1


def test_the_store_keeps_each_list_whole_and_in_pieces(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_lists, "LINES", 2)
    for number in range(5):
        desk.vault.keep(b"%d" % number)
    made = listing.of(desk, [sha256(b"%d" % number) for number in range(5)], noon())
    assert made is not None
    desk.store.flush()
    found = desk.store.search("heads", Query(order="oldest")).records
    parts = sorted((part for part in found if isinstance(part, ListedHeads)), key=lambda part: part.piece)
    assert [len(part.lines.splitlines()) for part in parts] == [2, 2, 1]
    assert {part.header.encode() for part in parts} == {made.content}
    assert "".join(part.lines for part in parts).encode() == desk.vault.manifest(made.plain["leaves"])
    assert listing.faults(desk) == []


def test_a_list_of_an_older_program_is_stored_later_and_told_once(desk: Desk) -> None:
    listing.daily(desk, noon())
    desk.store.delete("heads", "000001:000001")
    assert listing.compared(desk)[1] == heads.headers(desk.vault)
    assert listing.faults(desk) == []
    assert listing.compared(desk) == ([], [])
    assert desk.store.search("audit", Query(where={"action": (listing.ACTION,)})).total == 1


def test_a_list_that_was_made_anew_is_told_by_what_it_hides(desk: Desk) -> None:
    """Somebody cuts a chain's tail off, makes the list again and mends the audit trail; the store has the old lines."""
    own = desk.vault.keep(b"{}")
    listing.daily(desk, noon())
    [before] = heads.headers(desk.vault)
    audit.record(desk, SYSTEM, listing.ACTION, "heads:000001", "x")
    for name in ("heads/000001.json", f"custody/{own}/000002.json"):
        (desk.vault.folder / name).chmod(0o600)
        (desk.vault.folder / name).unlink()
    heads.list_heads(desk.vault, now=noon())
    [after] = heads.headers(desk.vault)
    assert after.digest != before.digest
    [_, told] = listing.compared(desk)[0]
    assert told.startswith("第 1 份每日清单与业务库所存的不同：2 条保管记录，")
    assert f"{own[:12]} 业务库记 2 步，证据库记 1 步" in told
    assert (
        f"{before.digest[:12]} 业务库记 没有，证据库记 2 步" in told
    )  # the first list, a stray chain by now


def test_a_line_that_was_changed_in_the_store_is_seen(desk: Desk) -> None:
    own = desk.vault.keep(b"{}")
    listing.daily(desk, noon())

    def longer(part: ListedHeads) -> ListedHeads:
        return part.model_copy(update={"lines": part.lines.replace(f"{own} 2 ", f"{own} 3 ")})

    shelf.change_existing(desk.store, ListedHeads, "000001:000001", longer)
    assert "业务库记 3 步，证据库记 2 步" in listing.faults(desk)[0]


def test_a_broken_list_is_said_and_does_not_end_the_patrol(desk: Desk) -> None:
    intake.take_in(desk, make_post(), make_capture())
    now = noon()
    assert any("list of heads 1 " in line for line in upkeep.keep_up(desk, now))
    header = desk.vault.folder / "heads" / "000001.json"
    header.chmod(0o600)
    header.write_bytes(header.read_bytes().replace(b"{", b"{ ", 1))
    said = list(upkeep.keep_up(desk, now + timedelta(days=1)))
    assert any("EvidenceBroken: daily list 1" in line for line in said)
    assert any("BROKEN daily lists" in line for line in said)
    assert list(upkeep.keep_up(desk, now + timedelta(days=1, minutes=10))) == []  # said once a day, one alarm
    assert list(upkeep.keep_up(desk, now + timedelta(days=2)))
    # The chain of the list itself, whose random name falls into one of 28 days' shares, has an alarm of its own then.
    assert [one for _, one, _ in alarms.told(desk.vault)].count("") == 1


def test_a_timetable_that_cannot_be_kept_ends_nothing(desk: Desk) -> None:
    intake.take_in(desk, make_post(), make_capture())
    (desk.settings.data / "upkeep").write_text("in the way", encoding="utf-8")
    [said] = upkeep.keep_up(desk, noon())
    assert "timetable" in said
