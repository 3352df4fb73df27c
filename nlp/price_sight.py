"""A number of a text with what stands around it, for `nlp.prices` to tell whether it is a price."""

from __future__ import annotations

import re

from core.pattern import late
from nlp.numerals import DIGIT_OF, amount, spoken_range
from nlp.price_words import (
    AFTER,
    ANY_UNIT,
    BEFORE,
    BOARDS,
    CLAUSE,
    COUNTED_MONEY,
    FACTORS,
    HOUSED,
    MONEY,
    MOST_BOARDS,
    PIECED,
    PIECES,
    SPOKEN,
    VAGUE,
)

_NOT_BEFORE = frozenset("abcdefghijklmnopqrstuvwxyz第#_.")
_MONEY, _UNIT = late(rf"\s?(?:{MONEY})"), late(f"个?(?:{ANY_UNIT}|{PIECES})")
# 4,200 and 12,800 stand for one number wherever they stand; 60,100 may be two prices, 1,200 at a list's head a place in it.
_ONE_GROUP = late("[1-9],[0-9]{3}|[1-9][0-9],(?:000)|[1-9][1-46-9],[0-9]00")
_ROUND = late("[89][089]$")  # as prices are
_LIST_HEAD = late(r"(?:^|[\n\s;:。!?(、])$")
# 初1,200一节 and 一对1,150 are a year and a price, as are numbers of rooms, places and copies.
_OTHER_HEAD = late(
    r"(?:[初高对v级班第组限招剩缺差周楼栋室座层号项条章页案版表图^*/+=<>~\-.,0-9a-z]|^)$|(?:课程|套餐|方案)$"
)
_GOES_ON = late("[0-9.:/-]|,[0-9]{2,3}(?![0-9])")
# 单科1 350元, 一期十八次 1 980: behind such words the blank parts no two numbers.
_PARTED_AFTER = late(r"(?:[费价科期人给共只收仅需要年计月]|全程|(?P<lot>[次节天课] ))$")
_END = late("[,。;!?\n]|$")
_SPELLED = late(
    "[一二三四五六七八九][一二三四五六七八九零][八九]|[二三四五六七八九][一二三四五六七八九零]{2}[零八九]"
)
_TAUGHT = frozenset({"一对", "1对", "一v", "1v"})
_NUMERALS = frozenset(SPOKEN)
_CODE = late("0[0-9]")  # 020106
COINS = {"块": 10, "毛": 100}  # parts of a yuan in the next lower coin: 9块9, 一毛五


class Sight:
    """A number with what stands around it."""

    __slots__ = ("after", "before", "blank", "end", "high", "spoken", "start", "text", "value", "words")

    def __init__(
        self, text: str, start: int, words: str, after: re.Match[str], before: str, upper: str = ""
    ) -> None:
        self.text, self.start, self.words, self.after, self.before = text, start, words, after, before
        self.high = after["high"] or upper
        self.spoken = words[0] in SPOKEN
        scale = after["scale"]
        self.value = plain(words) * (FACTORS.get(scale.strip(), 1) if scale else 1)
        money = after["money"]
        if money and money[0] == "毛":
            self.value /= 10
        self.end = after.end()
        self.blank = text[self.end : self.end + 1] == " "

    def written(self) -> str:
        """The number, or the range of numbers, in plain digits."""
        after = self.after
        low_scale, high_scale = (after["scale"] or "").strip(), (after["scale2"] or "").strip()
        low = self.value
        if after["more"] and low_scale:
            low += int(after["more"]) * FACTORS[low_scale] / 10  # 1万2, 2k5
        money = (after["money"] or "")[:1]
        if after["tenths"] and money in COINS:
            low += plain(after["tenths"]) / COINS[money]  # 9块9
        if not self.high:
            return _written(low)
        high = plain(self.high) * FACTORS.get(high_scale, 1) / (10 if money == "毛" else 1)
        if after["more2"]:
            high += int(after["more2"]) * FACTORS[high_scale] / 10  # 1万5到1万8
        if high_scale and not low_scale and low < plain(self.high):
            low *= FACTORS[high_scale]  # 5-8k: the scale is said once
        return f"{_written(low)}-{_written(high)}"


def look(text: str, token: re.Match[str]) -> Sight | None:
    """The number at `token` with its surroundings; None when it is none, or a part of something else."""
    start, words, end = token.start(), token[0], token.end()
    if token.lastgroup and not is_grouped(text, start, end):
        words = words[: _head(words)]
        end = start + len(words)
    upper = ""
    if words[0] in SPOKEN:
        if text[max(0, start - 2) : start] in _TAUGHT and len(words) > 1:
            start, words = start + 1, words[1:]  # 一对一三百: one is taught
        words = _unrated(text, words, end)
        end = start + len(words)
        if amount(words) is None and not is_spelled(text, words, end):
            words, upper = spoken_range(words)
        if not words or (len(words) < 2 and upper and text[end : end + 1] not in COUNTED_MONEY):
            return None  # 三四年级 are years
    left = text[max(0, start - 1) : start]
    if (
        _CODE.match(words)
        or (left and (left.isdigit() or left in _NOT_BEFORE))
        or len(words) > 8
        or text[end : end + 1].isdigit()
    ):
        return None
    before = text[max(0, start - BEFORE) : start]
    if CLAUSE.search(before):
        before = CLAUSE.split(before)[-1]
    after = AFTER.match(text, end)
    return Sight(text, start, words, after, before, upper) if after else None


def has_sense(sight: Sight) -> bool:
    """Whether the number can be an amount at all: neither a room nor boards, and no more vague than 几千块."""
    before = sight.before
    if len(sight.words) == 1 and sight.words in "百千万" and before[-1:] in VAGUE:
        return False
    money = sight.after["money"]
    if not money and HOUSED.search(before):
        return False
    if money == "块" and sight.value < MOST_BOARDS and _is_of_pieces(sight):
        return False
    return sight.value > 0 or bool(money)


def _is_of_pieces(sight: Sight) -> bool:
    """白板8块 and 8块白板 are so many boards."""
    return bool(BOARDS.search(sight.before) or PIECED.match(sight.text, sight.after.end("money")))


def ungrouped(token: re.Match[str]) -> int:
    """Where the first of the two numbers ends that a comma or a blank parts."""
    return token.start() + _head(token[0])


def _head(words: str) -> int:
    return words.index(" " if " " in words else ",")


def is_grouped(text: str, start: int, end: int) -> bool:
    """Whether 1,299 and 1 350 are one number: where money is spoken of, or nobody would write two so; 985,211 are two."""
    words, before = text[start:end], text[max(0, start - 3) : start]
    if " " in words:
        ahead = _PARTED_AFTER.search(before)
        return bool(ahead and (_MONEY.match(text, end, end + 4) or (ahead["lot"] and _END.match(text, end))))
    if before[-1:] == "¥" or _MONEY.match(text, end, end + 4):
        return True
    if not _ONE_GROUP.fullmatch(words) or _GOES_ON.match(text, end):
        return False
    return not (_OTHER_HEAD.search(before) or (_LIST_HEAD.search(before) and not _ROUND.search(words)))


def is_spelled(text: str, words: str, end: int) -> bool:
    """Whether numerals are the digits of a price: 二九九, 三九八, 二六八零; 七八九年级 are three years."""
    return words != "七八九" and bool(_SPELLED.fullmatch(words)) and text[end : end + 1] not in _NUMERALS


def _unrated(text: str, words: str, end: int) -> str:
    """三百一次 is three hundred a time, not 310; 三百两小时 is not 320."""
    rated = (
        words[-1] in "一两"
        and (words[-2:-1] in ("十", "百", "千", "万") or amount(words) is None)
        and _UNIT.match(text, end, end + 3)
    )
    return words[:-1] if rated else words


def plain(words: str) -> float:
    """The number that digits or words say."""
    if words[0] in SPOKEN:
        said = amount(words)
        if said is None and _SPELLED.fullmatch(words):
            return float("".join(map(DIGIT_OF.__getitem__, words)))  # 二九九
        return said or 0.0
    return float(re.sub("[o零〇]", "0", re.sub("[, ]", "", words)))  # 15O and 15零 are 150


def _written(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.2f}".rstrip("0")
