from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from core.errors import BadInput
from core.model import Verdict
from nlp.evaluate import Case, changed, compare, evaluate, judged, read_cases
from nlp.figures import ROUNDS, detection, share, wilson
from nlp.judge import Judge

OFFER = Case(
    text="初二数学一对一上门家教，80元一小时",
    label="violation",
    codes=("ONE_TO_ONE",),
    role="provider",
    pair="a",
    kind="forum",
)
LAWFUL = Case(text="今天天气真好，去公园散步", label="lawful", pair="a", kind="social", disguised=False)
MISSED = Case(text="晚上去吃饭吗", label="violation", codes=("VENUE",), role="seeker", disguised=True)
NEITHER = Case(text="说不清", label="unsure")


def verdict(decision: str, score: float) -> Verdict:
    return Verdict.model_validate(
        {"decision": decision, "score": score, "rule_version": "r", "model_version": "m"}
    )


def test_wilson_agrees_with_a_published_example() -> None:
    low, high = wilson(81, 263)  # Newcombe 1998, table I: 0.2553 to 0.3662
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 0) == (0.0, 1.0)
    assert share(0, 0) == {"value": 0.0, "of": 0, "low": 0.0, "high": 1.0}


def test_detection_counts_and_its_interval_holds_the_value_and_never_moves() -> None:
    truth, said = [True] * 50 + [False] * 50, [True] * 45 + [False] * 5 + [True] * 3 + [False] * 47
    found = detection(truth, said)
    assert (found["found"], found["wrong"], found["missed"]) == (45, 3, 5)
    assert found["precision"]["value"] == 0.9375
    assert found["recall"]["value"] == 0.9
    assert found["f1"]["value"] == pytest.approx(90 / 98, abs=1e-4)
    assert found["f1"]["low"] < found["f1"]["value"] < found["f1"]["high"]
    assert detection(truth, said) == found
    assert ROUNDS >= 1000
    assert detection([], [])["f1"]["value"] == 0.0


def test_figures_of_labelled_posts(judge: Judge) -> None:
    cases = [OFFER, LAWFUL, MISSED, NEITHER]
    found = evaluate(cases, judged(judge, cases))
    assert found["posts"] == 3
    assert found["unsure labels"] == 1
    assert (found["all"]["found"], found["all"]["missed"], found["all"]["wrong"]) == (1, 1, 0)
    assert set(found["kind"]) == {"forum", "social"}
    assert found["disguised"]["True"]["recall"]["value"] == 0.0
    assert found["codes"]["ONE_TO_ONE"]["recall"]["value"] == 1.0
    assert found["codes"]["VENUE"]["missed"] == 1
    assert found["codes"]["all codes"]["missed"] == 1
    assert found["role"]["provider"]["role right"]["value"] == 1.0
    assert found["role"]["seeker"]["found"]["value"] == 0.0
    assert found["pairs"]["right on both sides"]["value"] == 1.0
    assert [item["text"] for item in found["confused"]] == [MISSED.text]
    assert sum(row["violations"]["of"] for row in found["calibration"]) == 3
    json.dumps(found)


def test_unsure_is_no_flag_and_is_listed_to_read() -> None:
    found = evaluate([OFFER, LAWFUL], [verdict("unsure", 0.4), verdict("clear", 0.0)])
    assert found["all"]["missed"] == 1
    assert found["unsure"]["value"] == 0.5
    assert [item["decision"] for item in found["confused"]] == ["unsure"]
    assert found["calibration"][1]["violations"]["value"] == 1.0
    assert found["codes"]["ONE_TO_ONE"]["missed"] == 1


def test_a_comparison_names_what_changed(judge: Judge) -> None:
    flagged, clear = judge.judge_text(OFFER.text), verdict("clear", 0.0)
    fewer = flagged.model_copy(update={"suspicions": flagged.suspicions[:1]})
    assert changed(clear, flagged) == "newly flagged"
    assert changed(flagged, clear) == "dropped"
    assert changed(flagged, fewer) == "other codes"
    unsure = verdict("unsure", 0.4)
    assert changed(clear, unsure) == "newly unsure"
    assert changed(unsure, clear) == "no longer unsure"
    assert (changed(flagged, unsure), changed(unsure, flagged)) == ("dropped", "newly flagged")
    assert changed(unsure, unsure) is changed(clear, clear) is changed(flagged, flagged) is None
    found = compare([OFFER, LAWFUL], [clear, clear], [flagged, clear])
    assert [len(found[name]) for name in ("newly flagged", "dropped", "other codes")] == [1, 0, 0]
    assert found["newly flagged"][0]["label"] == "violation"
    found = compare([OFFER, LAWFUL], [flagged, clear], [unsure, unsure])
    assert found["waiting"] == {"flagged": {"before": 1, "after": 0}, "unsure": {"before": 0, "after": 2}}
    assert [len(found[name]) for name in ("dropped", "newly unsure", "no longer unsure")] == [1, 1, 0]


def test_a_role_is_measured_against_the_other_roles() -> None:
    seeker = OFFER.model_copy(update={"role": "seeker"})
    flagged = verdict("flagged", 0.9)
    said = [flagged.model_copy(update={"role": role}) for role in ("provider", "provider", "seeker")]
    cases = [OFFER, seeker, seeker, seeker, LAWFUL.model_copy(update={"role": "provider"})]
    roles = evaluate(cases, [*said, verdict("clear", 0.1), flagged])["role"]
    assert roles["provider"]["precision"]["value"] == 0.5
    assert roles["provider"]["recall"]["value"] == 1.0
    assert (roles["seeker"]["precision"]["value"], roles["seeker"]["recall"]["of"]) == (1.0, 3)
    assert roles["seeker"]["f1"]["value"] == 0.5
    assert (roles["seeker"]["found"]["of"], roles["seeker"]["role right"]["value"]) == (3, 0.5)


def test_cases_are_read_packed_or_not_and_a_fault_names_its_line(tmp_path: Path) -> None:
    line = json.dumps({"text": "数学", "label": "lawful", "unknown": 1})
    (tmp_path / "a.jsonl").write_text(f"{line}\n{line}\n", encoding="utf-8")
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(line.encode()))
    assert len(read_cases(tmp_path / "a.jsonl")) == 2
    assert read_cases(tmp_path / "b.jsonl.gz")[0].text == "数学"
    (tmp_path / "c.jsonl").write_text(line + '\n{"text": "a", "label": "bad"}\n', encoding="utf-8")
    with pytest.raises(BadInput, match=r"c\.jsonl:2: label"):
        read_cases(tmp_path / "c.jsonl")
    (tmp_path / "d.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match="no line"):
        read_cases(tmp_path / "d.jsonl")
    with pytest.raises(BadInput, match="cannot be read"):
        read_cases(tmp_path / "none.jsonl")
