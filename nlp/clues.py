"""What stands around a number or an account, as short lines of text that weights are learned of.

A clue can be read: "near 加v", "sound wei.xin", "before :". Sounds see through homophones: whatever stands for 微信
(葳芯, 卫星) sounds like it. Figures are all alike (0), so that no clue tells of one number alone.
"""

from __future__ import annotations

import functools
import re
from array import array
from collections.abc import Iterator
from typing import NamedTuple

from nlp.digits import PICTURES
from nlp.sounds import sounds_of_characters

# Characters that are looked at: a clause before, where a thing is named, and half of one behind.
BEFORE, BEHIND = 16, 12
NEAR = 4  # characters to either side that are right there
LONGEST_RUN, LONGEST_AFFIX = 3, 4  # characters of a run anywhere, and of one right beside
MOBILE = " [mobile]"  # ends the clues around a mobile number; longer than any run
# What a run is called by where it stands: right beside, near, and anywhere; and the sounds, which are told near or in pairs.
NAMES_BEFORE, NAMES_BEHIND = ("before", "near", "somewhere"), ("behind", "soon", "after")
SOUND, ECHO = "sound", "echo"
HAN_FIRST, HAN_LAST = 0x4E00, 0x9FFF  # Chinese characters of which the sound is told
_MARKS = 0xF0000  # private use: characters that stand for sounds
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
        return {*self.own, *neighbours(self), *around(self)}


def neighbours(clues: Clues) -> Iterator[str]:
    """What stands right beside it, with its shape."""
    before = _DIGIT.sub("0", clues.text[max(0, clues.start - 2) : clues.start])
    behind = _DIGIT.sub("0", clues.text[clues.end : clues.end + 1]) or _END
    pictured = _PICTURE.sub("☺", before)  # all pictures alike
    yield f"pictured {pictured}"
    yield f"one before {pictured[-1:]} {clues.shape}"
    yield f"two before {before} {clues.shape}"
    yield f"one behind {behind} {clues.shape}"


def around(clues: Clues) -> Iterator[str]:
    """The clues around it; some come twice."""
    before, behind = sides(clues.text, clues.start, clues.end)
    for clue in _runs(before, NAMES_BEFORE, backwards=True):
        yield clue + clues.kind
    for clue in _runs(behind, NAMES_BEHIND, backwards=False):
        yield clue + clues.kind
    for clue in _sounds(heard(before), SOUND, backwards=True):
        yield clue + clues.kind
    if clues.kind:
        for clue in _sounds(heard(behind), ECHO, backwards=False):
            yield clue + clues.kind


def sides(text: str, start: int, end: int) -> tuple[str, str]:
    """What is looked at before and behind, the nearest character first, figures as 0."""
    before = _DIGIT.sub("0", text[max(0, start - BEFORE) : start])
    behind = _DIGIT.sub("0", text[end : end + BEHIND])
    return before[::-1], behind if end + BEHIND < len(text) else behind + _END


def heard(side: str) -> str:
    """A mark for the sound of each Chinese character, letters and figures as they are, and nothing else."""
    marks = _marks()
    return "".join([marks.get(character, character) for character in side if character.isalnum()])


def marked_sounds() -> array[int]:
    """What `heard` makes of the characters from HAN_FIRST to HAN_LAST, as code points."""
    marks = _marks()
    return array("I", [ord(marks.get(chr(code), chr(code))) for code in range(HAN_FIRST, HAN_LAST + 1)])


def mark_of(sound: str) -> str:
    """The mark of a sound, as `heard` has it; a letter's sound is the letter."""
    return _sound_marks().get(sound, sound)


def goes_on(text: str, start: int, end: int) -> Iterator[str]:
    """Whether letters or figures go on on either side, at once or behind a mark: then it is a part of something longer."""
    yield f"goes on before {_goes_on(text[start - 1 : start], text[max(0, start - 2) : start - 1])}"
    yield f"goes on behind {_goes_on(text[end : end + 1], text[end + 1 : end + 2])}"


def _runs(side: str, names: tuple[str, str, str], *, backwards: bool) -> Iterator[str]:
    """The runs of one side, told as they are read: those before stand backwards."""
    beside, near, anywhere = names
    step = -1 if backwards else 1
    yield from (f"{beside} {side[:size][::step]}" for size in range(min(1, len(side)), LONGEST_AFFIX + 1))
    for place in range(len(side)):
        for size in range(1, min(LONGEST_RUN, len(side) - place) + 1):
            run = side[place : place + size][::step]
            yield f"{anywhere} {run}"
            if place < NEAR:
                yield f"{near} {run}"


def _sounds(sounds: str, name: str, *, backwards: bool) -> Iterator[str]:
    """Of single ones that are near, and of all pairs."""
    step = -1 if backwards else 1
    names = [_names().get(mark, mark) for mark in sounds]
    yield from (f"{name} {sound}" for sound in names[:NEAR])
    yield from (f"{name} {'.'.join(names[place : place + 2][::step])}" for place in range(len(names) - 1))


@functools.cache
def _sound_marks() -> dict[str, str]:
    sounds = sorted(set(sounds_of_characters().values()))
    return {sound: sound if len(sound) == 1 else chr(_MARKS + number) for number, sound in enumerate(sounds)}


@functools.cache
def _marks() -> dict[str, str]:
    """Of each character of which the sound is known."""
    marks = _sound_marks()
    return {character: marks[sound] for character, sound in sounds_of_characters().items()}


@functools.cache
def _names() -> dict[str, str]:
    return {mark: sound for sound, mark in _sound_marks().items()}


def _goes_on(neighbour: str, beyond: str) -> str:
    if _GOES_ON.match(neighbour):
        return "at once"
    return "behind a mark" if _MARK.match(neighbour) and _GOES_ON.match(beyond) else ""
