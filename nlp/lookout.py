"""Looks in many texts at once for what each must hold to name a contact, a price, a person or a place.

What must be there is taken from the searches' own patterns (`nlp.prefilter`), so that a pattern and its bound cannot
part. A text costs a few microseconds here; the patterns tried on it for nothing would cost a hundred.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.kernels import Loops, loops
from core.text import FoldedTexts
from nlp import contacts, names, places, wechat
from nlp.digits import FEWEST_DIGITS, LIKE_DIGIT, MOST_JOINTS
from nlp.finder import Finder
from nlp.numerals import CIRCLED, ENCLOSED
from nlp.prefilter import needed, needed_words
from nlp.price_words import COUNTED_MONEY, SPOKEN
from nlp.qq import MARKS
from nlp.signs import ACCOUNT, AT, CIRCLE, COUNTED, DIAL, DIGIT, LETTER, MONEY, PRICED, QQ, Signs

_STEPS = FEWEST_DIGITS - 1  # from the first digit of the shortest telephone number to its last
_WIDEST = MOST_JOINTS + 1


Kinds = NDArray[np.uint16]
Numbers = NDArray[np.intp]


def signs_of(folded: FoldedTexts) -> list[Signs]:
    """The signs of each text."""
    words, compiled = _words(), loops()
    found = _by_loops(compiled, folded) if compiled else _by_numpy(folded)
    starts, ends = folded.starts, folded.ends
    for word, start, end in words.finder.find(folded.joined):
        number = bisect_right(ends, start)
        name, searches = words.found[word]
        found[number].searches.update(searches)
        if name:
            found[number].places.append((start - starts[number], end - starts[number], name))
    if words.kinds or words.always:
        for one in found:
            one.kinds |= words.kinds
            one.searches |= words.always
    return found


def _by_loops(compiled: Loops, folded: FoldedTexts) -> list[Signs]:
    """The signs that characters tell."""
    found = compiled.signs(folded.joined, folded.ends, _kinds(), DIAL, DIGIT, PRICED, MONEY, _STEPS, _WIDEST)
    return [Signs(*one) for one in found]


def _by_numpy(folded: FoldedTexts) -> list[Signs]:
    kinds = _kinds().take(folded.codes)
    found = [Signs(bit) for bit in np.bitwise_or.reduceat(kinds, folded.starts).tolist()]
    # A text by itself often has neither; of many some always have.
    present = found[0].kinds if len(found) == 1 else -1
    for place in _dialled(kinds).tolist() if present & DIAL else ():
        found[bisect_right(folded.ends, place)].dialled = True
    for place in _amounts(kinds).tolist() if present & (DIGIT | PRICED) else ():
        number = bisect_right(folded.ends, place)
        found[number].amounts.append(place - folded.starts[number])
    return found


def uncircled(text: str) -> tuple[str, Signs]:
    """A folded text with plain digits for those in circles, and its signs."""
    plain = text.translate(ENCLOSED)
    joined = plain + "\0"
    whole = FoldedTexts(joined, [0], [len(plain)], None)
    return plain, signs_of(whole)[0]


def _dialled(kinds: Kinds) -> Numbers:
    """Where digits, in whatever form, stand near enough to each other for a telephone number."""
    places = (kinds & DIAL).nonzero()[0]
    if len(places) <= _STEPS:
        return places[:0]
    near = places[1:] - places[:-1] <= _WIDEST
    count = len(near) - _STEPS + 1
    run = near[:count].copy()
    for step in range(1, _STEPS):
        run &= near[step : step + count]
    return places[:count][run]


def _amounts(kinds: Kinds) -> Numbers:
    """Digits, and numerals before another numeral or a word of money: nothing else begins `prices.TOKEN`."""
    # The last character is a separator.
    followed = (kinds[1:] & (PRICED | MONEY)) > 0
    begins: NDArray[np.bool_] = ((kinds[:-1] & DIGIT) > 0) | (((kinds[:-1] & PRICED) > 0) & followed)
    return begins.nonzero()[0]


@functools.cache
def _kinds() -> Kinds:
    """The bits of each code point."""
    table = np.zeros(0x110000, np.uint16)
    for bit, characters in _sets():
        table[[ord(character) for character in characters or ""]] |= bit
    return table


def _sets() -> list[tuple[int, frozenset[str] | None]]:
    """The characters of each bit; None where that cannot be told, so that the search is made in every text."""
    return [
        (DIGIT, frozenset("0123456789")), (LETTER, needed(re.compile("[a-z]"))), (DIAL, frozenset(LIKE_DIGIT)),
        (PRICED, frozenset(SPOKEN)), (MONEY, frozenset(COUNTED_MONEY)), (CIRCLE, needed(CIRCLED)),
        (COUNTED, needed(contacts.COUNTED)), (AT, frozenset("@")), (ACCOUNT, _any_of(wechat.ACCOUNTS)), (QQ, needed(MARKS)),
    ]  # fmt: skip


def _any_of(patterns: tuple[re.Pattern[str], ...]) -> frozenset[str] | None:
    sets = [needed(pattern) for pattern in patterns]
    return None if None in sets else frozenset[str]().union(*(found or "" for found in sets))


@dataclass(frozen=True)
class _Words:
    """The words that open a search, and the names of places, in one automaton."""

    finder: Finder
    found: list[tuple[str, frozenset[str]]]  # the place that a word names, or "", and the searches it opens
    always: frozenset[str]  # searches whose patterns do not tell what they need
    kinds: int  # bits that every text has: of sets that cannot be told


@functools.cache
def _words() -> _Words:
    opens: dict[str, set[str]] = {}
    always = set()
    for name, pattern in {**names.PATTERNS, **contacts.PATTERNS, **places.PATTERNS}.items():
        wanted = needed_words(pattern)
        if wanted is None:
            always.add(name)
        for word in wanted or ():
            opens.setdefault(word, set()).add(name)
    named = places.all_names()
    words = sorted({*opens, *named})
    found = [(word if word in named else "", frozenset(opens.get(word, ()))) for word in words]
    kinds = sum(bit for bit, characters in _sets() if characters is None)
    return _Words(Finder(words), found, frozenset(always), kinds)
