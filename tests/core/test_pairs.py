from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.pairs import FEW, TOGETHER, pair_text, pair_texts, pairs, word_pairs
from core.text import fold

# What folds to none, to several, to white space, to more than a row of the table holds; planes beyond the first.
ODD = "數学🍠ａA1é\u0301\u00b4\u200b\u3000\n \x1c_xßİﬁ½㍿\ufdfa𠮷\U000f0000\0\ud800\udfff"


def test_emoji_survive_in_pairs_and_the_last_character_has_an_end_mark() -> None:
    assert pairs("数🍠") == ["x6570x1f360", "x1f360_"]
    assert pairs("数 学") == ["x6570_", "x5b66_"]


@given(st.text() | st.text("数學🍠ａA1é\u0301\u00b4\u200b\u3000\n \x1c_xßİﬁ𠮷\ud800"))
def test_pairs_are_those_of_the_folded_text(text: str) -> None:
    assert pairs(text) == word_pairs(fold(text))
    assert pair_text(text) == " ".join(pairs(text))


@given(st.lists(st.text() | st.text(ODD) | st.text(ODD.replace("㍿", "").replace("\ufdfa", "")), max_size=9))
def test_many_texts_are_paired_as_each_is(texts: list[str]) -> None:
    many = texts + ["x"] * FEW
    assert pair_texts(many) == [pair_text(text) for text in many]


def test_long_texts_and_many_are_paired_in_groups() -> None:
    texts = ["数学" * TOGETHER, *["每 小时" * 700] * 30, ""]
    assert pair_texts(texts) == [pair_text(text) for text in texts]
