"""Every violation file's own examples, walked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from core.model import Code
from core.rules import Route, Violation
from core.yaml_file import read_yaml
from nlp.judge import Judge

FOLDER = Path(__file__).parents[2] / "config" / "violations"
RULES = [Violation.model_validate_json(json.dumps(read_yaml(path))) for path in sorted(FOLDER.glob("*.yml"))]
ROUTES = [
    Route.model_validate_json(json.dumps({"id": path.stem} | read_yaml(path)))
    for path in sorted((FOLDER.parent / "routes").glob("*.yml"))
]
LONGEST_SHARED = 30  # characters: negations may be alike, what they stand beside may not
LONGEST = 150  # characters of a pattern that a person still reads in one go
FEWEST = 8  # flagged and clear examples a violation file must hold


def test_every_code_has_its_file() -> None:
    assert {rule.id for rule in RULES} == set(get_args(Code))
    assert {path.stem for path in FOLDER.glob("*.yml")} == set(get_args(Code))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_flagged_examples_are_flagged_with_the_code(rule: Violation, judge: Judge) -> None:
    for text in rule.examples.flagged:
        verdict = judge.judge_text(text)
        assert verdict.decision == "flagged", (text, verdict.score)
        assert rule.id in verdict.codes, (text, verdict.codes)
        assert verdict.role != "other"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_clear_examples_are_not_flagged(rule: Violation, judge: Judge) -> None:
    for text in rule.examples.clear:
        verdict = judge.judge_text(text)
        assert verdict.decision != "flagged", (text, verdict.score, verdict.codes)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_enough_examples_and_none_twice(rule: Violation) -> None:
    for texts in (rule.examples.flagged, rule.examples.clear):
        assert len(texts) >= FEWEST
        assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_signal_speaks_plainly_to_the_officer(rule: Violation) -> None:
    for signal in (*rule.signals, *rule.excuses):
        assert signal.meaning, f"{rule.id}.{signal.name} shows the officer no meaning"
        assert re.search("[\u4e00-\u9fff]", signal.meaning)
        assert signal.words or signal.patterns, f"{rule.id}.{signal.name} can never fire"
        assert signal.weight > 0


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_pattern_is_a_line_that_can_be_read_and_stands_once(rule: Violation) -> None:
    patterns = [pattern for signal in (*rule.signals, *rule.excuses) for pattern in signal.patterns]
    assert max(map(len, patterns), default=0) <= LONGEST
    assert len(patterns) == len(set(patterns))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_must_occur_together_is_named_and_can_be_enough(rule: Violation) -> None:
    weights = {signal.name: signal.weight for signal in rule.signals}
    assert rule.excuses
    for together in rule.needs:
        assert set(together) <= set(weights)
    assert sum(weights.values()) > 1, "the rule could never be as likely as not"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_law_counts_as_checked_only_where_its_full_text_was_read(rule: Violation) -> None:
    for law in rule.law:
        full_text_read = ("未成年人保护法", "民办教育促进法")  # confidence A in the legal notes
        assert law.checked == law.instrument.startswith(full_text_read)


def test_a_route_names_the_signals_of_rules_and_repeats_no_pattern_of_theirs() -> None:
    known = {f"{rule.id}.{signal.name}": signal for rule in RULES for signal in rule.signals}
    elements = [element for route in ROUTES for element in route.elements]
    assert (
        {"IN_SERVICE_TEACHER.employed", "HOME_TUTOR.home"}
        <= {name for element in elements for name in element.signals}
        <= set(known)
    )
    for element in elements:
        written = "|".join(element.patterns)
        pieces = {
            written[at : at + LONGEST_SHARED] for at in range(max(0, len(written) - LONGEST_SHARED + 1))
        }
        for name, signal in known.items():
            shared = [piece for piece in pieces if piece in "|".join(signal.patterns)]
            assert not shared, f"{element.name} repeats {name}: name it in `signals`"
