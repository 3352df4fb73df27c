"""Cutting text into pieces: nothing lost, everything found, overlaps kept."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from api import marks
from core.model import Picture, PictureLine, Post, Reason, Span, Suspicion, Verdict
from core.text import judged_text


def verdict(*spans: tuple[int, int], text: str) -> Verdict:
    reasons = tuple(
        Reason(signal="s", span=Span(start=a, end=b, text=text[a:b]), weight=1.0, meaning=str(a))
        for a, b in spans
    )
    item = Suspicion(code="JOB_AD", score=0.5, reasons=reasons)
    return Verdict(decision="flagged", score=0.5, suspicions=(item,), rule_version="r", model_version="m")


def test_overlapping_reasons_are_all_named() -> None:
    pieces = marks.reasoned("abcdef", verdict((0, 3), (2, 5), text="abcdef"), {"JOB_AD": "招聘"})
    assert [(piece.text, piece.notes) for piece in pieces] == [
        ("ab", ("招聘：0",)), ("c", ("招聘：0", "招聘：2")), ("de", ("招聘：2",)), ("f", ()),
    ]  # fmt: skip


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=5))
def test_no_character_is_lost_or_doubled(text: str, spans: list[tuple[int, int]]) -> None:
    pieces = marks.reasoned(text, verdict(*spans, text=text), {})
    assert "".join(piece.text for piece in pieces) == text


@given(st.text(max_size=60), st.text(max_size=5))
def test_marking_words_keeps_the_text(text: str, query: str) -> None:
    assert "".join(piece.text for piece in marks.whole(text, query)) == text


def test_words_are_found_in_other_dress() -> None:
    marked = [piece.text for piece in marks.whole("上門家敎，ＡＢ", "上门 ab") if piece.notes]
    assert marked == ["上門", "ＡＢ"]


def test_an_excerpt_shows_the_hit_in_its_surroundings() -> None:
    pieces = marks.found("前" * 300 + "家教" + "后" * 300, "家教")
    assert pieces[0].text == "…"
    assert any(piece.text == "家教" and piece.kind == "hit" for piece in pieces)
    assert sum(len(piece.text) for piece in pieces) <= marks.EXCERPT + 2


def test_words_of_pictures_stand_apart_with_their_reasons() -> None:
    line = PictureLine(text="数学家教", box=(0, 0, 9, 9))
    post = Post(
        id="p", source_id="s", channel="social", url="http://a.test/", title="看图", body="详情看图",
        pictures=(Picture(url="u"), Picture(url="v", lines=(line,))), seen_at=datetime(2026, 3, 1, tzinfo=UTC),
    )  # fmt: skip
    text = judged_text(post)
    place = text.index("家教")
    pieces = marks.pictured(post, verdict((0, 2), (place, place + 2), text=text), {"JOB_AD": "招聘"})
    assert [(piece.text, piece.kind) for piece in pieces] == [("数学", ""), ("家教", "for")]
    silent = post.model_copy(update={"pictures": ()})
    assert marks.pictured(silent, verdict(text=text), {}) == []
