from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.text import content_digest, fold, fold_many, fold_with_offsets


def test_width_case_traditional_and_invisible_marks_fold_away() -> None:
    assert fold("家敎\u200bＶ信") == "家教v信"


def test_whatever_nobody_sees_folds_away() -> None:
    marks = "\u00ad\u034f\u061c\u115f\u180e\u2062\u2066\u3164\ufe01\ufeff\U000e0101\u20dd\u0336\ud83d"
    assert fold("".join(f"{mark}补" for mark in marks)) == "补" * len(marks)
    assert fold("补 课\t\n、①한글") == "补 课\t\n、1한글"


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
