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
from nlp import contacts, names, places
from nlp.digits import FEWEST_DIGITS, LIKE_DIGIT, MOST_JOINTS, RARE_DIGITS
from nlp.numerals import ENCLOSED
from nlp.prefilter import Sieve, needed, unflagged
from nlp.price_words import COUNTED_MONEY, SPOKEN
from nlp.seeker import Seeker
from nlp.signs import AT, CIRCLE, COUNTED, DIAL, DIGIT, LETTER, MONEY, PRICED, QQ, Signs

_STEPS = FEWEST_DIGITS - 1  # from the first digit of the shortest telephone number to its last
_WIDEST = MOST_JOINTS + 1


Kinds = NDArray[np.uint16]
Numbers = NDArray[np.intp]


def signs_of(folded: FoldedTexts) -> list[Signs]:
    """The signs of each text."""
    words, compiled = _words(), loops()
    found = _by_loops(compiled, folded) if compiled else _by_numpy(folded)
    for number, one in enumerate(found):
        hits, opened = words.seeker.find(folded.text(number))
        one.kinds |= words.kinds
        if opened:
            one.searches = {words.searches[search] for search in opened}
        if hits:
            one.places = [(start, end, words.seeker.words[word]) for word, start, end in hits]
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
        (DIGIT, frozenset("0123456789")), (LETTER, needed(re.compile("[a-z]"))), (DIAL, frozenset(LIKE_DIGIT) | frozenset(RARE_DIGITS)),
        (PRICED, frozenset(SPOKEN)), (MONEY, frozenset(COUNTED_MONEY)), (CIRCLE, frozenset(map(chr, ENCLOSED))),
        (COUNTED, needed(contacts.COUNTED)), (AT, frozenset("@")), (QQ, needed(contacts.QQ_MARKS)),
    ]  # fmt: skip


@dataclass(frozen=True)
class _Words:
    """The names of places, and the words that open `searches`, found in one pass."""

    seeker: Seeker
    searches: list[str]
    kinds: int  # bits that every text has: of sets that cannot be told


@functools.cache
def _words() -> _Words:
    patterns = {**names.PATTERNS, **contacts.PATTERNS, **places.PATTERNS}
    seeker = Seeker(places.all_names(), Sieve(unflagged(patterns.values())))
    kinds = sum(bit for bit, characters in _sets() if characters is None)
    return _Words(seeker, list(patterns), kinds)
