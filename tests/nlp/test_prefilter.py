from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules import Violation
from nlp.prefilter import needed


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("数学", "数"), ("[0-3]天", "天"), ("(?:补|辅导?)习", "习"), ("数?(?:补|辅)", "补辅"), ("课{2,}", "课"),
        ("数*", None), ("[^数]", None), (r"\d", None), ("a|", None), ("(?i)a", None), ("(?i:a)", None), ("", None), ("(?=数)", None),
    ],
)  # fmt: skip
def test_one_of_these_characters_stands_in_every_match(pattern: str, expected: str | None) -> None:
    assert needed(re.compile(pattern)) == (None if expected is None else frozenset(expected))


@given(text=st.text("提分涨高0369二十年期课节元小时一对人岁周末原教育培训住家", max_size=30))
def test_no_match_of_the_shipped_patterns_is_lost(rules: list[Violation], text: str) -> None:
    for signal in (signal for rule in rules for signal in (*rule.signals, *rule.excuses) if signal.pattern):
        pattern = re.compile(signal.pattern or "")
        one_of = needed(pattern)
        for match in pattern.finditer(text):
            assert one_of is None or not one_of.isdisjoint(match[0])
