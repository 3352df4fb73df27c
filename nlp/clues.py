"""What stands around a number or an account, as short lines of text that weights are learned of.

A clue can be read: "near 加v", "sound wei.xin", "before :". Sounds see through homophones: whatever stands for 微信
(葳芯, 卫星) sounds like it. Figures are all alike (0), so that no clue tells of one number alone.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from nlp.digits import PICTURES
from nlp.sounds import sound_of

# Characters that are looked at: a clause before, where a thing is named, and half of one behind.
BEFORE, BEHIND = 16, 12
NEAR = 4  # characters to either side that are right there
RUNS, AFFIXES = (1, 2, 3), (1, 2, 3, 4)  # characters of a run anywhere, and right beside
MOBILE = " [mobile]"  # ends the clues around a mobile number; longer than any run
_DIGIT = re.compile("[0-9]")
_PICTURE = re.compile(f"[{PICTURES}]")
_GOES_ON = re.compile("[a-z0-9_零〇一二三四五六七八九幺]")
_MARK = re.compile(r"[ .·•~*丨丶|/+—\-]")
_END = "$"  # of the text: contacts stand there; its start would tell short sentences from posts, and no more


class Clues(NamedTuple):
    """What is told of something itself, each once, and where it stands: `around` tells the rest.

    `shape` goes with its neighbours, `kind` ends each clue around it.
    """

    own: list[str]
    text: str
    start: int
    end: int
    shape: str
    kind: str = ""

    def all(self) -> set[str]:
        """All clues."""
        return {*self.own, *around(self.text, self.start, self.end, self.shape, self.kind)}


def around(text: str, start: int, end: int, shape: str, kind: str) -> Iterator[str]:
    """The clues around what stands from `start` to `end`; some come twice."""
    before, behind = sides(text, start, end)
    yield from (f"before {before[-size:]}{kind}" for size in AFFIXES)
    yield from (f"behind {behind[:size]}{kind}" for size in AFFIXES)
    yield from (f"{name} {shape}" for name in neighbours(before, behind))
    yield f"pictured {pictured(before)}"
    yield from _runs_before(before, kind)
    yield from _runs_behind(behind, kind)
    yield from _sounds(heard(before), "sound", kind)
    if kind:
        yield from _sounds(heard(behind)[::-1], "echo", kind)


def sides(text: str, start: int, end: int) -> tuple[str, str]:
    """What is looked at before and behind, figures as 0."""
    before = _DIGIT.sub("0", text[max(0, start - BEFORE) : start])
    behind = _DIGIT.sub("0", text[end : end + BEHIND])
    return before, behind if end + BEHIND < len(text) else behind + _END


def pictured(before: str) -> str:
    """The two characters right before, all pictures alike."""
    return _PICTURE.sub("☺", before[-2:])


def neighbours(before: str, behind: str) -> tuple[str, str, str]:
    """The characters right beside it, which tell together with a shape."""
    return f"one before {pictured(before)[-1:]}", f"two before {before[-2:]}", f"one behind {behind[:1]}"


def heard(around: str) -> list[str]:
    """The sounds of Chinese characters and letters, marks left out."""
    return [_sound(character) for character in around if character.isalnum()]


def goes_on(text: str, start: int, end: int) -> Iterator[str]:
    """Whether letters or figures go on on either side, at once or behind a mark: then it is a part of something longer."""
    yield f"goes on before {_goes_on(text[start - 1 : start], text[max(0, start - 2) : start - 1])}"
    yield f"goes on behind {_goes_on(text[end : end + 1], text[end + 1 : end + 2])}"


def _runs_before(before: str, kind: str) -> Iterator[str]:
    for size in RUNS:
        for place in range(len(before) - size + 1):
            run = before[place : place + size]
            yield f"somewhere {run}{kind}"
            if len(before) - size - place < NEAR:
                yield f"near {run}{kind}"


def _runs_behind(behind: str, kind: str) -> Iterator[str]:
    for size in RUNS:
        for place in range(len(behind) - size + 1):
            run = behind[place : place + size]
            yield f"after {run}{kind}"
            if place < NEAR:
                yield f"soon {run}{kind}"


def _sounds(sounds: list[str], name: str, kind: str) -> Iterator[str]:
    """Of single ones that are near, and of all pairs; the last is the nearest."""
    yield from (f"{name} {sound}{kind}" for sound in sounds[1 - NEAR :])
    yield from (f"{name} {first}.{second}{kind}" for first, second in pairwise(sounds))


@functools.lru_cache(maxsize=8192)
def _sound(character: str) -> str:
    return sound_of(character) or character


def _goes_on(neighbour: str, beyond: str) -> str:
    if _GOES_ON.match(neighbour):
        return "at once"
    return "behind a mark" if _MARK.match(neighbour) and _GOES_ON.match(beyond) else ""
