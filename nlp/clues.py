"""What stands around a number or an account, as short lines of text that weights are learned of.

A clue can be read: "near 加v", "sound wei.xin near", "before :". Sounds see through homophones: whatever stands for 微信
(葳芯, 卫星) sounds like it. Figures are all alike (0), so that no clue tells of one number alone.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from nlp.digits import PICTURES
from nlp.sounds import sound_of

BEFORE, BEHIND = (
    16,
    12,
)  # characters that are looked at: a clause before, where it is named, and half of one behind
NEAR, HALFWAY = 4, 9  # characters before: right there, and in the same few words
LONGEST_RUN = 3
MOBILE = " m"  # ends the clues around a mobile number
_DIGIT = re.compile("[0-9]")
_PICTURE = re.compile(f"[{PICTURES}]")
_GOES_ON = re.compile("[a-z0-9_零〇一二三四五六七八九幺]")
_MARK = re.compile(r"[ .·•~*丨丶|/+—\-]")
_END = "$"  # of the text: contacts stand there; its start would tell short sentences from posts, and no more


class _Everything(frozenset[str]):
    """Holds whatever is asked for."""

    def __contains__(self, what: object) -> bool:
        return True


class Known(NamedTuple):
    """Runs of characters and sounds that weigh something: of others no clue is made, which is most of the work."""

    runs: frozenset[str]
    sounds: frozenset[str]


EVERYTHING = Known(_Everything(), _Everything())


def known(clues: Iterable[str]) -> Known:
    """What stands in the given clues."""
    runs, sounds = set(), set()
    for clue in clues:
        kind, _, what = clue.partition(" ")
        if kind in ("near", "halfway", "far", "somewhere", "soon", "after"):
            runs.add(what.removesuffix(MOBILE))
        elif kind in ("sound", "echo"):
            sounds.add(what.removesuffix(MOBILE).removesuffix(" near").removesuffix(" far"))
    return Known(frozenset(runs), frozenset(sounds))


def around(text: str, start: int, end: int, shape: str, kind: str, known: Known) -> Iterator[str]:
    """The clues around what stands from `start` to `end`; `shape` goes with its neighbours, `kind` ends each clue."""
    before = _DIGIT.sub("0", text[max(0, start - BEFORE) : start])
    behind = _DIGIT.sub("0", text[end : end + BEHIND])
    behind = behind if end + BEHIND < len(text) else behind + _END
    pictured = _PICTURE.sub("☺", before[-2:])
    yield from (f"before {before[-size:]}{kind}" for size in (1, 2, 3, 4))
    yield from (f"behind {behind[:size]}{kind}" for size in (1, 2, 3, 4))
    yield from (f"before {pictured}", f"before {pictured[-1:]} {shape}", f"before {before[-2:]} {shape}")
    yield f"behind {behind[:1]} {shape}"
    yield from _runs_before(before, kind, known.runs)
    yield from _runs_behind(behind, kind, known.runs)
    yield from _sounds(before, "sound", kind, known.sounds)
    if kind:
        yield from _sounds(behind[::-1], "echo", kind, known.sounds)


def goes_on(text: str, start: int, end: int) -> Iterator[str]:
    """Whether letters or figures go on on either side, at once or behind a mark: then it is a part of something longer."""
    yield f"goes on before {_goes_on(text[start - 1 : start], text[max(0, start - 2) : start - 1])}"
    yield f"goes on behind {_goes_on(text[end : end + 1], text[end + 1 : end + 2])}"


def _runs_before(before: str, kind: str, known: frozenset[str]) -> Iterator[str]:
    for size in range(1, LONGEST_RUN + 1):
        for place in range(len(before) - size + 1):
            run = before[place : place + size]
            if run in known:
                away = len(before) - size - place
                yield f"{'near' if away < NEAR else 'halfway' if away < HALFWAY else 'far'} {run}{kind}"
                yield f"somewhere {run}{kind}"


def _runs_behind(behind: str, kind: str, known: frozenset[str]) -> Iterator[str]:
    for size in range(1, LONGEST_RUN + 1):
        for place in range(len(behind) - size + 1):
            run = behind[place : place + size]
            if run in known:
                yield f"after {run}{kind}"
                if place < NEAR:
                    yield f"soon {run}{kind}"


def _sounds(around: str, name: str, kind: str, known: frozenset[str]) -> Iterator[str]:
    """Sounds of Chinese characters and letters, marks left out; the last is the nearest."""
    heard = [_sound(character) for character in around if character.isalnum()]
    for place, sound in enumerate(heard):
        away = len(heard) - place
        if sound in known:
            yield f"{name} {sound} {'near' if away < NEAR else 'far'}{kind}"
        both = f"{sound}.{heard[place + 1]}" if away > 1 else ""
        if both and both in known:
            yield f"{name} {both}{kind}"
            yield f"{name} {both} {'near' if away <= NEAR else 'far'}{kind}"


@functools.lru_cache(maxsize=8192)
def _sound(character: str) -> str:
    return sound_of(character) or character


def _goes_on(neighbour: str, beyond: str) -> str:
    if _GOES_ON.match(neighbour):
        return "at once"
    return "behind a mark" if _MARK.match(neighbour) and _GOES_ON.match(beyond) else ""
