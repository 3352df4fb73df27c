"""The judge says the same with the compiled loops and with numpy alone, step by step and as a whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core import kernels
from core.kernels import Loops
from core.text import fold_many
from nlp.clue_sums import Sums, learned
from nlp.clue_weights import SAME_NUMBER, ClueWeights
from nlp.clues import HAN_FIRST, MOBILE, Clues, marked_sounds
from nlp.disguise import Disguise
from nlp.finder import Finder
from nlp.hashed import _by_numpy, hashed
from nlp.judge import Judge, batched
from nlp.lookout import signs_of, uncircled
from nlp.samples import corpus_samples

Answer = TypeVar("Answer")
PIECES = st.sampled_from(
    ["数", "学", "数🍠", "一 对 一", "家.教", "老浉", "孩子", "\n", "。", "\u200b", "é", "輔導", "shu4", "xue2", "薯\n学\n辅\n导\n", "a4", "ⓙⓙ", "🅰",
     "138 0000 1111", "一三八", "8888-1234", "三块", "80元", "①②", "3", "\0", "㎏", "北京市海淀区", "x", "12.5", "supercalifragilistic" * 4, " "]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=16).map("".join)
LONG_TEXTS = [
    "数 学4\n" * 170_000,
    "a4" * 500_000,
    "北京大学" * 250_000,
    "一 二\n三" * 200_000,
]  # a megabyte each


def both(loops: Loops, work: Callable[[], Answer]) -> tuple[Answer, Answer]:
    with kernels.using(loops):
        compiled = work()
    with kernels.using(None):
        return compiled, work()


def same(loops: Loops, work: Callable[[], object]) -> bool:
    compiled, reference = both(loops, work)
    return compiled == reference


@pytest.fixture(scope="module")
def disguise(words: object) -> Disguise:
    return Disguise(words)  # type: ignore[arg-type]


def laid_bare(disguise: Disguise, texts: list[str]) -> object:
    found = disguise.lay_all_bare(fold_many(texts))
    each = [found.bare(number) for number in range(len(texts))]
    return (
        found.joined,
        found.starts,
        found.ends,
        found.lines,
        [(it.folded, it.text, [*map(int, it.kept)]) for it in each],
    )


@example(["", "\n\n\n\n", "a1"])
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_texts_are_laid_bare_the_same(compiled_loops: Loops, disguise: Disguise, texts: list[str]) -> None:
    assert same(compiled_loops, lambda: laid_bare(disguise, texts))


@example(["", "1380000", "1111", ""])
@example(["一三八一三八一", "1 2 3 4 5 6 7"])
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_signs_are_the_same(compiled_loops: Loops, texts: list[str]) -> None:
    clean = [text.encode("utf-8", "replace").decode() for text in texts]
    assert same(compiled_loops, lambda: signs_of(fold_many(clean)))
    assert same(compiled_loops, lambda: [uncircled(text) for text in clean])


def places(texts: list[str]) -> list[tuple[list[int], bytes]]:
    found = hashed(texts)
    assert all((at.dtype, values.dtype) == ("int64", "float32") for at, values in found)
    return [(at.tolist(), values.tobytes()) for at, values in found]


@example(["", " ", "a" * 70, "1", "数学"])
@given(st.lists(TEXTS, max_size=4))
def test_hashed_places_are_the_same(compiled_loops: Loops, texts: list[str]) -> None:
    clean = [text.encode("utf-8", "replace").decode() for text in texts]
    assert same(compiled_loops, lambda: places(clean))


def test_a_word_that_is_too_long_for_the_table_is_spelled_out(compiled_loops: Loops) -> None:
    text = "好 " + "supercalifragilistic" * 4 + " 好"
    with kernels.using(compiled_loops):
        ((at, values),) = hashed([text])
    ((expected, weights),) = _by_numpy([text])
    assert (at.tolist(), values.tolist()) == (expected.tolist(), weights.tolist())


@settings(max_examples=100)
@given(st.lists(st.text("ab数学", min_size=1, max_size=3), unique=True, max_size=9), st.text("abc数学"))
def test_words_are_found_the_same(compiled_loops: Loops, words: list[str], text: str) -> None:
    for longest in (False, True):
        assert same(compiled_loops, lambda: Finder(words, longest).find(text))  # noqa: B023


@settings(max_examples=200)
@given(TEXTS, st.integers(0, 99), st.integers(0, 99), st.sampled_from(["", MOBILE]))
def test_what_stands_around_a_place_weighs_the_same(
    compiled_loops: Loops, text: str, one: int, other: int, kind: str
) -> None:
    start, end = sorted((one % (len(text) + 1), other % (len(text) + 1)))
    clues = Clues([], text, start, end, "", kind)
    # Every run of this very text weighs something, and no two the same.
    weights = {clue: 1 + number / 7 for number, clue in enumerate(sorted(clues.all()))}
    assert same(compiled_loops, lambda: Sums(ClueWeights(-99.0, weights)).chance(clues))
    assert same(compiled_loops, lambda: learned(SAME_NUMBER).chance(clues))


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 1), (2, 1), (1, 9)], ids=["before the text", "backwards", "behind the text"]
)
def test_a_place_that_is_not_in_the_text_is_refused(compiled_loops: Loops, start: int, end: int) -> None:
    around = compiled_loops.Around({}, {}, {}, {}, marked_sounds(), HAN_FIRST, (16, 12, 4))
    with pytest.raises(ValueError, match="not in the text"):
        around.sum("加微", start, end, 0.0)


@pytest.mark.parametrize("text", LONG_TEXTS, ids=["lines", "toned", "places", "columns"])
def test_a_megabyte_is_the_same(compiled_loops: Loops, disguise: Disguise, text: str) -> None:
    assert same(compiled_loops, lambda: laid_bare(disguise, [text]))
    assert same(compiled_loops, lambda: signs_of(fold_many([text])))
    assert same(compiled_loops, lambda: places([text]))


def verdicts(judge: Judge, texts: list[str]) -> list[str]:
    together = [found.model_dump_json() for found in judge.judge_texts((text, "", "other") for text in texts)]
    assert together == [judge.judge_text(text).model_dump_json() for text in texts]
    return together


@given(st.lists(TEXTS, max_size=4))
def test_verdicts_are_the_same_byte_for_byte(compiled_loops: Loops, judge: Judge, texts: list[str]) -> None:
    assert same(compiled_loops, lambda: verdicts(judge, texts))


EVERY = 1 if os.environ.get("WANGXUN_TEST_LONG") == "1" else 41


@pytest.mark.no_cover  # thousands of texts on lines that others cover: tracing them takes most of its time
def test_verdicts_on_our_corpus_are_the_same_byte_for_byte(compiled_loops: Loops, judge: Judge) -> None:
    for batch in batched([sample.text for sample in corpus_samples()][::EVERY]):
        assert same(compiled_loops, lambda: verdicts(judge, batch))  # noqa: B023
