"""The one choice between compiled loops (`core/compiled.pyx`) and the numpy code that they are the twins of.

The numpy code says what is meant and runs everywhere; the loops give the same answers sooner. They are taken where
`core.compiling` made them from the very source that lies here: an old one never answers for a new one.
"""

from __future__ import annotations

import hashlib
import importlib
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:  # set-up asks this module what is built, and need not wait for numpy
    import numpy as np
    from numpy.typing import NDArray

NAME = "compiled"
FOLDER = Path(__file__).parent
SOURCES = tuple(
    FOLDER / f"{NAME}{ending}" for ending in (".pyx", "_hashes.pxi", "_tree.pxi", "_seek.pxi", "_clues.pxi")
)


Found = tuple[int, int, int]  # a word's number, where it starts and where it ends


class Tree(Protocol):
    """Words to be found, each once and none empty."""

    def find(self, text: str, longest: bool) -> list[Found]:
        """Every word by ends and then by starts; `longest`: from left to right the longest, none within another."""
        ...


class Seeker(Protocol):
    """Words to be found, and patterns that some of them open; see `nlp.seeker`."""

    def find(self, text: str) -> tuple[list[Found], list[int]]:
        """The words that are told, by ends and then by starts, and the numbers of the patterns that may match, in order."""
        ...


class Around(Protocol):
    """Weights of the runs of characters and of sounds around a place; see `nlp.clue_sums`."""

    def sum(self, text: str, start: int, end: int, total: float) -> float:
        """`total`, and what stands around the place."""
        ...


Weights = dict[
    str, tuple[float, float, float]
]  # of runs, the nearest character first: right beside, near, anywhere


class Loops(Protocol):
    """What is compiled. `ends`: where each of the texts that `text` joins ends; a separator stands there."""

    SOURCE: str  # digest of the source that they were made from
    Tree: Callable[[list[str]], Tree]
    Seeker: Callable[
        [list[str], int, list[list[int]], list[list[int]], list[tuple[int, int]], list[int], int], Seeker
    ]
    Around: Callable[[Weights, Weights, Weights, Weights, array[int], int, tuple[int, int, int]], Around]

    def folded(self, text: str, table: NDArray[np.uint32]) -> str | int:
        """The text by the table; the largest mark met where a character has no single other one."""
        ...

    def spread(
        self, text: str, ends: list[int], table: NDArray[np.uint32], spelled: Callable[[str], str]
    ) -> tuple[str, array[int], list[int]]:
        """The text where some characters become none or several, where each came from, and the new ends."""
        ...

    def surveyed(
        self, text: str, ends: list[int], kinds: NDArray[np.uint8], letter: int, tone: int, line_end: int
    ) -> tuple[int, list[int], list[int]]:
        """All kinds met, the texts that have a tone behind a letter, and how many line ends each has."""
        ...

    def without(
        self, text: str, ends: list[int], kinds: NDArray[np.uint8], dropped: int, silent: list[int]
    ) -> tuple[str, array[int], list[int]]:
        """The text less a kind of characters and the silent places, the places kept, and the new ends."""
        ...

    def signs(
        self, text: str, ends: list[int], kinds: NDArray[np.uint16], dial: int, digit: int, priced: int, money: int, steps: int,
        widest: int,
    ) -> list[tuple[int, bool, list[int]]]:  # fmt: skip
        """For each text its kinds, whether it is dialled, and where amounts may begin in it."""
        ...

    def hashed(
        self, text: str, words: list[str], spelled: Callable[[str], int], factors: NDArray[np.uint64],
        crc: NDArray[np.uint32], steps: NDArray[np.uint16], run_bits: int, word_bits: int, longest: int, places: NDArray[np.int64], values: NDArray[np.float32],
    ) -> int | None:  # fmt: skip
        """Fills in hashed places and their values and says how many; None: a word is too long for the table."""
        ...


def digest() -> str:
    """Names the source that the loops must have been made from."""
    return hashlib.sha256(b"".join(source.read_bytes() for source in SOURCES)).hexdigest()


def built() -> Loops | None:
    """The compiled loops, if they were made here from today's source."""
    try:
        found = cast("Loops", importlib.import_module(f"core.{NAME}"))
    except ImportError:
        return None
    return found if digest() == found.SOURCE else None


_in_use = built()


def loops() -> Loops | None:
    """What is used: the compiled loops, or None for numpy."""
    return _in_use


@contextmanager
def using(chosen: Loops | None) -> Iterator[None]:
    """Use these within the block: for comparisons of the two ways, in one thread."""
    global _in_use
    before, _in_use = _in_use, chosen
    try:
        yield
    finally:
        _in_use = before
