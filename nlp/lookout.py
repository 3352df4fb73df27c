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
from ahocorasick_rs import AhoCorasick
from numpy.typing import NDArray

from core.text import FoldedTexts, code_points
from nlp import contacts, names, places
from nlp.numerals import CIRCLED, ENCLOSED
from nlp.prefilter import needed, needed_words
from nlp.price_words import COUNTED_MONEY, SPOKEN
from nlp.signs import ACCOUNT, AT, CIRCLE, COUNTED, DIAL, DIGIT, LETTER, MONEY, PRICED, QQ, Signs

_STEPS = contacts.FEWEST_DIGITS - 1  # from the first digit of the shortest telephone number to its last
_WIDEST = contacts.MOST_JOINTS + 1


Kinds = NDArray[np.uint16]
Numbers = NDArray[np.intp]


def signs_of(folded: FoldedTexts) -> list[Signs]:
    """The signs of each text."""
    kinds = _kinds().take(folded.codes)
    words = _words()
    bits = np.bitwise_or.reduceat(kinds, folded.starts) | words.kinds
    found = [Signs(bit) for bit in bits.tolist()]
    starts, ends = folded.starts.tolist(), folded.ends.tolist()
    # A text by itself often has neither; of many some always have.
    present = found[0].kinds if len(found) == 1 else -1
    for place in _dialled(kinds).tolist() if present & DIAL else ():
        found[bisect_right(ends, place)].dialled = True
    for place in _amounts(kinds).tolist() if present & (DIGIT | PRICED) else ():
        number = bisect_right(ends, place)
        found[number].amounts.append(place - starts[number])
    for word, start, end in words.finder.find_matches_as_indexes(folded.joined, overlapping=True):
        number = bisect_right(ends, start)
        name, searches = words.found[word]
        found[number].searches.update(searches)
        if name:
            found[number].places.append((start - starts[number], end - starts[number], name))
    for one in found if words.always else ():
        one.searches |= words.always
    return found


def uncircled(text: str) -> tuple[str, Signs]:
    """A folded text with plain digits for those in circles, and its signs."""
    plain = text.translate(ENCLOSED)
    joined = plain + "\0"
    whole = FoldedTexts(joined, code_points(joined), np.zeros(1, np.int64), np.array([len(plain)]), None)
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
        (DIGIT, frozenset("0123456789")), (LETTER, needed(re.compile("[a-z]"))), (DIAL, frozenset(contacts.LIKE_DIGIT)),
        (PRICED, frozenset(SPOKEN)), (MONEY, frozenset(COUNTED_MONEY)), (CIRCLE, needed(CIRCLED)),
        (COUNTED, needed(contacts.COUNTED)), (AT, frozenset("@")), (ACCOUNT, _any_of(contacts.ACCOUNTS)), (QQ, needed(contacts.QQ)),
    ]  # fmt: skip


def _any_of(patterns: tuple[re.Pattern[str], ...]) -> frozenset[str] | None:
    sets = [needed(pattern) for pattern in patterns]
    return None if None in sets else frozenset[str]().union(*(found or "" for found in sets))


@dataclass(frozen=True)
class _Words:
    """The words that open a search, and the names of places, in one automaton."""

    finder: AhoCorasick
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
    return _Words(AhoCorasick(words), found, frozenset(always), kinds)
