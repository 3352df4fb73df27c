"""Texts side by side, filled up to a few lengths, so that each length is compiled once in learning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlp.network import rows
from nlp.tokens import LONGEST, MARKS, Tokens

BATCH = 64  # texts in one step; the usual size for some ten thousand
LENGTHS = (48, 96, 160, LONGEST)


class Batch(NamedTuple):
    """Texts side by side, filled up: `characters` and `words` (texts, length), `marks` (texts, length, MARKS)."""

    characters: NDArray[np.int32]
    words: NDArray[np.int32]
    marks: NDArray[np.float32]


def dealt(
    texts: Sequence[Tokens], chance: np.random.Generator
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.bool_]]]:
    """Places of texts of like length, BATCH at a time, in an order of chance; which of them are there for the first time.

    The last batch of a length is filled up with texts that were dealt before.
    """
    buckets = np.searchsorted(LENGTHS, [len(text) for text in texts])
    batches = []
    for bucket in range(len(LENGTHS)):
        places = chance.permutation(np.flatnonzero(buckets == bucket))
        for first in range(0, len(places), BATCH):
            part = places[first : first + BATCH]
            filling = chance.choice(places, BATCH - len(part))
            batches.append((np.concatenate([part, filling]), np.arange(BATCH) < len(part)))
    for number in chance.permutation(len(batches)):
        yield batches[number]


def word_runs(words: NDArray[np.int32]) -> NDArray[np.int64]:
    """For each character (texts, length) the number of its word in its text, from 0."""
    begins = np.ones(words.shape, np.int64)
    begins[:, 1:] = words[:, 1:] != words[:, :-1]
    return np.cumsum(begins, axis=1) - 1


def filled(texts: Sequence[Tokens], known: NDArray[np.uint32]) -> Batch:
    """The texts as one batch; rows of characters by the `known` ones."""
    length = next(length for length in LENGTHS if length >= max(map(len, texts)))
    characters, words = (np.zeros((len(texts), length), np.int32) for _ in range(2))
    marks = np.zeros((len(texts), length, len(MARKS)), np.float32)
    for row, text in enumerate(texts):
        characters[row, : len(text)] = rows(known, text.characters)
        words[row, : len(text)] = text.words
        marks[row, : len(text)] = text.marks
    return Batch(characters, words, marks)
