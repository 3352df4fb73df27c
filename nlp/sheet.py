"""Texts on their way through the judge: folded and laid bare once, many at a time, for all that read them.

What is looked for in every text is looked for in all of a batch at once: numpy and the automaton take as long for
sixty short texts as for one of their length together, and a call a text would cost more than the search.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.model import Region
from core.text import FoldedTexts, fold_many
from nlp.lookout import signs_of
from nlp.places import region_in
from nlp.signs import Signs

# Longest text that is read; the longest real post known to us has 6,000 characters. A limit keeps a hostile page cheap.
LONGEST = 50_000
MOST = 200_000  # characters read together: tables of a batch then stay within a few megabytes
_SURROGATE = re.compile("[\ud800-\udfff]")


def readable(text: str) -> str:
    """What is read of a text: its beginning; half a character becomes one that nobody sees, and parts no word."""
    if len(text) > LONGEST:
        text = text[:LONGEST]
    return text if text.isascii() else _SURROGATE.sub("\u200b", text)


class Sheets:
    """Some texts, folded together. `texts` are `readable`."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.folded: FoldedTexts = fold_many(texts)
        self._signs: list[Signs] | None = None  # a cached_property takes a lock at each look

    @property
    def signs(self) -> list[Signs]:
        """What entities and places of each text begin with."""
        if self._signs is None:
            self._signs = signs_of(self.folded)
        return self._signs

    def __getitem__(self, number: int) -> Sheet:
        return Sheet(self, number)

    def __len__(self) -> int:
        return len(self.texts)


class Sheet:
    """One text of some: `folded` is its folded form."""

    __slots__ = ("_number", "_sheets", "folded", "text")

    def __init__(self, sheets: Sheets, number: int) -> None:
        self.text = sheets.texts[number]
        self.folded = sheets.folded.text(number)
        self._sheets = sheets
        self._number = number

    @property
    def origins(self) -> Sequence[int]:
        """For each character of `folded`, the index of the character of `text` it came from."""
        return self._sheets.folded.origins(self._number)

    @property
    def signs(self) -> Signs:
        """What entities and places of the text begin with."""
        return self._sheets.signs[self._number]

    @property
    def region(self) -> Region | None:
        """The deepest administrative division that the text names."""
        return region_in(self.folded, self.signs)


def sheet_of(text: str) -> Sheet:
    """A text by itself."""
    return Sheets([text])[0]


def find_region(*texts: str) -> Region | None:
    """The deepest division that the first telling text names, down to the street; None when no text does."""
    return next((region for text in texts if (region := sheet_of(text).region)), None)


def parted(texts: Sequence[str]) -> Iterator[range]:
    """The texts' numbers in runs of at most MOST characters, or one text."""
    first = length = 0
    for number, text in enumerate(texts):
        if length and length + len(text) > MOST:
            yield range(first, number)
            first, length = number, 0
        length += len(text)
    if texts:
        yield range(first, len(texts))
