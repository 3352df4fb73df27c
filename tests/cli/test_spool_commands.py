"""`wangxun spool`, as an operator uses it after an outage."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from casework.spool import Spool
from casework.waiting import Look, Meeting
from cli.main import app
from tests.casework.desks import SEEN, make_capture


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "data" / "spool", 1)


def run(tmp_path: Path, *words: str, store: str = "") -> Result:
    env = {"WANGXUN_DATA": str(tmp_path / "data"), "WANGXUN_STORE": store}
    return CliRunner().invoke(app, ["spool", *words], env=env)


def test_what_waits_lands(spool: Spool, tmp_path: Path) -> None:
    spool.put(Meeting(post_ids=("a",), at=SEEN))
    assert "1 records wait" in run(tmp_path, "list").output
    landed = run(tmp_path, "land")
    assert (landed.exit_code, "1 records landed" in landed.output) == (0, True)
    assert "0 records wait" in run(tmp_path, "list").output


def test_what_cannot_land_is_shown_with_its_cause_and_tried_again(spool: Spool, tmp_path: Path) -> None:
    spool.put(Look(finding_id="deleted", capture=make_capture()))
    assert run(tmp_path, "land").exit_code == 1
    shown = run(tmp_path, "list").output
    assert "put aside" in shown
    assert "NotFound" in shown
    assert "1 records wait again" in run(tmp_path, "again").output
    assert len(spool.waiting()) == 1


def test_a_store_that_is_still_away_is_said_and_nothing_is_taken_away(spool: Spool, tmp_path: Path) -> None:
    spool.put(Meeting(post_ids=("a",), at=SEEN))
    said = run(tmp_path, "land", store="http://127.0.0.1:9/p")
    assert (said.exit_code, len(spool.waiting())) == (3, 1)
