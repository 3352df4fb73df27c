"""Initials that are written together: czsx is 初中数学, gzwlhx 高中物理化学, wlhx 物理化学."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from nlp.words import read_table

Named = tuple[str, str]  # a plain word and its initials
_NAMED = re.compile(r"([\u4e00-\u9fff]+)([a-z0-9]+)")
MOST_IN_A_ROW = 3  # subjects in the order of the list; two may stand in any order


def joined(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """From `initials.txt`, by their initials: a stage with its subjects, and subjects alone."""
    staged: dict[str, str] = {}
    alone: dict[str, str] = {}
    for stages, subjects in read_table(folder, "initials").items():
        taught = [_named(word) for word in subjects]
        for words in _sequences(taught):
            plain, form = _together(words)
            if len(words) > 1:
                alone.setdefault(form, plain)
            for name, initials in map(_named, stages.split()):
                staged.setdefault(initials + form, name + plain)
    return staged, alone


def _sequences(taught: Sequence[Named]) -> Iterator[Sequence[Named]]:
    yield from itertools.permutations(taught, 1)
    yield from itertools.permutations(taught, 2)
    yield from itertools.combinations(taught, MOST_IN_A_ROW)


def _together(words: Sequence[Named]) -> Named:
    return "".join(plain for plain, _ in words), "".join(initials for _, initials in words)


def _named(word: str) -> Named:
    found = _NAMED.fullmatch(word)
    return (found[1], found[2]) if found else (word, word)
