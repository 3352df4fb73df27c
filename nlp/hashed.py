"""Hashed places of texts: their runs of one to four characters, their words, and their words two by two.

Many texts are hashed at once, so that numpy and not Python looks at the characters.
"""

from __future__ import annotations

import functools
import math
import re
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.kernels import Loops, loops
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
_KNOWN_WORDS = 1 << 17  # a third of the dictionary: the words that occur; about 15 MB when full
_LONGEST_WORD = 63  # bytes of a word that tables carry a checksum over: 21 Chinese characters
_SIZE_AT, _BEHIND_AT = WORD_BITS, WORD_BITS + 7  # bits of a packed word, see `_Checksums`

Floats = NDArray[np.float32]
Places = NDArray[np.int64]
Small = NDArray[np.int32]  # sorts in half the time


def hashed(texts: Sequence[str]) -> list[tuple[Places, Floats]]:
    """For each plain text its places, sorted and each once, and their values: runs and words have length one each."""
    plain = [NUMBER.sub("0", text) for text in texts]
    compiled = loops()
    return [_by_loops(compiled, text) for text in plain] if compiled else _by_numpy(plain)


def _by_loops(compiled: Loops, text: str) -> tuple[Places, Floats]:
    words = load_segmenter().cut(text)
    room = LONGEST_RUN * len(text) + 2 * len(words)
    places, values = np.empty(room, np.int64), np.empty(room, np.float32)
    count = compiled.hashed(
        text, words, _checksums().__getitem__, _FACTORS, _crc(), _steps(), CHARACTER_BITS, WORD_BITS, _LONGEST_WORD,
        places, values,
    )  # fmt: skip
    # Words that no table reaches are spelled out.
    return _by_numpy([text])[0] if count is None else (places[:count], values[:count])


def _by_numpy(plain: Sequence[str]) -> list[tuple[Places, Floats]]:
    if not plain:
        return []
    runs, words, pairs, counts = _runs(plain), *_words(plain)
    found = []
    start = first = 0
    for text, count in zip(plain, counts, strict=True):
        end, last = start + len(text), first + count
        parts = [run[start : max(start, end - length)] for length, run in enumerate(runs)]
        found.append(
            _distinct(np.concatenate([*parts, words[first:last], pairs[first : max(first, last - 1)]]))
        )
        start, first = end + 1, last
    return found


def _distinct(places: Small) -> tuple[Places, Floats]:
    """The places sorted, each once, and their values; those of words are above those of runs."""
    places.sort()
    if places.size:
        new = np.empty(len(places), np.bool_)
        new[0] = True
        np.not_equal(places[1:], places[:-1], out=new[1:])
        places = places[new]
    runs = int(np.searchsorted(places, 1 << CHARACTER_BITS))
    values = np.empty(len(places), np.float32)
    values[:runs] = 1 / math.sqrt(max(runs, 1))
    values[runs:] = 1 / math.sqrt(max(len(places) - runs, 1))
    return places.astype(np.int64), values


def word_place(word: str) -> int:
    """Where a word's weight stands; numbers are all one word."""
    return (zlib.crc32(NUMBER.sub("0", word).encode()) & ((1 << WORD_BITS) - 1)) + (1 << CHARACTER_BITS)


def _runs(texts: Sequence[str]) -> list[Small]:
    """For each length the places of the runs that begin at each character of the joined texts."""
    points = code_points(SEPARATOR.join((*texts, ""))).astype(np.uint64)
    total = np.zeros_like(points)
    found = []
    for length in range(1, LONGEST_RUN + 1):
        total = total[: len(points) - length + 1] * _FACTORS[0] + points[length - 1 :] * _FACTORS[length - 1]
        mixed = (total ^ (total >> np.uint64(29))) * _FACTORS[1] >> np.uint64(64 - CHARACTER_BITS)
        found.append(mixed.astype(np.int32))
    return found


def _words(texts: Sequence[str]) -> tuple[Small, Small, list[int]]:
    """The places of all words, those of each with the next ("left right"), and how many words each text has."""
    cut = [load_segmenter().cut(text) for text in texts]
    known = _checksums().__getitem__
    codes: list[int] = []
    counts = []
    for words in cut:
        own = list(map(known, words))
        counts.append(len(own) - own.count(0))
        codes += own
    packed = np.array(codes, np.int64)
    packed = packed[packed != 0]
    base = 1 << CHARACTER_BITS
    places = packed & (1 << WORD_BITS) - 1
    sizes, behind = packed[1:] >> _SIZE_AT & 0x7F, packed[:-1] >> _BEHIND_AT
    pairs = _carried(behind, np.minimum(sizes, _LONGEST_WORD)) ^ places[1:]
    if sizes.size and sizes.max() > _LONGEST_WORD:
        spelled = [NUMBER.sub("0", word) for words in cut for word in words if not word.isspace()]
        for place in np.flatnonzero(sizes > _LONGEST_WORD).tolist():
            pairs[place] = word_place(f"{spelled[place]} {spelled[place + 1]}") - base
    return (places + base).astype(np.int32), (pairs + base).astype(np.int32), counts


class _Checksums(dict[str, int]):
    """What is needed of a word in one number: its place, its length in bytes, its checksum with a blank behind it.

    0 for white space, which is no word.
    """

    def __missing__(self, word: str) -> int:
        spelled = NUMBER.sub("0", word).encode()
        size = min(len(spelled), _LONGEST_WORD + 1)
        place, behind = zlib.crc32(spelled) & (1 << WORD_BITS) - 1, zlib.crc32(spelled + b" ")
        packed = 0 if word.isspace() else place | size << _SIZE_AT | behind << _BEHIND_AT
        if len(self) < _KNOWN_WORDS:
            self[word] = packed
        return packed


@functools.cache
def _checksums() -> _Checksums:
    return _Checksums()


def _carried(checksums: Places, sizes: Places) -> Places:
    """The low bits of what becomes of each checksum behind which so many zero bytes stand.

    A CRC is linear: that of "left right" is that of "left ", carried on over the length of "right", xor right's own.
    """
    table, rows = _steps(), sizes << 10
    found: NDArray[np.uint16] = table[rows | checksums & 0xFF]
    for byte in range(1, 4):
        found ^= table[rows | byte << 8 | checksums >> 8 * byte & 0xFF]
    carried: Places = found.astype(np.int64)
    return carried


@functools.cache
def _steps() -> NDArray[np.uint16]:
    """By (bytes carried, byte of the checksum, its value), flat: what it adds to the low bits of what comes out."""
    one = _crc().astype(np.int64)
    table = np.zeros((_LONGEST_WORD + 1, 4, 256), np.int64)
    table[0] = np.arange(256) << np.arange(0, 32, 8)[:, None]
    for size in range(_LONGEST_WORD):
        table[size + 1] = table[size] >> 8 ^ one[table[size] & 0xFF]
    return (table & (1 << WORD_BITS) - 1).astype(np.uint16).ravel()


@functools.cache
def _crc() -> NDArray[np.uint32]:
    """By a byte: what it adds to the register."""
    return np.array([_one_step(value) for value in range(256)], np.uint32)


def _one_step(value: int) -> int:
    """The CRC-32 register after eight bits, from the reflected polynomial of zlib."""
    for _ in range(8):
        value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
    return value
