from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import bounds
from nlp.roles import SUBJECT_WORDS
from nlp.sifting import Sifter

PATTERNS = [
    *(pattern for pattern in vars(bounds).values() if isinstance(pattern, re.Pattern)),
    *(re.compile("|".join(words.split())) for words in SUBJECT_WORDS.values()),
    re.compile("[3-6]岁|大班(?!课)"),
    re.compile("[^。]{3}元"),
]
SIFTER = Sifter(PATTERNS)
PIECES = st.sampled_from(
    ["出租", "教室", "补课", "志愿填报", "付费", "只管", "看护", "文化课", "自理", "小学", "招聘", "房", "语文", "物化生", "5岁", "大班",
     "课", "考研", "元", "。", "三间", "共享", "教育局", "联合", "字"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(PIECES | st.text(max_size=3), max_size=10).map("".join))
def test_a_pattern_that_matches_is_never_left_out(text: str) -> None:
    matching = {place for place, pattern in enumerate(PATTERNS) if pattern.search(text)}
    assert matching <= set(SIFTER.opened(text))


def test_what_names_nothing_opens_nothing_and_places_are_in_order() -> None:
    sifter = Sifter([re.compile("补课|补习"), re.compile("教室.{0,9}出租"), re.compile("房")])
    assert sifter.opened("今天天气很好") == []
    assert sifter.opened("房里有教室") == [2]
    assert sifter.opened("房子出租，有教室，补习") == [0, 1, 2]


def test_a_pattern_that_does_not_tell_is_always_tried() -> None:
    assert Sifter([re.compile("a"), re.compile(".")]).opened("") == [1]


def test_a_pattern_with_flags_is_refused() -> None:
    with pytest.raises(ValueError, match="flags"):
        Sifter([re.compile("qq", re.IGNORECASE)])
