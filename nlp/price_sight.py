"""A number of a text with what stands around it, for `nlp.prices` to tell whether it is a price."""

from __future__ import annotations

import re

from nlp.numerals import amount, spoken_range
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
_CLAUSES = ",。;!?|\n"  # the characters of CLAUSE
_MONEY, _UNIT = re.compile(rf"\s?(?:{MONEY})"), re.compile(f"个?(?:{ANY_UNIT}|{PIECES})")
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
        if high_scale and not low_scale and low < plain(self.high):
            low *= FACTORS[high_scale]  # 5-8k: the scale is said once
        return f"{_written(low)}-{_written(high)}"


def look(text: str, token: re.Match[str]) -> Sight | None:
    """The number at `token` with its surroundings; None when it is none, or a part of something else."""
    start, words, end = token.start(), token[0], token.end()
    if words.count(",") and not is_grouped(text, start, end):
        words = words.split(",")[0]
        end = start + len(words)
    upper = ""
    if words[0] in SPOKEN:
        words = _unrated(text, words, end)
        end = start + len(words)
        if amount(words) is None:
            words, upper = spoken_range(words)
        if not words or (len(words) < 2 and upper and text[end : end + 1] not in COUNTED_MONEY):
            return None  # 三四年级 are years
    left = text[max(0, start - 1) : start]
    if (left and (left.isdigit() or left in _NOT_BEFORE)) or len(words) > 8 or text[end : end + 1].isdigit():
        return None
    before = text[max(0, start - BEFORE) : start]
    if CLAUSE.search(before):
        before = before[max(map(before.rfind, _CLAUSES)) + 1 :]
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


def is_grouped(text: str, start: int, end: int) -> bool:
    """1,299 is one number where money is spoken of; 985,211 are two."""
    return text[max(0, start - 1) : start] == "¥" or bool(_MONEY.match(text, end, end + 4))


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
        return amount(words) or 0.0
    return float(re.sub("[o零〇]", "0", words.replace(",", "")))  # 15O and 15零 are 150


def _written(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.2f}".rstrip("0")
