from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import kernels
from core.kernels import Found, Loops
from nlp.prefilter import Sieve
from nlp.seeker import Seeker

PATTERNS = ("补课|家教", "[一1]对[一1].{0,4}辅导", "(?:数学|英语)[课班]", ".{2}", "[0-9]{2}元", "(?i)abc")
WORDS = ("补", "补课", "一对一", "数", "元")
TEXT = st.text("补课家教一1对辅导数学英语班0元ab\U0001f360", max_size=40)


def both_ways(seeker: Seeker, loops: Loops, text: str) -> list[tuple[list[Found], list[int]]]:
    answers = []
    for way in (loops, None):
        with kernels.using(way):
            answers.append(seeker.find(text))
    return answers


@example("")
@example("补" * 500)
@given(TEXT)
def test_words_are_told_and_no_pattern_that_matches_stays_shut(compiled_loops: Loops, text: str) -> None:
    seeker = Seeker(WORDS, Sieve(PATTERNS))
    (told, opened), reference = both_ways(seeker, compiled_loops, text)
    assert (told, opened) == reference
    standing = [
        (end, start, seeker.words.index(text[start:end]))
        for end in range(len(text) + 1)
        for start in range(end)
        if text[start:end] in WORDS
    ]
    assert told == [(number, start, end) for end, start, number in standing]
    assert {number for number, one in enumerate(PATTERNS) if re.search(one, text)} <= set(opened)


@pytest.mark.parametrize(
    ("text", "opened"),
    [("", [3, 5]), ("补习家", [3, 5]), ("家教", [0, 3, 5]), ("1对一", [3, 5]), ("1对一辅导", [1, 3, 5]), ("英语", [3, 5]), ("英语课", [2, 3, 5])],
)  # fmt: skip
def test_a_pattern_is_opened_by_a_word_of_each_of_its_groups(
    compiled_loops: Loops, text: str, opened: list[int]
) -> None:
    answers = both_ways(Seeker((), Sieve(PATTERNS)), compiled_loops, text)
    assert answers == [([], opened)] * 2


@pytest.mark.parametrize(
    ("groups", "alternatives", "wanted", "always"),
    [([[1]], [[0]], [(0, 1)], []), ([[-1]], [[0]], [(0, 1)], []), ([[0]], [[1]], [(0, 1)], []), ([[0]], [[0]], [(1, 1)], []),
     ([[0]], [[0]], [(0, 1)], [1]), ([], [[0]], [(0, 1)], [])],
)  # fmt: skip
def test_numbers_that_name_nothing_are_refused(
    compiled_loops: Loops, groups: list[list[int]], alternatives: list[list[int]], wanted: list[tuple[int, int]],
    always: list[int],
) -> None:  # fmt: skip
    with pytest.raises(ValueError, match=r"number|groups"):
        compiled_loops.Seeker(["补课"], 1, groups, alternatives, wanted, always, 1)
