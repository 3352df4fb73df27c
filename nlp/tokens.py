"""A text as the network reads it: character by character, each with its word and with the word groups that name it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.text import code_points
from nlp.hashed import NUMBER, word_place
from nlp.segment import load_segmenter
from nlp.signals import GROUPS, Hits

# Eleven of a hundred real posts are longer (news, job advertisements). Of those the network sees how they begin and end,
# where an advertisement says what it sells and how to come; the linear model weighs all of it.
FIRST, LAST = 195, 56
SEAM = "\n" * 5  # between them, as long as the widest filter's reach: nobody wrote the one beside the other
LONGEST = FIRST + len(SEAM) + LAST
WORDS = 1 << 14  # rows of the word table; row 0 stands for white space
CONTACT_DIGITS = 7  # a number of so many digits is somebody's
MARKS = (*GROUPS, "number")  # the groups, and such a number


@dataclass(frozen=True)
class Tokens:
    """`characters` (code points) and `words` (rows of the word table), one each; `marks` (length, one column for each of MARKS) are 0 or 1."""

    characters: NDArray[np.uint32]
    words: NDArray[np.int32]
    marks: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.characters)


def tokens(text: str, hits: Hits) -> Tokens:
    """The tokens of a plain text and of what was found in it; a number is one token, whatever its digits."""
    points = code_points(text).astype(np.uint32)
    kept = np.ones(len(points), np.bool_)
    marks = np.zeros((len(points), len(MARKS)), np.uint8)
    for column, name in enumerate(GROUPS):
        for start, end in hits.get(f"@{name}"):
            marks[start:end, column] = 1
    for match in NUMBER.finditer(text):
        start, end = match.span()
        kept[start + 1 : end] = False
        points[start] = ord("0")
        marks[start, -1] = end - start >= CONTACT_DIGITS and "." not in match.group()
    whole = Tokens(points[kept], _words(text)[kept], marks[kept])
    return whole if len(whole) <= LONGEST else _shortened(whole)


def _shortened(whole: Tokens) -> Tokens:
    characters, words, marks = (
        (part[:FIRST], np.zeros((len(SEAM), *part.shape[1:]), part.dtype), part[-LAST:])
        for part in (whole.characters, whole.words, whole.marks)
    )
    characters[1][:] = code_points(SEAM)
    return Tokens(np.concatenate(characters), np.concatenate(words), np.concatenate(marks))


def _words(text: str) -> NDArray[np.int32]:
    """For each character the row of its word."""
    cut = load_segmenter().cut(text)
    rows = [0 if word.isspace() else 1 + word_place(word) % (WORDS - 1) for word in cut]
    return np.repeat(np.array(rows, np.int32), [len(word) for word in cut])


def known_characters(texts: Iterable[Tokens], most: int, least: int) -> NDArray[np.uint32]:
    """The characters that stand in at least `least` texts, at most `most` of them (the commonest), in order."""
    every = [np.unique(one.characters) for one in texts]
    points, counts = (
        np.unique(np.concatenate(every), return_counts=True) if every else (np.zeros(0), np.zeros(0))
    )
    # Equally common ones are taken in the order of their code points: the same texts give the same table.
    common = np.argsort(-counts, kind="stable")[:most]
    return np.sort(points[common[counts[common] >= least]]).astype(np.uint32)
