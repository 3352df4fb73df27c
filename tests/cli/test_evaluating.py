from __future__ import annotations

import json
import re
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casework.decided import Decided
from cli.main import app
from cli.training import agreement, samples
from core.model import Code, Suspicion, Verdict
from core.settings import Settings
from nlp.learned import WEIGHTS
from store import open_store
from store.base import save_one
from tests.cli.test_town_check import finding

CONFIG = Path(__file__).parents[2] / "config"
LINES = (
    {"text": "初二数学一对一上门家教，80元一小时", "label": "violation", "codes": ["ONE_TO_ONE"], "role": "provider", "pair": 1},
    {"text": "今天天气真好，去公园散步", "label": "lawful", "kind": "social", "pair": 1},
)  # fmt: skip


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WANGXUN_DATA", str(tmp_path / "data"))
    path = tmp_path / "posts.jsonl"
    path.write_text("\n".join(map(json.dumps, LINES)), encoding="utf-8")
    return path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def test_figures_are_printed_and_the_same_model_changes_nothing(file: Path) -> None:
    code, text = run("evaluate", str(file), "--compare", str(WEIGHTS))
    assert code == 0
    assert "all: precision 1.000" in text
    assert "pairs right on both sides: 1.000" in text
    assert "newly flagged: 0" in text
    assert "role provider: found 1.000" in text
    assert "  provider: precision 1.000" in text
    assert "unsure: 0 before, 0 after" in text
    assert "newly unsure: 0" in text


def test_figures_as_json_and_an_older_configuration(file: Path, tmp_path: Path) -> None:
    shutil.copytree(CONFIG, tmp_path / "config")
    code, text = run("evaluate", str(file), "--json", "--compare", str(tmp_path / "config"))
    assert code == 0
    found = json.loads(text)
    assert found["all"]["found"] == 1
    assert found["changes"]["dropped"] == []


def test_a_fault_in_the_other_configuration_is_explained(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    shutil.copytree(CONFIG / "violations", folder / "violations")
    shutil.copytree(CONFIG / "words", folder / "words")
    rule = folder / "violations" / "VENUE.yml"
    rule.write_text(rule.read_text(encoding="utf-8") + "thresholds: {flag: 0.9}\n", encoding="utf-8")
    code, text = run("evaluate", str(file), "--compare", str(folder))
    assert code == 1
    assert re.search(r"VENUE\.yml:\d+: unknown key", text)
    assert "unknown key 'thresholds.flag'; did you mean 'flagged'?" in text
    assert "Traceback" not in text
    assert "there is no rule" in run("evaluate", str(file), "--compare", str(tmp_path))[1]


def test_stored_findings_show_drops_only_and_it_is_said(file: Path) -> None:
    assert file.exists()
    code, text = run("evaluate", "--findings")
    assert code == 0
    assert "cannot be seen" in text
    assert "dropped: 0" in text


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_contacts_in_stored_findings_are_masked(file: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    assert file.exists()
    made = finding("http://town.test/1")
    post = made.latest.post.model_copy(update={"body": "今天天气真好 tel:13800138000"})
    made = made.model_copy(update={"versions": (made.latest.model_copy(update={"post": post}),)})
    (tmp_path / "data").mkdir()
    with closing(open_store(Settings(data=tmp_path / "data").store_url)) as store:
        save_one(store, made)
    code, text = run("evaluate", "--findings", *options)
    assert code == 0
    assert "天气真好 tel:138******00" in text
    assert "13800138000" not in text


def test_wrong_use_is_told(file: Path, tmp_path: Path) -> None:
    assert run("evaluate")[0] == 2
    assert run("evaluate", str(file), "--findings")[0] == 2
    assert run("evaluate", str(tmp_path / "none"))[0] == 3
    assert run("train", str(tmp_path / "none"))[0] == 3


def test_agreement_counts_what_officers_confirmed() -> None:
    flagged = Verdict(
        decision="flagged", score=0.9, suspicions=(Suspicion(code="VENUE", score=0.9, reasons=()),),
        rule_version="r", model_version="m",
    )  # fmt: skip
    unsure = flagged.model_copy(update={"decision": "unsure"})
    found = [Decided("a", flagged, True), Decided("b", flagged, False), Decided("c", unsure, True)]
    lines = agreement(found)
    assert lines[0].endswith("3")
    assert "0.500" in lines[1]
    assert "of 2" in lines[1]
    assert "1.000" in lines[2]
    assert lines[3] == "  codes named by officers: 0"
    assert lines[4].startswith("  VENUE: precision 0.667")
    assert "recall" not in lines[4]


def test_agreement_by_code_is_with_what_officers_named() -> None:
    venue, tutor = frozenset[Code]({"VENUE"}), frozenset[Code]({"HOME_TUTOR", "VENUE"})
    judged = Verdict(
        decision="flagged", score=0.9, suspicions=(Suspicion(code="VENUE", score=0.9, reasons=()),),
        rule_version="r", model_version="m",
    )  # fmt: skip
    silent = judged.model_copy(update={"suspicions": ()})
    found = [
        Decided("a", judged, True, venue), Decided("b", judged, True, frozenset({"JOB_AD"})),
        Decided("c", silent, True, tutor), Decided("d", judged, True), Decided("e", judged, False),
    ]  # fmt: skip
    lines = agreement(found)
    assert lines[3] == "  codes named by officers: 3"
    said = {name: text for name, _, text in (line.strip().partition(": ") for line in lines[4:])}
    assert list(said) == ["HOME_TUTOR", "JOB_AD", "VENUE"]
    assert said["HOME_TUTOR"].startswith("recall 0.000")  # the judge never named it: no precision
    assert re.findall(r"(\w+) (\S+) \[[^]]+\] of (\d+)", said["VENUE"]) == [
        ("precision", "0.500", "4"), ("recall", "0.500", "2"),
    ]  # fmt: skip


def test_the_same_advert_decided_twice_is_one_sample_with_the_codes_that_were_named() -> None:
    verdict = Verdict(decision="flagged", score=0.9, rule_version="r", model_version="m")
    venue = frozenset[Code]({"VENUE"})
    found = [
        Decided("a", verdict, True, venue), Decided("a", verdict, True),
        Decided("b", verdict, True, venue), Decided("b", verdict, False),
        Decided("c", verdict, True),
    ]  # fmt: skip
    made = [(item.text, item.violation, item.codes) for item in samples(found)]
    assert made == [("a", True, venue), ("b", False, None), ("c", True, None)]
