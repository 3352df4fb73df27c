"""The doctor says when something sealed was changed, when lists are late, and when vault and store disagree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework import listing
from cli.doctor_custody import LATE, custody
from core.model import SYSTEM
from core.settings import Settings
from evidence import alarms, heads
from evidence import custody as records
from evidence.manifest import canonical
from tests.casework.desks import desk_of


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


def test_before_the_first_list_nothing_can_be_said(settings: Settings) -> None:
    assert custody(settings).answer == "cannot tell"


def test_a_list_of_today_is_well_and_an_old_one_is_not(settings: Settings) -> None:
    now = datetime.now(UTC)
    with desk_of(settings) as desk:
        listing.daily(desk, now - LATE - timedelta(hours=1))
    seen = custody(settings)
    assert (seen.answer, "patrol" in seen.mend) == ("wrong", True)
    with desk_of(settings) as desk:
        listing.daily(desk, now)
    seen = custody(settings)
    assert (seen.answer, "2 daily lists, 2 things wait" in seen.text) == ("ok", True)


def test_an_alarm_stays_wrong_until_the_thing_is_found_whole(settings: Settings) -> None:
    with desk_of(settings) as desk:
        one = desk.vault.keep(b"{}", kind="evidence")
        digest, _ = alarms.record(desk.vault, one, ["x"])
        listing.daily(desk, datetime.now(UTC))
        seen = custody(settings)
        assert (seen.answer, digest in seen.text) == ("wrong", True)
        records.append(desk.vault, one, "verified", SYSTEM)
    assert custody(settings).answer == "ok"


def test_an_alarm_about_the_lists_stands_until_a_list_can_be_made_again(settings: Settings) -> None:
    now = datetime.now(UTC)
    with desk_of(settings) as desk:
        listing.daily(desk, now - timedelta(hours=30))
        alarms.record(desk.vault, "", ["x"])
        assert custody(settings).answer == "wrong"
        listing.daily(desk, datetime.now(UTC))
        assert custody(settings).answer == "ok"
        desk.vault.create(f"alarms/{'0' * 64}.json", b"[]")
    assert custody(settings).answer == "wrong"  # an alarm that was spoiled is one itself


def test_a_list_that_was_written_anew_is_seen_and_one_untold_is_said(settings: Settings) -> None:
    with desk_of(settings) as desk:
        made = listing.daily(desk, datetime.now(UTC))
        assert made
        header = desk.vault.folder / "heads" / "000001.json"
        header.chmod(0o600)
        header.write_bytes(canonical({**made.plain, "count": 9}))
        assert "disagree" in custody(settings).text
        header.write_bytes(made.content)
        heads.list_heads(desk.vault)
    assert custody(settings).answer == "cannot tell"
