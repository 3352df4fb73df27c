"""Hashed places of texts: their runs of one to four characters, their words, and their words two by two.

Many texts are hashed at once, so that numpy and not Python looks at the characters.
"""

from __future__ import annotations

import functools
import itertools
import re
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.text import SEPARATOR, code_points
from nlp.segment import load_segmenter

CHARACTER_BITS = 18  # 262,144 places for runs of 1-4 characters: half a megabyte as float16
WORD_BITS = 16
SIZE = (1 << CHARACTER_BITS) + (1 << WORD_BITS)
LONGEST_RUN = 4
# Data sets blank out digits as x: the model must not see which.
NUMBER = re.compile(r"[0-9x]+(?:\.[0-9x]+)?")
_FACTORS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], dtype=np.uint64
)
_TEXT_BITS = CHARACTER_BITS + 1  # room for every place; the number of the text stands above it
_KNOWN_WORDS = 1 << 17  # a third of the dictionary: the words that occur; about 15 MB when full
_LONGEST_STEP = 63  # bytes that a checksum is carried on at once: 21 Chinese characters

Floats = NDArray[np.float32]
Places = NDArray[np.int64]


def hashed(texts: Sequence[str]) -> list[tuple[Places, Floats]]:
    """For each plain text its places, sorted and each once, and their values: runs and words have length one each."""
    if not texts:
        return []
    plain = [NUMBER.sub("0", text) for text in texts]
    keys = np.concatenate([_runs(plain), *_words(plain)])
    keys.sort()
    keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if keys.size else keys
    numbers = np.arange(len(texts), dtype=np.int64) << _TEXT_BITS
    starts, words = np.searchsorted(keys, numbers), np.searchsorted(keys, numbers + (1 << CHARACTER_BITS))
    ends = np.append(starts[1:], len(keys))
    counts = np.stack([words - starts, ends - words], axis=1).ravel()
    values = np.repeat((1 / np.sqrt(np.maximum(counts, 1))).astype(np.float32), counts)
    places = keys & ((1 << _TEXT_BITS) - 1)
    return [(places[a:b], values[a:b]) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]


def word_place(word: str) -> int:
    """Where a word's weight stands; numbers are all one word."""
    return (zlib.crc32(NUMBER.sub("0", word).encode()) & ((1 << WORD_BITS) - 1)) + (1 << CHARACTER_BITS)


def _runs(texts: Sequence[str]) -> Places:
    """The places of all runs, the number of the text above each."""
    points = code_points(SEPARATOR.join((*texts, ""))).astype(np.uint64)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    numbers = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    left = (
        np.repeat(np.cumsum(lengths), lengths) - np.arange(len(points)) - 1
    )  # characters up to the text's end
    total = np.zeros_like(points)
    found = []
    for length in range(1, LONGEST_RUN + 1):
        total = total[: len(points) - length + 1] * _FACTORS[0] + points[length - 1 :] * _FACTORS[length - 1]
        mixed = (total ^ (total >> np.uint64(29))) * _FACTORS[1] >> np.uint64(64 - CHARACTER_BITS)
        keys = mixed.astype(np.int64) | (numbers[: len(mixed)] << _TEXT_BITS)
        found.append(keys[left[: len(mixed)] >= length])
    return np.concatenate(found)


def _words(texts: Sequence[str]) -> tuple[Places, Places]:
    """The places of all words, and of neighbours ("left right"), the number of the text above each."""
    cut = [load_segmenter().cut(text) for text in texts]
    count = sum(map(len, cut))
    packed = np.fromiter(map(_checksums().__getitem__, itertools.chain.from_iterable(cut)), np.int64, count)
    numbers = np.repeat(np.arange(len(texts), dtype=np.int64), np.fromiter(map(len, cut), np.int64, len(cut)))
    numbers, packed = numbers[packed > 0] << _TEXT_BITS, packed[packed > 0]
    checksums, sizes = packed & 0xFFFFFFFF, packed >> 32
    blank = np.full(max(0, len(packed) - 1), 1)
    behind_blank = _carried(checksums[:-1], blank) ^ zlib.crc32(b" ")
    pairs = _carried(behind_blank, sizes[1:]) ^ checksums[1:]
    same = numbers[1:] == numbers[:-1]
    mask, base = (1 << WORD_BITS) - 1, 1 << CHARACTER_BITS
    return (checksums & mask) + base | numbers, ((pairs & mask) + base | numbers[1:])[same]


class _Checksums(dict[str, int]):
    """A word's checksum, its length in bytes above it; 0 for white space, which is no word."""

    def __missing__(self, word: str) -> int:
        spelled = NUMBER.sub("0", word).encode()
        packed = 0 if word.isspace() else zlib.crc32(spelled) | len(spelled) << 32
        if len(self) < _KNOWN_WORDS:
            self[word] = packed
        return packed


@functools.cache
def _checksums() -> _Checksums:
    return _Checksums()


def _carried(checksums: Places, sizes: Places) -> Places:
    """What becomes of each checksum behind which so many zero bytes stand.

    A CRC is linear: that of "left right" is that of "left", carried on over the length of the rest, xor the rest's own.
    """
    while sizes.size and sizes.max() > _LONGEST_STEP:
        longer = sizes > _LONGEST_STEP
        checksums, sizes = checksums.copy(), sizes.copy()
        checksums[longer] = _step(checksums[longer], np.full(int(longer.sum()), _LONGEST_STEP))
        sizes[longer] -= _LONGEST_STEP
    return _step(checksums, sizes)


def _step(checksums: Places, sizes: Places) -> Places:
    table = _steps()
    found: Places = table[sizes, 0, checksums & 0xFF]
    for byte in range(1, 4):
        found = found ^ table[sizes, byte, checksums >> 8 * byte & 0xFF]
    return found


@functools.cache
def _steps() -> Places:
    """(bytes carried, byte of the checksum, its value) -> what it adds to the checksum that comes out."""
    one = np.array([_one_step(value) for value in range(256)], np.int64)
    table = np.zeros((_LONGEST_STEP + 1, 4, 256), np.int64)
    table[0] = np.arange(256) << np.arange(0, 32, 8)[:, None]
    for size in range(_LONGEST_STEP):
        table[size + 1] = table[size] >> 8 ^ one[table[size] & 0xFF]
    return table


def _one_step(value: int) -> int:
    """The CRC-32 register after eight bits, from the reflected polynomial of zlib."""
    for _ in range(8):
        value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
    return value
