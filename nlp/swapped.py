"""Guarded words whose two characters are written the other way round: 导辅, 学数."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping

from ahocorasick_rs import AhoCorasick

from nlp.segment import is_word, load_segmenter

_CHINESE = re.compile("[\u4e00-\u9fff]")
AROUND = 8  # characters on a side that are cut into words: the longest words have four or five


class Swapped:
    """The forms by their plain words; a form that ends in $ counts at the end of a clause only."""

    def __init__(self, plain_of: Mapping[str, str]) -> None:
        self.forms = [form.removesuffix("$") for form in plain_of]
        self._plains = list(plain_of.values())
        self._at_end = [form.endswith("$") for form in plain_of]
        self._automaton = AhoCorasick(self.forms)

    def find(self, folded: str) -> Iterator[tuple[int, int, str]]:
        """Where each stands in a folded text as words of its own at the border of a clause, and the plain word."""
        for number, start, end in self._automaton.find_matches_as_indexes(folded):
            if _at_border(folded, start, end, self._at_end[number]) and _by_itself(folded, start, end):
                yield start, end, self._plains[number]


def _at_border(folded: str, start: int, end: int, at_end: bool) -> bool:
    """Whether a clause begins or ends here: in its midst 上课补充 and 大学数学 are met by chance."""
    ends = not _CHINESE.match(folded, end)
    return ends or (not at_end and not _CHINESE.match(folded[start - 1 : start]))


def _by_itself(folded: str, start: int, end: int) -> bool:
    """Whether no word reaches over an edge of [start, end)."""
    if is_word(folded[start - 1 : start + 1]) or is_word(folded[end - 1 : end + 1]):
        return False
    first = max(0, start - AROUND)
    lengths = map(len, load_segmenter().cut(folded[first : end + AROUND]))
    return {start, end} <= {first + length for length in itertools.accumulate(lengths, initial=0)}
