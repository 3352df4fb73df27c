from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.text import content_digest, fold, fold_many, fold_with_offsets, pair_text, pairs, word_pairs


def test_width_case_traditional_and_invisible_marks_fold_away() -> None:
    assert fold("家敎\u200bＶ信") == "家教v信"


def test_emoji_survive_in_pairs_and_the_last_character_has_an_end_mark() -> None:
    assert pairs("数🍠") == ["x6570x1f360", "x1f360_"]
    assert pairs("数 学") == ["x6570_", "x5b66_"]


@given(st.text() | st.text("数學🍠ａA1é\u0301\u00b4\u200b\u3000\n \x1c_xßİﬁ𠮷\ud800"))
def test_pairs_are_those_of_the_folded_text(text: str) -> None:
    assert pairs(text) == word_pairs(fold(text))
    assert pair_text(text) == " ".join(pairs(text))


@given(st.text())
def test_offsets_lead_back_to_the_original_character(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert len(folded) == len(offsets)
    assert "".join(fold(text[index]) for index in sorted(set(offsets))) == folded


def test_digest_counts_text_and_pictures_only() -> None:
    assert content_digest("a", "b ", ["2", "1"]) == content_digest("a", "b", ["1", "2"])
    assert content_digest("a", "b", []) != content_digest("ab", "", [])


@given(st.lists(st.text() | st.text("數學🍠ａ①…㎏é\u0301\u200b\0\nßİ\ud800"), min_size=1, max_size=5))
def test_many_texts_fold_as_each_does(texts: list[str]) -> None:
    folded = fold_many(texts)
    for number, text in enumerate(texts):
        plain, offsets = fold_with_offsets(text)
        assert folded.text(number) == plain
        assert list(folded.origins(number)) == offsets
