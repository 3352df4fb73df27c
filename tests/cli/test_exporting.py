"""`wangxun export`: flaws are said before, fatal ones stop it, receiver and moment reach the bundle; `verify` agrees."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from casework import audit, cases, intake, review, shelf
from casework.desk import Desk
from cli.common import ANSWER_IS_NO, NOT_THERE, WRONG_USE
from cli.main import app
from core.model import Finding
from core.settings import Settings
from evidence.test_authority import PretendAuthority
from tests.casework.desks import PHONE, actor, make_capture, make_desk, make_post, today


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The operator's own data folder, with one finding that nobody has decided on."""
    monkeypatch.setenv("WANGXUN_DATA", str(tmp_path / "data"))
    made = make_desk(tmp_path / "data", Settings().config)
    intake.take_in(made, make_post(f"上门家教 {PHONE}"), make_capture())
    intake.attach(made, "post1", make_capture(picture=True))
    yield made
    made.close()


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, words)))


def about(bundle: Path) -> dict[str, object]:
    with zipfile.ZipFile(bundle) as file:
        told: dict[str, object] = json.loads(file.read("data/about.json"))
    return told


def test_flaws_are_said_in_the_words_of_the_rules_and_the_bundle_checks(desk: Desk, tmp_path: Path) -> None:
    output = tmp_path / "x.zip"
    told = run(
        "export",
        "--finding",
        "post1",
        "--output",
        output,
        "--no-pdf",
        "--receiver",
        "某区教育局",
        "--reason",
        "移送",
    )
    assert told.exit_code == 0, told.output
    for words in ("可补正瑕疵：没有外部时间戳（2 处；互联网法院规定第十一条）", "补正：", "注意：", "sha256"):
        assert words in told.output, words
    assert (about(output)["receiver"], about(output)["reason"]) == ("某区教育局", "移送")
    [*_, entry] = audit.chain(desk, "operator", today())
    assert "接收：某区教育局" in entry.reason
    checked = run("verify", output)
    assert checked.exit_code == 0, checked.output
    assert run("verify", output, "--head", list_of(output)).exit_code == 0
    assert run("verify", output, "--head", "f" * 64).exit_code == ANSWER_IS_NO


def test_a_stamp_that_was_had_in_the_making_is_said_to_be_no_flaw_any_more(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PretendAuthority(tmp_path / "authority") as authority:
        monkeypatch.setenv("WANGXUN_STAMPS", str(authority.write_settings()))
        told = run("export", "--finding", "post1", "--output", tmp_path / "x.zip", "--no-pdf")
    assert told.exit_code == 0, told.output
    assert "制作时已补正：没有外部时间戳" in told.output
    assert "制作时已补正：事实未经人工核实" not in told.output
    checked = run("verify", tmp_path / "x.zip", "--trust", tmp_path / "authority" / "ca.pem")
    assert checked.exit_code == 0, checked.output


def list_of(bundle: Path) -> str:
    """The digest of the daily list that the bundle carries."""
    with zipfile.ZipFile(bundle) as file:
        return hashlib.sha256(file.read("data/heads/000001.json")).hexdigest()


def test_a_fatal_flaw_stops_it_unless_told_otherwise(desk: Desk, tmp_path: Path) -> None:
    finding = shelf.load(desk.store, Finding, "post1")[0]
    bare = finding.latest.model_copy(update={"evidence_ids": ()})
    shelf.save(desk.store, finding.model_copy(update={"versions": (bare, finding.latest)}))
    wanted = ("export", "--finding", "post1", "--output", tmp_path / "x.zip", "--no-pdf")
    told = run(*wanted)
    assert (told.exit_code, "致命瑕疵：没有原始载体或复制件" in told.output) == (ANSWER_IS_NO, True)
    assert not (tmp_path / "x.zip").exists()
    assert run(*wanted, "--anyway").exit_code == 0
    assert (tmp_path / "x.zip").exists()


def test_an_earlier_export_can_be_made_again_byte_for_byte(desk: Desk, tmp_path: Path) -> None:
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    wanted = ("export", "--finding", "post1", "--no-pdf", "--receiver", "甲", "--output")
    assert run(*wanted, first).exit_code == 0
    moment = str(about(first)["at"])
    assert run(*wanted, second, "--at", moment).exit_code == 0
    assert first.read_bytes() == second.read_bytes()
    assert run(*wanted, second, "--at", "gestern").exit_code == WRONG_USE


def test_a_case_goes_out_by_its_id(desk: Desk, tmp_path: Path) -> None:
    review.decide(desk, actor(), "post1", "confirmed", "属实")
    case = cases.open_case(desk, actor(), "某家教", ("post1",))
    told = run("export", case.id, "--output", tmp_path / "x.zip", "--no-pdf", "--receiver", "某局")
    assert told.exit_code == 0, told.output
    assert about(tmp_path / "x.zip")["case"] == case.id


@pytest.mark.parametrize(
    ("words", "code"),
    [((), WRONG_USE), (("case", "--finding", "post1"), WRONG_USE), (("--finding", "none"), ANSWER_IS_NO)],
)
def test_what_cannot_be_exported_is_said(desk: Desk, words: tuple[str, ...], code: int) -> None:
    assert run("export", *words).exit_code == code


def test_a_place_that_cannot_be_written_is_said(desk: Desk, tmp_path: Path) -> None:
    told = run("export", "--finding", "post1", "--no-pdf", "--output", tmp_path / "none" / "x.zip")
    assert told.exit_code == NOT_THERE
