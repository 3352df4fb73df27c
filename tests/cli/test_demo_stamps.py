"""What the demo does for sealed evidence, on a desk of its own: stamped by the TEST authority, listed, and faults said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from casework import intake
from casework.desk import Desk
from cli import demo
from core.settings import Settings
from evidence import custody, heads, stamp
from evidence.verify import check
from tests.casework.desks import make_capture, make_desk, make_post


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path / "data", Settings().config)
    intake.take_in(made, make_post("上门家教"), make_capture())
    yield made
    made.close()


def test_the_demo_stamps_and_lists_what_it_sealed_and_the_vault_checks(desk: Desk) -> None:
    with demo.stamping(desk.settings) as stamped:
        assert demo.keep_up(replace(desk, settings=stamped)) == []
    [header] = heads.headers(desk.vault)
    sealed = [
        one for one in custody.ids(desk.vault) if "stamped" in custody.events(custody.chain(desk.vault, one))
    ]
    assert header.digest in sealed
    assert len(sealed) == 2  # the look, and the list
    assert stamp.state(desk.vault, sealed[0])[0].authority == "test"
    anchor = (desk.settings.data / "authority" / "ca.pem").read_bytes()
    report = check(desk.settings.data / "vault", anchor, header.digest)
    assert (report.faults, report.stamps) == ([], 2)


def test_an_authority_that_went_away_is_a_fault_of_the_demo(desk: Desk) -> None:
    with demo.stamping(desk.settings) as stamped:
        gone = replace(desk, settings=stamped)
    [fault] = demo.keep_up(gone)
    assert fault.startswith("2 sealed things have no time stamp")


def test_an_authority_that_the_office_named_stays_and_without_openssl_nothing_is_promised(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    named = desk.settings.model_copy(update={"stamps": tmp_path / "own.json"})
    with demo.stamping(named) as stamped:
        assert stamped.stamps == tmp_path / "own.json"
    monkeypatch.setattr("shutil.which", lambda _: None)
    with demo.stamping(desk.settings) as stamped:
        assert stamped.stamps is None
    assert demo.keep_up(desk) == []
    assert "nothing bears an outside stamp" in capsys.readouterr().out
