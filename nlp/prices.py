"""Prices in a text: amounts in yuan with their unit, told from the many other numbers that adverts hold.

Works on folded text (`nlp.numerals.folded`). Each number is looked at once, with bounded context on either side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from operator import itemgetter

from nlp.price_sight import Sight, is_grouped, look, ungrouped
from nlp.price_units import unit_of_price
from nlp.price_words import (
    BARE_LEFT,
    BARE_RIGHT,
    BLANK_COUNT,
    CALLED,
    FEW,
    HOUSED,
    LEAST_ALONE,
    LEAST_BARE,
    LEAST_LISTED,
    LEAST_NAMED,
    LISTED,
    MOST_LISTED,
    NAMED,
    NEVER,
    NUMBERED,
    OF_NUMBER,
    PRICED_SO,
    ROW,
    SELLING,
    SOLD,
    SOON_MONEY,
    TALLIED,
    TOKEN,
    YEAR,
)

_SOMEBODY = 8  # characters before a number in which one is told of: 王阿姨,46, and a stop more
MOST_OF_SOMEBODY = 250  # years, centimetres or pounds of a grown person are fewer
_TOLD_OF_SOMEBODY = re.compile(
    "(?:[男女]|[\u4e00-\u9fff](?:姐|阿姨|叔|嫂))[,、](?:[0-9]{2}[,、])?$"
)  # 张,男,24,175: his age and height
# atx 660; but AA 25, 90min 160 and ke shi fei 160
_MODEL = re.compile("(?<![a-z])(?!aa |min |fei |shi |yue |ci |jia |jie |tian |ke |ren )[a-z]{2,10} $")
Found = tuple[str, str, int, int]  # value, unit, start, end


def find_prices(text: str, taken: bytearray, amounts: Sequence[int]) -> list[Found]:
    """All prices in folded `text`; `taken` marks characters that belong to contacts, `amounts` where numbers may begin."""
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
        if unit is None:
            if not sight.after["money"]:  # 800米 and 一元一次 are what they are
                others.append(sight)
            continue
        found.append(_found(sight, unit))
        done = sight.end
    if not others:
        return found
    return sorted(found + _beside(text, others), key=itemgetter(2)) if found else _alone(text, others)


def _alone(text: str, others: Sequence[Sight]) -> list[Found]:
    """Prices of a text in which none has a word or a unit of money beside it."""
    few = len(others) < 2  # no row of things sold
    listed = [s for s in others if (s.value >= LEAST_ALONE or not few) and _is_listed(s, True)]
    if len(listed) > 1 and SELLING.search(text):
        return [_found(sight, "none") for sight in listed]
    bare = [sight for sight in others if _is_bare(sight)]
    if listed := [sight for sight in listed if sight.value >= LEAST_ALONE]:
        if len(bare) == 1 and bare[0].value >= LEAST_ALONE and PRICED_SO.search(bare[0].words):
            listed += [sight for sight in bare if sight not in listed]  # 6999, and what it was: 去年5999
        cheaper = [s for s in others if LEAST_BARE <= s.value < LEAST_ALONE and PRICED_SO.search(s.words)]
        listed += [
            sight for sight in cheaper if sight not in listed and _is_listed(sight)
        ]  # 半天班900,全天班1600
        return sorted((_found(sight, "none") for sight in listed), key=itemgetter(2))
    # A sole number between two stops is what the thing costs; several are scores.
    return [_found(bare[0], "none")] if len(bare) == 1 else []


def _beside(text: str, others: Sequence[Sight]) -> list[Found]:
    """Those of `others` that are prices in a text that names one already."""
    sold = bool(SELLING.search(text))
    if listed := [sight for sight in others if _is_listed(sight, sold)]:
        return [_found(sight, "none") for sight in listed]
    bare = [sight for sight in others if PRICED_SO.search(sight.words) and _is_bare(sight)]
    return [_found(bare[0], "none")] if len(bare) == 1 and bare[0].value >= LEAST_BARE else []


def _is_listed(sight: Sight, sold: bool = False) -> bool:
    """Whether a number at the end of its clause is a price as well, in a text that names one: 全程班6800，冲刺班2600，答疑包月499."""
    if not LISTED.match(sight.text, sight.end):  # most numbers: one look
        return False
    if (
        sight.spoken
        or not LEAST_LISTED <= sight.value < MOST_LISTED
        or sight.after["high"]
        or sight.words in FEW - CALLED
    ):
        return False
    if YEAR.fullmatch(sight.words) or not NAMED.search(sight.before) or TALLIED.search(sight.before):
        return False
    if sight.value < LEAST_NAMED and not (ROW if sold else SOLD).search(sight.before):
        return False
    # 英语120 is a mark; nobody has 英语2,600.
    return not (
        ("," not in sight.words and NUMBERED.search(sight.before)) or BLANK_COUNT.match(sight.text, sight.end)
    )


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


def _is_bare(sight: Sight) -> bool:
    if not BARE_LEFT.search(sight.text[max(0, sight.start - 1) : sight.start]) or OF_NUMBER.search(
        sight.before
    ):
        return False
    if HOUSED.search(sight.before) or _MODEL.search(sight.before):
        return False
    if sight.value < MOST_OF_SOMEBODY and _TOLD_OF_SOMEBODY.search(
        sight.text[max(0, sight.start - _SOMEBODY) : sight.start]
    ):
        return False
    spoken = sight.spoken and (len(sight.words) < 2 or not re.search("[百千万]", sight.words))
    plain = not sight.after["high"] and not sight.after["scale"] and not sight.after["per"]
    return (
        not spoken
        and plain
        and 15 <= sight.value < 100_000
        and sight.words not in FEW
        and not YEAR.fullmatch(sight.words)
        and bool(BARE_RIGHT.match(sight.text, sight.end))
    )


def _found(sight: Sight, unit: str) -> Found:
    return sight.written(), unit, sight.start, sight.start + len(sight.text[sight.start : sight.end].rstrip())
