"""Character pairs of folded text, the tokens by which all back-ends search.

Hexadecimal, because search engines' tokenizers drop emoji and fold accents, and the disguises are exactly there.
"""

from __future__ import annotations

import functools
import itertools
import operator
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.text import code_points, fold_character


def pairs(text: str) -> list[str]:
    """Overlapping character pairs of the folded text without white space, as hexadecimal tokens with an end mark.

    The last character stands alone with the end mark `_`, so that a prefix search finds any single character.
    """
    return pair_text(text).split()


def pair_text(text: str) -> str:
    """`pairs` as one line, as the indexes take it: folding and pairing in one look at each character."""
    # Numbers are looked up faster than characters, each of which would be made and hashed anew.
    codes = array("I", text.encode("utf-32-le", "surrogatepass"))
    written = "".join(map(_PAIRED.__getitem__, codes))
    # A word's first character ends no pair; its last one is followed by the end mark.
    return " ".join([f"{word.partition(' ')[2]}_" for word in written.split("\n") if word])


class _Paired(dict[int, str]):
    """What a character adds to `pair_text`: the end of one pair and the beginning of the next; a line's end for white
    space.
    """

    def __missing__(self, code: int) -> str:
        folded = fold_character(chr(code))
        written = "".join("\n" if part.isspace() else f"x{ord(part):x} x{ord(part):x}" for part in folded)
        # The common Chinese characters number about 8,000; a page with all of Unicode must not fill the memory.
        if len(self) < 32_768:
            self[code] = written
        return written


_PAIRED = _Paired()


def word_pairs(folded: str) -> list[str]:
    """The same for a text that is folded already: folding a second time may change it (a lone accent is lost)."""
    codes = ["_" if character.isspace() else f"x{ord(character):x}" for character in folded] + ["_"]
    # What begins with the mark of white space is no pair.
    return [pair for pair in map(operator.add, codes, codes[1:]) if pair[0] == "x"]


# Texts paired at once: their bytes stay in the processor's own memory; twice as many took twice as long each.
TOGETHER = 10_000  # characters
FEW = 3  # texts; measured: one alone is no quicker by the table, ten take half the time each; in between it is a guess
# Bytes that a character may add: nearly all add 11 to 13, `½` adds 25. What adds more (`㍿`) sends its texts to the loop.
WIDTH = 32
_END = 0x110000  # behind each text; one more than the last character there is
_UNKNOWN, _LETTER, _SPACE, _NOTHING, _LONG = range(5)


def pair_texts(texts: Sequence[str]) -> list[str]:
    """`pair_text` of each; many at once take half the time."""
    return [paired for group in _groups(texts) for paired in _paired(group)]


def _groups(texts: Sequence[str]) -> Iterator[list[str]]:
    """Neighbours together, as many as have TOGETHER characters."""
    places = itertools.accumulate(len(text) for text in texts)
    for _, group in itertools.groupby(zip(texts, places, strict=True), lambda one: one[1] // TOGETHER):
        yield [text for text, _ in group]


def _paired(texts: list[str]) -> list[str]:
    """The texts paired together, or one by one where that is no slower or the table holds too little of them."""
    if len(texts) <= FEW or max(map(len, texts)) > TOGETHER:
        return list(map(pair_text, texts))
    codes = code_points("\n".join((*texts, ""))).astype(np.intp)
    codes[np.fromiter(itertools.accumulate(len(text) + 1 for text in texts), np.intp) - 1] = _END
    table = _table()
    kinds = table.kinds_of(codes)
    most = kinds.max()
    if most == _LONG:
        return list(map(pair_text, texts))
    if most == _NOTHING:
        stay = kinds != _NOTHING
        codes, kinds = codes[stay], kinds[stay]
    return table.written(codes, kinds)


@dataclass(frozen=True)
class _Table:
    """For each code point its kind, and two rows of bytes, filled up with zeros: what it adds after a letter, and what
    after white space. It fills itself with the characters that occur, and only their places take memory (72 MB if all of
    Unicode ever did); two threads that fill the same place write the same.
    """

    kinds: NDArray[np.uint8]
    rows: NDArray[np.uint64]

    def kinds_of(self, codes: NDArray[np.intp]) -> NDArray[np.uint8]:
        kinds = self.kinds[codes]
        if not kinds.all():
            for code in np.unique(codes[kinds == _UNKNOWN]).tolist():
                self._learn(code)
            kinds = self.kinds[codes]
        return kinds

    def written(self, codes: NDArray[np.intp], kinds: NDArray[np.uint8]) -> list[str]:
        """The pairs of each text that an end follows."""
        places = codes * 2
        places[0] += 1
        places[1:] += kinds[:-1] == _SPACE
        lines = self.rows.take(places, axis=0).tobytes().translate(None, b"\0").decode("ascii").split("\n")
        return [line[1:] for line in lines[:-1]]  # each begins with the space before its first pair

    def _learn(self, code: int) -> None:
        folded = fold_character(chr(code))
        both = [_added(folded, first) for first in (False, True)]
        if max(map(len, both)) > WIDTH:
            kind = _LONG
        elif not folded:
            kind = _NOTHING
        else:
            kind = _SPACE if folded[-1].isspace() else _LETTER
            self._keep(code, both)
        self.kinds[code] = kind  # last: who sees the kind finds the rows

    def _keep(self, code: int, both: list[str]) -> None:
        for place, text in enumerate(both):
            self.rows[code * 2 + place] = np.frombuffer(text.encode().ljust(WIDTH, b"\0"), np.uint64)


@functools.cache
def _table() -> _Table:
    """One for all; a process that saves a few records at a time never makes it."""
    table = _Table(np.zeros(_END + 1, np.uint8), np.zeros((2 * (_END + 1), WIDTH // 8), np.uint64))
    table._keep(_END, ["_\n", "\n"])
    table.kinds[_END] = _SPACE
    return table


def _added(folded: str, first: bool) -> str:
    """What these characters add, `first`: at a word's beginning. The end mark stands where white space does."""
    written = ""
    for part in folded:
        if not part.isspace():
            written += f" x{ord(part):x}" if first else f"x{ord(part):x} x{ord(part):x}"
        elif not first:
            written += "_"
        first = part.isspace()
    return written
