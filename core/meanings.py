"""How a reason's meaning tells of coded words: said and read back in one place, so that exports know what was said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

IN_PICTURE = "图中文字"
FIRSTS = "各行首字连读"  # an acrostic: no stretch of the text is the word
_CODED = re.compile(rf"(?:“(?P<written>.+?)”|(?P<firsts>{FIRSTS}))即“(?P<plain>.+?)”(?:；|\Z)", re.DOTALL)


class Coded(NamedTuple):
    """A coded word: what stands in the original (FIRSTS: the first characters of its lines), and what it means."""

    written: str
    plain: str

    def __str__(self) -> str:
        return f"{self.written if self.written == FIRSTS else f'“{self.written}”'}即“{self.plain}”"


def joined(coded: Sequence[Coded], own: str | None) -> str | None:
    """The meaning of a place: its coded words, then what the signal means; None when there is neither."""
    return "；".join([*map(str, coded), *([own] if own else [])]) or None


def parted(meaning: str | None) -> tuple[list[Coded], str]:
    """The coded words that a meaning tells, and what the signal means; whether it stands in a picture is left out."""
    rest = (meaning or "").removeprefix(IN_PICTURE).removeprefix("：")
    coded = []
    while found := _CODED.match(rest):
        coded.append(Coded(found["written"] or found["firsts"], found["plain"]))
        rest = rest[found.end() :]
    return coded, rest
