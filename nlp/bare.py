"""Laying texts bare: without the marks, line ends and tone digits that are put between the characters of a word."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.kernels import Loops, loops
from core.text import FoldedTexts, spelled_out

# One character a line, four lines or more: the column is read as one word.
COLUMN_LINES = 3  # line ends that part the fewest four lines
COLUMN = re.compile(r"(?:(?<=\n)|^)(?:[^\n]\n){3,}[^\n](?=\n|$)")
# Pinyin with tones in digits (shu4 xue2): two syllables or more, so that room numbers (a4) stay what they are.
TONE = re.compile("[a-z][1-4]")
TONED = re.compile(r"(?<![a-z0-9])(?:[a-z]{1,6}[1-4] ?){2,}(?![0-9])")
FEWEST_LINES = 4  # of an acrostic


def _letters() -> dict[int, str]:
    """Letters in frames and with tone marks, which the folding of width leaves as they are."""
    frames = {
        start + place: chr(ord("a") + place)
        for start in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
        for place in range(26)
    }
    toned = {ord(mark): plain for plain, marks in _TONES.items() for mark in marks}
    return frames | toned


_TONES = {"a": "āáǎà", "e": "ēéěè", "i": "īíǐì", "o": "ōóǒò", "u": "ūúǔùǖǘǚǜü"}
LETTERS = _letters()


Numbers = NDArray[np.int64] | NDArray[np.int32]


@dataclass(slots=True)
class Bare:
    """A folded text without marks: character i of `text` is character kept[i] of `folded`."""

    folded: str
    text: str
    kept: Sequence[int] | Numbers


@dataclass(slots=True)
class BareTexts:
    """Many texts laid bare at once: text k is characters [starts[k], ends[k]) of `joined`. Never change one.

    Character i of `joined` is character kept[i] of `folded.joined`. `lines`: the texts long enough for an acrostic.
    """

    folded: FoldedTexts
    joined: str
    kept: Numbers | None  # None: every character was kept
    starts: list[int]
    ends: list[int]
    lines: frozenset[int] = frozenset()

    def bare(self, number: int) -> Bare:
        """One of the texts."""
        folded, start, end = self.folded.text(number), self.starts[number], self.ends[number]
        if self.kept is None or end - start == len(folded):
            return Bare(folded, folded, range(len(folded)))
        kept = self.kept[start:end] - self.folded.starts[number]
        return Bare(folded, self.joined[start:end], kept)


# What a character may be to the search for disguise.
_DROPPED, _FRAMED, _LINE_END, _TONE, _LETTER = 1, 2, 4, 8, 16


class Stripper:
    """Takes `dropped` characters out of texts."""

    def __init__(self, dropped: frozenset[str]) -> None:
        self._kinds = _kinds(dropped)

    def strip(self, folded: FoldedTexts) -> BareTexts:
        """Each of the texts without marks."""
        compiled = loops()
        return self._by_loops(compiled, folded) if compiled else self._by_numpy(folded)

    def _by_loops(self, compiled: Loops, folded: FoldedTexts) -> BareTexts:
        kinds = self._kinds
        found = compiled.surveyed(folded.joined, folded.ends, kinds, _LETTER, _TONE, _LINE_END)
        if found[0] & _FRAMED:
            folded = replace(folded, joined=folded.joined.translate(LETTERS), _codes=None)
            found = compiled.surveyed(folded.joined, folded.ends, kinds, _LETTER, _TONE, _LINE_END)
        present, toned, line_ends = found
        if not present & (_DROPPED | _LINE_END | _TONE):
            return BareTexts(folded, folded.joined, None, folded.starts, folded.ends)
        unsure = {*toned, *[number for number, count in enumerate(line_ends) if count >= COLUMN_LINES]}
        lines = frozenset([number for number, count in enumerate(line_ends) if count >= FEWEST_LINES - 1])
        silent = _all_silent(folded, unsure) if unsure else []
        if not silent and not present & _DROPPED:
            return BareTexts(folded, folded.joined, None, folded.starts, folded.ends, lines)
        joined, kept, ends = compiled.without(folded.joined, folded.ends, kinds, _DROPPED, silent)
        starts = [0, *[end + 1 for end in ends[:-1]]]
        return BareTexts(folded, joined, np.frombuffer(kept, np.int32), starts, ends, lines)

    def _by_numpy(self, folded: FoldedTexts) -> BareTexts:
        kinds = self._kinds.take(folded.codes)
        present = int(np.bitwise_or.reduce(kinds))
        if not present & (_DROPPED | _FRAMED | _LINE_END | _TONE):
            return BareTexts(folded, folded.joined, None, folded.starts, folded.ends)
        if present & _FRAMED:
            codes = _letters_for(folded.codes, kinds)
            folded = replace(folded, joined=spelled_out(codes), _codes=codes)
            kinds = self._kinds[codes]
        dropped = kinds & _DROPPED
        lines: frozenset[int] = frozenset()
        unsure = _toned(kinds, folded) if present & _TONE else set()
        if present & _LINE_END:
            line_ends = _counts(kinds, _LINE_END, folded)
            unsure |= set((line_ends >= COLUMN_LINES).nonzero()[0].tolist())
            lines = frozenset((line_ends >= FEWEST_LINES - 1).nonzero()[0].tolist())
        dropped[_all_silent(folded, unsure)] = _DROPPED
        kept = (dropped == 0).nonzero()[0]
        if len(kept) == len(dropped):
            return BareTexts(folded, folded.joined, None, folded.starts, folded.ends, lines)
        starts, ends = kept.searchsorted(folded.starts).tolist(), kept.searchsorted(folded.ends).tolist()
        return BareTexts(folded, spelled_out(folded.codes[kept]), kept, starts, ends, lines)


def _kinds(dropped: frozenset[str]) -> NDArray[np.uint8]:
    """What each code point is: one look a character tells which of the slower searches are needed."""
    table = np.zeros(0x110000, np.uint8)
    table[[ord(mark) for mark in dropped]] = _DROPPED
    table[list(LETTERS)] |= _FRAMED
    table[ord("\n")] |= _LINE_END
    table[[ord(digit) for digit in "1234"]] |= _TONE
    table[ord("a") : ord("z") + 1] |= _LETTER
    return table


@functools.cache
def _plain_letters() -> NDArray[np.uint32]:
    """The plain letter of each code point up to the last letter in a frame."""
    table = np.arange(max(LETTERS) + 1, dtype=np.uint32)
    table[list(LETTERS)] = [ord(letter) for letter in LETTERS.values()]
    return table


def _letters_for(codes: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """The code points with plain letters for those in frames."""
    framed = (kinds & _FRAMED) > 0
    plain = codes.copy()
    plain[framed] = _plain_letters()[codes[framed]]
    return plain


def _counts(kinds: NDArray[np.uint8], kind: int, folded: FoldedTexts) -> NDArray[np.int64]:
    """How many characters of a kind each text has; the separator behind it is of no kind."""
    return np.add.reduceat((kinds & kind) > 0, folded.starts, dtype=np.int64)


def _toned(kinds: NDArray[np.uint8], folded: FoldedTexts) -> set[int]:
    """The texts that have a letter with a tone behind it (TONE)."""
    places = (((kinds[:-1] & _LETTER) > 0) & ((kinds[1:] & _TONE) > 0)).nonzero()[0]
    return set((np.searchsorted(folded.starts, places, side="right") - 1).tolist()) if places.size else set()


def _all_silent(folded: FoldedTexts, unsure: Iterable[int]) -> list[int]:
    """The silent places of these texts, in order."""
    return sorted(
        folded.starts[number] + place for number in unsure for place in _silent(folded.text(number))
    )


def _silent(folded: str) -> frozenset[int]:
    """Places of line ends inside a column of single characters, and of tone digits behind pinyin."""
    places: set[int] = set()
    if folded.count("\n") >= COLUMN_LINES:
        for column in COLUMN.finditer(folded):
            places.update(place for place in range(*column.span()) if folded[place] == "\n")
    if TONE.search(folded):
        for toned in TONED.finditer(folded):
            places.update(place for place in range(*toned.span()) if folded[place] in "1234 ")
    return frozenset(places)
