"""What a discount leaves of the price before it: 原价6800立减800 is 6000, which the text need not say.

A sum is stated of a person, so only a discount that everybody gets and that can be read in one way is worked out. Not
worked out: what some get (老生减300, 两人同行8折), ladders (8折起, 再减), cash that comes back once the whole was paid
(返800), and 优惠800, which is as often the new price as what is taken off.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from core.pattern import late
from nlp.numerals import amount

_NUMBER = r"[0-9]{2,5}|[一二两三四五六七八九][一二两三四五六七八九十百千]{1,5}"
_MONEY = "(?:元|块钱?)?"
# What may stand between a price and its discount: when it is given, never to whom.
_WHEN = r"(?:现在?|今[天日]?|本周|即日起?|限时|活动期?|暑期|寒假|开学季?|早鸟|提前|报名|预?定|预订|下单|到店|当场|直接|全场|一律|统一|立享|享受?|可|打|都)"
_CUT = late(
    rf"[\s,(!:]{{0,2}}{_WHEN}{{0,3}}(?:"
    rf"(?:(?<!每)满(?P<least>{_NUMBER}){_MONEY}[\s,]?)?(?:[立直]减|直降|立省|减)(?:了|掉)?(?P<off>{_NUMBER}){_MONEY}(?![0-9./%折\-~]|[人名位科门节次课斤分天到至])"
    r"|(?P<tenths>[0-9](?:\.[0-9])?|[0-9]{2}|[一二三四五六七八九]{1,2})折(?!起|以|后再|上|左右|封|[券卡]|会员|老|团|[\-~到至])"
    r")"
)
# A further discount, or one that only so many or some get.
_MORE = late(r"再|另|叠加|折上|还[可能]|[两二三几多]人|同行|老生|老学员|老带新")
_AMOUNT = late(
    r"(?<![0-9.\-])[1-9][0-9]{2,5}(?![0-9.\-])|[一二两三四五六七八九][百千万][一二三四五六七八九百十]{0,4}"
)
_AHEAD = 30  # characters behind the discount in which another amount would say what is left: one line of an advertisement
_LEAST_LEFT = 0.3  # of the price: no course is sold below three tenths, so less is a misreading


class Left(NamedTuple):
    """What is left of a price, and where the words of the discount end."""

    yuan: float
    end: int


def left_of(plain: str, end: int, yuan: float) -> Left | None:
    """What everybody pays of a price of `yuan` that ends at `end` of the folded text; None when no discount says it."""
    cut = _CUT.match(plain, end)
    if not cut:
        return None
    rest = _rest(cut, yuan)
    line = re.split(r"[;\n]", plain[cut.end() : cut.end() + _AHEAD])[0]
    said = {_number(number) for number in _AMOUNT.findall(line)}
    if rest is None or not yuan * _LEAST_LEFT <= rest < yuan or _MORE.search(line) or said - {rest}:
        return None
    return Left(rest, cut.end())


def _rest(cut: re.Match[str], yuan: float) -> float | None:
    if cut["tenths"]:
        tenths = _number(cut["tenths"])
        return None if tenths is None else round(yuan * (tenths if tenths < 10 else tenths / 10) / 10, 2)
    off, least = _number(cut["off"]), _number(cut["least"] or "0")
    return None if off is None or least is None or yuan < least else yuan - off


def _number(words: str) -> float | None:
    if words[0].isdigit():
        return float(words)
    if len(words) == 2 and not set(words) & set("十百千"):  # 八五折
        words = "".join(f"{amount(one):.0f}" for one in words)
        return float(words)
    return amount(words)
