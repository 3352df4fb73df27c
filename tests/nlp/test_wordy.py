"""Texts that name much of the trade: which they are, and that a narrow score leaves them to people."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.rules import Thresholds, Violation, decision
from nlp.explain import NARROW
from nlp.judge import Judge
from nlp.reading import Reader
from nlp.sheet import LONGEST
from nlp.wordy import is_wordy

# A violation that names two words of the trade; the judge is surer of it than any bar below.
PLAIN = "初三数学一对一辅导，寒假班招生，200元一小时，加微信报名"


@pytest.fixture(scope="module")
def reader(rules: list[Violation], words: Path) -> Reader:
    return Reader(rules, words)


@pytest.mark.parametrize(
    ("text", "wordy"),
    [
        ("图书馆周末有作业辅导和答疑，免费", True), ("周末辅导，一对一", True), ("周末fu导，1对1", True),
        ("数学辅导", False), ("数学辅导，上门家教", True), ("辅导辅导辅导", False), ("今天天气好", False), ("", False),
        ("周末辅导，一对一，xx元每小时", False), ("周末辅导，一对一，电话138xxxx", False),
        ("周末辅导，一对一，电话138****1234", False), ("周末辅导，一对一，PHONE", False), ("第x周起一对一辅导", False),
        ("周末辅导，一对一，max班", True), ("周末辅导，一对一，微信xiaoxx88", True), ("周末辅导，一对一，iPhone扫码", True),
        ("周末辅导，一对一，5*2小时", True),
    ],
)  # fmt: skip
def test_two_words_with_their_numbers_are_wordy(reader: Reader, text: str, wordy: bool) -> None:
    assert is_wordy(reader.read(text)) is wordy


@pytest.mark.parametrize(
    ("score", "wordy", "decided"),
    [
        (0.69, True, "unsure"), (0.7, True, "flagged"), (0.69, False, "flagged"), (0.5, False, "flagged"),
        (0.34, True, "clear"), (0.35, True, "unsure"),
    ],
)  # fmt: skip
def test_a_narrow_score_of_a_wordy_text_is_left_to_people(
    rules: list[Violation], score: float, wordy: bool, decided: str
) -> None:
    assert decision(score, {"ADVERTISING"}, rules, wordy) == decided


def test_the_higher_of_both_bars_decides() -> None:
    assert Thresholds(flagged=0.9).decision(0.8, wordy=True) == "unsure"
    assert Thresholds(wordy=0).decision(0.6, wordy=True) == "flagged"


def test_the_officer_is_told_why(rules: list[Violation], words: Path, judge: Judge) -> None:
    usual = judge.judge_text(PLAIN)
    assert (usual.decision, usual.notes) == ("flagged", ())
    bar = Thresholds(wordy=1.0)
    strict = Judge.load([rule.model_copy(update={"thresholds": bar}) for rule in rules], words)
    left = strict.judge_text(PLAIN)
    assert (left.decision, left.notes, left.codes) == ("unsure", (NARROW,), usual.codes)
    # Whose numbers were taken out is judged as ever.
    assert strict.judge_text(PLAIN.replace("200", "xxx")).decision == "flagged"
    # A text too long to be read says both.
    long = strict.judge_text(PLAIN + "今天天气很好。" * LONGEST)
    assert (long.decision, long.notes[0], len(long.notes)) == ("unsure", NARROW, 2)
