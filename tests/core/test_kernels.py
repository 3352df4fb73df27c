"""The compiled loops say what numpy and Python say, of any text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import kernels
from core.kernels import Loops
from core.text import FoldedTexts, fold_many

# Half characters, several planes, what folds to nothing or to several, line ends, separators.
WILD = st.text() | st.text("數學🍠ａ①…㎏é\u0301\u200b\0\nßİ\ud800\U0010ffffﷺ")


def said(folded: FoldedTexts) -> tuple[object, ...]:
    came_from = None if folded.came_from is None else folded.came_from.tolist()
    codes = folded.codes.tolist()
    return folded.joined, list(map(ord, folded.joined)), codes, folded.starts, folded.ends, came_from


def both_ways(loops: Loops, texts: list[str]) -> list[tuple[object, ...]]:
    answers = []
    for way in (loops, None):
        with kernels.using(way):
            answers.append(said(fold_many(texts)))
    return answers


@example(["", ""])
@example(["㎏", "", "a\0b"])
@given(st.lists(WILD, min_size=1, max_size=5))
def test_texts_fold_the_same(compiled_loops: Loops, texts: list[str]) -> None:
    compiled, reference = both_ways(compiled_loops, texts)
    assert compiled == reference


@pytest.mark.parametrize("piece", ["a", "數", "🍠\ufe0f", "①ﷺ" + "數" * 60])
def test_a_megabyte_folds_the_same(compiled_loops: Loops, piece: str) -> None:
    compiled, reference = both_ways(compiled_loops, [piece * (1_000_000 // len(piece.encode()))])
    assert compiled == reference


def test_a_character_that_was_never_met_is_learned(compiled_loops: Loops) -> None:
    table = np.full(0x110000, 0xFFFFFFFF, np.uint32)
    assert compiled_loops.folded("a", table) == 0xFFFFFFFF
    table[ord("a")] = ord("b")
    assert compiled_loops.folded("aa", table) == "bb"


def test_a_table_that_is_too_short_or_ends_that_do_not_fit_are_refused(compiled_loops: Loops) -> None:
    with pytest.raises(IndexError):
        compiled_loops.folded("é", np.zeros(9, np.uint32))
    for kinds in (np.zeros(300, np.uint8), np.zeros(9, np.uint8)):
        with pytest.raises((ValueError, IndexError)):
            compiled_loops.surveyed("aé", [2], kinds, 1, 2, 4)
    for ends in ([3], [-1], [1, 0], [0, 0]):
        with pytest.raises(ValueError, match="ends"):
            compiled_loops.signs("abc", ends, np.zeros(300, np.uint16), 1, 2, 4, 8, 6, 4)
    with pytest.raises(ValueError, match="steps"):
        compiled_loops.signs("abc", [2], np.zeros(300, np.uint16), 1, 2, 4, 8, 99, 4)


def test_a_spelling_that_changes_its_mind_is_refused_and_writes_nothing(compiled_loops: Loops) -> None:
    table = np.zeros(300, np.uint32)
    table[:] = 0xFFFFFFFF

    def spelled(letter: str) -> str:
        table[ord("a")] = ord("a")  # as if another thread had learned it
        return ""

    with pytest.raises(ValueError, match="table"):
        compiled_loops.spread("aa", [1], table, spelled)


@given(
    st.lists(st.text("ab学\U0001f360", min_size=1, max_size=4), unique=True, max_size=12), st.text("abc学\U0001f360")
)  # fmt: skip
def test_every_word_is_found_and_the_longest_from_left_to_right(
    compiled_loops: Loops, words: list[str], text: str
) -> None:
    tree = compiled_loops.Tree(words)
    places = [
        (end, start) for end in range(len(text) + 1) for start in range(end) if text[start:end] in words
    ]
    assert tree.find(text, False) == [(words.index(text[a:b]), a, b) for b, a in places]
    longest, done = [], 0
    for start in range(len(text)):
        ends = [end for end, begin in places if begin == start >= done]
        if ends:
            done = max(ends)
            longest.append((words.index(text[start:done]), start, done))
    assert tree.find(text, True) == longest


def test_ten_thousand_matches_within_each_other(compiled_loops: Loops) -> None:
    found = compiled_loops.Tree(["a", "aa", "aaa"]).find("a" * 10_000, False)
    assert len(found) == 3 * 10_000 - 3
    assert found == sorted(found, key=lambda one: (one[2], one[1]))


@pytest.mark.parametrize("words", [[""], ["a", "b", "a"]])
def test_a_word_that_is_empty_or_stands_there_twice_is_refused(
    compiled_loops: Loops, words: list[str]
) -> None:
    with pytest.raises(ValueError, match="a word"):
        compiled_loops.Tree(words)


def test_what_was_made_from_another_source_is_not_taken(
    compiled_loops: Loops, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert kernels.loops() is kernels.built() is compiled_loops
    other = tmp_path / "compiled.pyx"
    other.write_text("# newer")
    monkeypatch.setattr(kernels, "SOURCES", (other,))
    assert kernels.built() is None


def test_a_choice_ends_with_its_block(compiled_loops: Loops) -> None:
    before = kernels.loops()
    with kernels.using(None):
        assert kernels.loops() is None
    assert kernels.loops() is before


def test_without_a_compiled_module_there_are_no_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "NAME", "never_compiled")
    assert kernels.built() is None
