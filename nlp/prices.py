"""Prices in a text: amounts in yuan with their unit, told from the many other numbers that adverts hold.

Works on folded text (`core.text.fold_many`). Each number is looked at once, with bounded context on either side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from operator import itemgetter

from nlp.clue_sums import learned
from nlp.clue_weights import AMOUNT
from nlp.price_clues import clues_of_amount, end_of
from nlp.price_sight import Sight, is_grouped, look, ungrouped
from nlp.price_units import unit_of_price
from nlp.price_words import NEVER, SOON_MONEY, TOKEN

SURE = 0.4  # by folds of authors, F1 hardly differs from 0.25 to 0.5
# Numbers of one text that are asked about: no post has so many, and a table of a megabyte could be asked about for seconds.
MOST_ASKED = 400
Found = tuple[str, str, int, int]  # value, unit, start, end


def find_prices(text: str, taken: bytearray, amounts: Sequence[int]) -> list[Found]:
    """All prices in folded `text`; `taken` marks characters that belong to contacts, `amounts` where numbers may begin."""
    found, others = sifted(text, taken, amounts)
    if not others:
        return found
    chance = learned(AMOUNT).chance
    likely = [
        _found(sight, "none")
        for sight in others[:MOST_ASKED]
        if chance(clues_of_amount(sight, len(found))) >= SURE
    ]
    return sorted(found + likely, key=itemgetter(2)) if likely else found


def sifted(text: str, taken: bytearray, amounts: Sequence[int]) -> tuple[list[Found], list[Sight]]:
    """The amounts that a word or a unit of money makes one, and the numbers that may be one by what stands around them."""
    found: list[Found] = []
    others: list[Sight] = []
    done = 0
    for token in _tokens(text, amounts):
        start, end = token.span()
        if start < done or taken[start] or (text[end : end + 1] in NEVER and not _is_money(text, token)):
            continue
        sight = look(text, token)
        if sight is None:
            continue
        unit = unit_of_price(sight)
        if unit is not None:
            found.append(_found(sight, unit))
            done = sight.end
        elif not sight.after["money"]:  # 800米 and 一元一次 are what they are
            others.append(sight)
    return found, others


def _tokens(text: str, amounts: Sequence[int]) -> Iterator[re.Match[str]]:
    """TOKEN.finditer, tried only where a number may begin."""
    done = 0
    for place in amounts:
        if place >= done and (token := TOKEN.match(text, place)):
            done = token.end()
            if token.lastgroup and not is_grouped(text, token.start(), done):
                done = ungrouped(token)  # 票面598,260转: two numbers
            yield token


def _is_money(text: str, token: re.Match[str]) -> bool:
    """Whether a number is one of money before a character that otherwise counts or dates it. 万一 is a word."""
    return token[0] != "万一" and bool(SOON_MONEY.match(text, token.end()))


def _found(sight: Sight, unit: str) -> Found:
    return sight.written(), unit, sight.start, end_of(sight)
