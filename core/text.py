"""Folding of Chinese ad text, content digest, and the text that is judged."""

from __future__ import annotations

import functools
import hashlib
import itertools
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import opencc
from numpy.typing import NDArray

from core.kernels import Loops, loops
from core.model import PictureLine, Post

# Default_Ignorable_Code_Points (DerivedCoreProperties.txt of Unicode 16) that are no format characters: joiners, fillers, variation selectors.
_IGNORABLE = (
    (0x34F, 0x350), (0x115F, 0x1161), (0x17B4, 0x17B6), (0x180B, 0x1810), (0x2065, 0x2066), (0x3164, 0x3165), (0xFE00, 0xFE10),
    (0xFFA0, 0xFFA1), (0xFFF0, 0xFFF9), (0xE0000, 0xE1000),
)  # fmt: skip


def _invisible() -> frozenset[str]:
    """What hides words from readers of bytes and is never part of a word: zero-width, direction and format marks."""
    # Format characters (Cf) stand in the first two planes and among the tags of _IGNORABLE.
    formats = (character for character in map(chr, range(0x20000)) if unicodedata.category(character) == "Cf")
    ignorable = (chr(code) for first, end in _IGNORABLE for code in range(first, end))
    keycap = "\u20e3"  # the frame of one combines, and is often left alone
    return frozenset((*formats, *ignorable, keycap))


INVISIBLE = _invisible()


def _combines(character: str) -> bool:
    """Whether it is drawn over, under, through or around the character before it."""
    return bool(unicodedata.combining(character)) or unicodedata.category(character) in {"Mn", "Me"}


@functools.cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@functools.lru_cache(maxsize=8192)  # The common Chinese characters number about 8,000.
def fold_character(character: str) -> str:
    """One character folded: width (NFKC), case, traditional to simplified; "" for invisible and combining marks."""
    if character in INVISIBLE or "\ud800" <= character <= "\udfff" or _combines(character):
        return ""
    plain = unicodedata.normalize("NFKC", character).casefold()
    return str(_converter().convert(plain))


# Most characters fold to one character: a table of code points folds a whole text at once, twenty times as fast as a
# loop. It fills itself with the characters that occur; 4 MB, and two threads that fill the same place write the same.
_UNKNOWN, _SEVERAL = 0xFFFFFFFF, 0xFFFFFFFE
_SHORT = 12  # characters; below this a loop is faster than five calls of numpy
Codes = NDArray[np.uint32]


@functools.cache
def _table() -> Codes:
    return np.full(0x110000, _UNKNOWN, np.uint32)


def code_points(text: str) -> Codes:
    """The code point of each character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _mapped(codes: Codes) -> tuple[Codes, bool]:
    """The folded code point of each character, _SEVERAL where one folds to none or several, and whether any does."""
    table = _table()
    plain = table.take(codes)
    largest = int(np.maximum.reduce(plain))
    if largest == _UNKNOWN:
        for code in np.unique(codes[plain == _UNKNOWN]).tolist():
            folded = fold_character(chr(code))
            table[code] = ord(folded) if len(folded) == 1 else _SEVERAL
        plain = table.take(codes)
        largest = int(np.maximum.reduce(plain))
    return plain, largest == _SEVERAL


def spelled_out(codes: Codes) -> str:
    """The text with these code points."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def fold(text: str) -> str:
    """`text` folded character by character, so that equal adverts in other dress become equal."""
    if text.isascii():
        return text.lower()
    if len(text) < _SHORT:
        return "".join(map(fold_character, text))
    return _fold(text)[0]


def _fold(text: str) -> tuple[str, list[int]]:
    """The folded text and the places of characters that fold to none or several."""
    plain, several = _mapped(code_points(text))
    if not several:
        return spelled_out(plain), []
    odd = np.flatnonzero(plain == _SEVERAL).tolist()
    parts, done = [], 0
    for place in odd:
        parts += [spelled_out(plain[done:place]), fold_character(text[place])]
        done = place + 1
    return "".join((*parts, spelled_out(plain[done:]))), odd


@functools.lru_cache(maxsize=2)  # the readers of one post fold the same text one after the other
def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The folded text and, for each of its characters, the index of the original character it came from.

    The list is shared between callers: never change it.
    """
    if text.isascii():
        return text.lower(), list(range(len(text)))
    folded, odd = _fold(text)
    offsets: list[int] = []
    done = 0
    for place in odd:
        offsets += range(done, place)
        offsets += [place] * len(fold_character(text[place]))
        done = place + 1
    offsets += range(done, len(text))
    return folded, offsets


SEPARATOR = "\0"  # between texts that are read together; it folds to itself


@dataclass(slots=True)
class FoldedTexts:
    """Many texts folded at once: text k is characters [starts[k], ends[k]) of `joined`. Never change one.

    Behind each text stands a SEPARATOR. Character i came from character came_from[i] of the joined originals (None: all
    have their old places).
    """

    joined: str
    starts: list[int]
    ends: list[int]
    came_from: NDArray[np.int32] | None
    _codes: Codes | None = None

    @property
    def codes(self) -> Codes:
        """The code points of `joined`."""
        if self._codes is None:
            self._codes = code_points(self.joined)
        return self._codes

    def text(self, number: int) -> str:
        """The folded text."""
        return self.joined[self.starts[number] : self.ends[number]]

    def origins(self, number: int) -> Sequence[int]:
        """For each character of the folded text, the index of the original character it came from."""
        start, end = self.starts[number], self.ends[number]
        if self.came_from is None or start == end:
            return range(end - start)
        # The separator before a text is one character in both.
        first = self.came_from[start - 1] + 1 if number else 0
        own: list[int] = (self.came_from[start:end] - first).tolist()
        return own


def fold_many(texts: Sequence[str]) -> FoldedTexts:
    """Each of `texts` (one at least) folded as by `fold`; many at once take a tenth of the time."""
    joined = SEPARATOR.join((*texts, ""))
    ends = [end - 1 for end in itertools.accumulate([len(text) + 1 for text in texts])]
    compiled = loops()
    return _by_loops(compiled, joined, ends) if compiled else _by_numpy(joined, ends)


def _starts(ends: list[int]) -> list[int]:
    return [0, *[end + 1 for end in ends[:-1]]]


def _by_loops(compiled: Loops, joined: str, ends: list[int]) -> FoldedTexts:
    folded = compiled.folded(joined, _table())
    if folded == _UNKNOWN:
        _mapped(code_points(joined))  # it fills the table
        folded = compiled.folded(joined, _table())
    if isinstance(folded, str):
        return FoldedTexts(folded, _starts(ends), ends, None)
    folded, origins, ends = compiled.spread(joined, ends, _table(), fold_character)
    return FoldedTexts(folded, _starts(ends), ends, np.frombuffer(origins, np.int32))


def _by_numpy(joined: str, ends: list[int]) -> FoldedTexts:
    originals = code_points(joined)
    plain, several = _mapped(originals)
    came_from = None
    if several:
        plain, came_from, ends = _spread(originals, plain, ends)
    return FoldedTexts(spelled_out(plain), _starts(ends), ends, came_from, plain)


def _spread(originals: Codes, plain: Codes, ends: list[int]) -> tuple[Codes, NDArray[np.int32], list[int]]:
    """`plain` with what stands for _SEVERAL, where each character came from, and the texts' new ends."""
    odd = np.flatnonzero(plain == _SEVERAL)
    codes = originals[odd]
    folded = {code: fold_character(chr(code)) for code in np.unique(codes).tolist()}
    lengths = np.ones(len(plain), np.int64)
    for code, parts in folded.items():
        lengths[odd[codes == code]] = len(parts)
    behind = np.cumsum(lengths)
    spread = np.repeat(plain, lengths)
    for code, parts in folded.items():
        first = behind[odd[codes == code]] - len(parts)
        for place, part in enumerate(parts):
            spread[first + place] = ord(part)
    moved: list[int] = (behind[ends] - 1).tolist()
    return spread, np.repeat(np.arange(len(plain), dtype=np.int32), lengths), moved


def written_text(post: Post) -> str:
    """Title and body as one text: what the page itself says."""
    return f"{post.title}\n{post.body}" if post.title else post.body


def judged_text(post: Post) -> str:
    """What is written, then what was read in each picture; offsets in a Verdict count characters of this text."""
    return "\n".join([written_text(post), *(picture.text for picture in post.pictures if picture.lines)])


def each_picture(post: Post) -> tuple[str, ...]:
    """What is written with what one picture says, for each of several that say something; one is judged with the whole."""
    worded = [picture.text for picture in post.pictures if picture.lines]
    return tuple(f"{written_text(post)}\n{text}" for text in worded) if len(worded) > 1 else ()


def with_judged_text(post: Post, text: str) -> Post:
    """The post with `text` in the places of its own judged text, which has the same length: for masks.

    Raises ValueError when the lengths differ: every character would stand in the wrong place.
    """
    if len(text) != len(judged_text(post)):
        raise ValueError("a masked text must be as long as the text it masks")
    first = len(post.title) + 1 if post.title else 0
    end = first + len(post.body)
    pictures = []
    for picture in post.pictures:
        lines: list[PictureLine] = []
        for line in picture.lines:
            start = end if line.runs_on and lines else end + 1  # the break before it
            end = start + len(line.text)
            lines.append(line.model_copy(update={"text": text[start:end]}))
        pictures.append(picture.model_copy(update={"lines": tuple(lines)}))
    written = {"title": text[: len(post.title)], "body": text[first : first + len(post.body)]}
    return post.model_copy(update={**written, "pictures": tuple(pictures)})


def content_digest(title: str, body: str, picture_digests: Iterable[str]) -> str:
    """SHA-256 over title, body and the digests of the post's own pictures; dates and counters never count."""
    parts = [title.strip(), body.strip(), *sorted(picture_digests)]
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
