"""`wangxun retention` and `wangxun hold` as an operator types them, the doctor's word, and the patrol's daily share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casework import intake, shelf, upkeep
from casework.desk import Desk, open_desk
from cli.doctor_backup import due
from cli.main import app
from core.model import Finding
from core.settings import PACKAGED_CONFIG, Settings
from evidence import verify
from store.base import Query
from tests.casework.desks import make_capture, make_desk, make_post

OLD = datetime.now(UTC) - timedelta(days=3000)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    config = tmp_path / "config"
    shutil.copytree(PACKAGED_CONFIG, config)
    return Settings(data=tmp_path / "data", config=config)


@contextmanager
def desk_of(settings: Settings) -> Iterator[Desk]:
    desk = make_desk(settings.data, settings.config)
    terms = open_desk(settings)
    try:
        yield replace(desk, catalog=terms.catalog, rules=terms.rules, settings=settings)
    finally:
        terms.close()
        desk.close()


def take(desk: Desk, *names: str) -> None:
    for name in names:
        intake.take_in(desk, make_post(f"上门家教 {name}", name, seen_at=OLD), make_capture())


def left(settings: Settings) -> set[str]:
    with desk_of(settings) as desk:
        return {one.id for one in shelf.walk(desk.store, Finding, Query())}


def run(settings: Settings, *words: str) -> tuple[int, str]:
    env = {"WANGXUN_DATA": str(settings.data), "WANGXUN_CONFIG": str(settings.config), "COLUMNS": "200"}
    said = CliRunner().invoke(app, [*words], env={**os.environ, **env})
    return said.exit_code, said.output


def test_shown_held_and_deleted(settings: Settings) -> None:
    with desk_of(settings) as desk:
        take(desk, "1", "2")
    code, said = run(settings, "hold", "set", "finding:post1", "--reason", "appeal")
    assert (code, "is held" in said) == (0, True)
    assert "appeal" in run(settings, "hold", "list")[1]
    code, said = run(settings, "retention", "--dry-run")
    assert code == 0
    assert "held finding post1" in said
    assert "due finding post2: 未核查的疑似线索；行政处罚法（2021）第三十六条；1826 天" in said
    assert left(settings) == {"post1", "post2"}
    assert due(settings).answer == "cannot tell"
    assert due(settings.model_copy(update={"retention": True})).answer == "ok"
    code, said = run(settings, "retention")
    assert (code, "deleted: flagged 1" in said, "kept: flagged 1" in said) == (0, True, True)
    assert left(settings) == {"post1"}
    assert verify.check(settings.data).faults == []
    assert run(settings, "hold", "release", "finding:post1", "--reason", "over")[0] == 0
    assert run(settings, "retention", "--limit", "1")[0] == 0
    assert left(settings) == set()
    assert "deleted: nothing" in run(settings, "retention")[1]
    assert due(settings).answer == "ok"


def test_what_cannot_be_deleted_is_said(settings: Settings) -> None:
    with desk_of(settings) as desk:
        take(desk, "1")
        [name] = shelf.load(desk.store, Finding, "post1")[0].latest.evidence_ids
        desk.vault.path(name).unlink()
    code, said = run(settings, "retention")
    assert (code, "先查明原因" in said) == (1, True)
    assert run(settings, "hold", "set", "post1", "--reason", "x")[0] == 1


def test_no_terms_keep_for_ever(settings: Settings) -> None:
    (settings.config / "retention.yml").unlink()
    with desk_of(settings) as desk:
        take(desk, "1")
    assert due(settings).answer == "cannot tell"
    assert "deleted: nothing" in run(settings, "retention")[1]


def test_the_patrol_deletes_only_when_told_and_once_a_day(settings: Settings) -> None:
    now = datetime.now(UTC)
    with desk_of(settings) as desk:
        take(desk, "1", "2")
        assert not any("retention" in line for line in upkeep.keep_up(desk, now))
        told = replace(desk, settings=settings.model_copy(update={"retention": True}))
        assert "retention: 2 of flagged deleted" in list(upkeep.keep_up(told, now))
        take(desk, "3")
        assert not any("retention" in line for line in upkeep.keep_up(told, now))
        assert "retention: 1 of flagged deleted" in list(upkeep.keep_up(told, now + timedelta(days=1)))


def test_the_patrol_stops_before_it_empties_the_files(settings: Settings) -> None:
    with desk_of(settings) as desk:
        take(desk, *(f"{number}" for number in range(25)))
        told = replace(desk, settings=settings.model_copy(update={"retention": True}))
        said = [line for line in upkeep.keep_up(told, datetime.now(UTC)) if "retention" in line]
        assert ["nothing was deleted" in line for line in said] == [True]
    assert len(left(settings)) == 25
