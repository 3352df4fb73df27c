"""Highlights: made from the original text, the same whatever back-end found it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import fold
from store.words import highlights


def marked(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in highlights(text, query)]


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("上门家敎，ＶＩＰ一对一", "家教 vip", ["家敎", "ＶＩＰ"]),
        ("数\u200b🍠补习", "数🍠", ["数\u200b🍠"]),
        ("家教家教", "家教", ["家教", "家教"]),
        ("上门 家教　数学", '"家教 数学"', ["家教　数学"]),
        ("家教 语文 数学", '"家教 数学"', []),
        ("家教或托管", "家教 OR 托管", ["家教", "托管"]),
        ("家教 AND 托管", "家教 AND 托管", ["家教", "托管"]),
        ("家教不托管", "家教 NOT 托管", ["家教"]),
        ("NOT or and", "NOT", ["NOT"]),
        ("a.b axb", "a.b", ["a.b"]),
        ("½价", "1", ["½"]),  # folds to 1⁄2: the whole character is marked
        ("家教", "", []),
        ("", "家教", []),
        ("家教", '""', []),
    ],
)
def test_what_was_searched_is_marked(text: str, query: str, found: list[str]) -> None:
    assert marked(text, query) == found


# White space and quotation marks part words; one word is what is looked for here.
_PIECES = "数學学🍠ａA1é\u0301\u200b½ﬁ_x*.(["


@given(st.text(_PIECES + " \n", max_size=30), st.text(_PIECES, min_size=1, max_size=3))
def test_a_word_is_marked_where_and_only_where_it_stands(text: str, word: str) -> None:
    words = fold(word).split()
    spans = highlights(text, word)
    assert bool(spans) == any(each in fold(text) for each in words)
    for start, end in spans:
        assert any(each in fold(text[start:end]) for each in words)
