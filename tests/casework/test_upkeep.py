"""What the patrol does for sealed evidence between crawls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework import intake, shelf, upkeep
from casework.desk import Desk
from core.model import Finding
from evidence import reverify
from evidence.stamp import state
from evidence.test_authority import PretendAuthority
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


def items(desk: Desk) -> list[str]:
    desk.store.flush()  # Elasticsearch shows what was saved after a refresh
    found = desk.store.search("finding", Query()).records
    return [
        one for finding in found for one in shelf.load(desk.store, Finding, finding.id)[0].latest.evidence_ids
    ]


def test_what_waits_is_stamped_and_the_day_is_listed_once(stamping: Desk) -> None:
    now = datetime.now(UTC)
    said = list(upkeep.keep_up(stamping, now))
    assert any("list of heads 1 " in line for line in said)
    [item] = items(stamping)
    assert len(state(stamping.vault, item)) == 1
    assert not any("list of heads" in line for line in upkeep.keep_up(stamping, now))


def test_an_authority_that_is_away_holds_nothing_up(stamping: Desk, pretend: PretendAuthority) -> None:
    pretend.close()
    said = list(upkeep.keep_up(stamping, datetime.now(UTC)))
    assert any("wait for a stamp" in line for line in said)
    assert any("list of heads" in line for line in said)
    [item] = items(stamping)
    assert state(stamping.vault, item) == ()


def test_a_misspelt_list_of_authorities_is_said_and_the_rest_is_done(stamping: Desk) -> None:
    assert stamping.settings.stamps is not None
    stamping.settings.stamps.write_text("{")
    said = list(upkeep.keep_up(stamping, datetime.now(UTC)))
    assert any("stamps.json" in line for line in said)
    assert any("list of heads" in line for line in said)


def test_a_broken_item_is_found_by_the_second_look_and_leaves_an_alarm(desk: Desk) -> None:
    intake.take_in(desk, make_post(), make_capture())
    [item] = items(desk)
    kept = desk.vault.path(item)
    kept.chmod(0o600)
    kept.write_bytes(kept.read_bytes() + b" ")
    later = datetime.now(UTC) + upkeep.VERIFIED_WITHIN + timedelta(days=1)
    said = [line for line in upkeep.keep_up(desk, later) if "BROKEN" in line]
    assert said
    assert item in said[0]
    assert reverify.alarms(desk.vault)


def test_a_broken_list_is_said_and_does_not_end_the_patrol(desk: Desk) -> None:
    intake.take_in(desk, make_post(), make_capture())
    now = datetime.now(UTC)
    assert any("list of heads 1 " in line for line in upkeep.keep_up(desk, now))
    header = desk.vault.folder / "heads" / "000001.json"
    header.chmod(0o600)
    header.write_bytes(header.read_bytes().replace(b"{", b"{ ", 1))
    said = list(upkeep.keep_up(desk, now + timedelta(days=1)))
    assert any("EvidenceBroken: daily list 1" in line for line in said)
    assert any("BROKEN daily lists" in line for line in said)
