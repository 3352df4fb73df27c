"""Numbers in words: the characters that stand for a digit, and amounts such as 一百五 or 两千八."""

from __future__ import annotations

import functools
import re
import unicodedata

# One character, one digit: as telephone numbers are spelled out (幺 and 拐 are how the army and the railway say 1 and 7).
DIGIT_OF = {
    **dict.fromkeys("零〇洞", "0"), **dict.fromkeys("一幺壹", "1"), **dict.fromkeys("二贰两", "2"),
    **dict.fromkeys("三叁", "3"), **dict.fromkeys("四肆", "4"), **dict.fromkeys("五伍", "5"),
    **dict.fromkeys("六陆", "6"), **dict.fromkeys("七柒拐", "7"), **dict.fromkeys("八捌", "8"),
    **dict.fromkeys("九玖", "9"),
}  # fmt: skip
# The noughts of scripts whose digits people know from notes and signs: Arabic, Persian, Hindi, Bengali, Thai, Tibetan, Burmese,
# Khmer and Mongolian; the ones of Suzhou numerals, dice (to six) and tiles of mahjong.
_NOUGHTS = (0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xF20, 0x1040, 0x17E0, 0x1810)
_ONES = ((0x3021, 9), (0x2680, 6), (0x1F007, 9), (0x1F010, 9), (0x1F019, 9))
# Digits in black and double circles, letters in frames and with marks above or below, which the folding of width leaves as they are.
ENCLOSED = {
    **{0x2776 + place: str(place + 1) for place in range(9)}, **{0x2780 + place: str(place + 1) for place in range(9)},
    **{0x278A + place: str(place + 1) for place in range(9)}, **{0x24F5 + place: str(place + 1) for place in range(9)},
    0x24FF: "0",
    **{nought + place: str(place) for nought in _NOUGHTS for place in range(10)},
    **{one + place: str(place + 1) for one, count in _ONES for place in range(count)},
    **{start + place: chr(ord("a") + place) for start in (0x1F130, 0x1F150, 0x1F170) for place in range(26)},
    **{code: unicodedata.normalize("NFD", chr(code))[0].lower() for code in range(0x1E00, 0x1F00)},
}  # fmt: skip
_PLACES = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
CIRCLED = re.compile(f"[{''.join(map(chr, ENCLOSED))}]")


def uncircled(folded: str) -> str:
    """A folded text with plain digits and letters for those in circles and frames."""
    return folded.translate(ENCLOSED) if CIRCLED.search(folded) else folded


@functools.lru_cache(maxsize=512)
def amount(words: str) -> float | None:
    """The number that `words` say (三十, 一百五, 两千八, 壹仟贰佰, 1.2万 without its digits), or None."""
    total, section, digit, last, place = 0, 0, 0, 10, 0
    for character in words:
        if character in DIGIT_OF:
            if digit and character not in "零〇":
                return None  # two digits side by side are a numeral of another kind
            digit, last = int(DIGIT_OF[character]), (1 if character in "零〇" else last)
        elif character in _PLACES:
            if section and _PLACES[character] >= place:
                return None  # 三千五千: two amounts
            last = place = _PLACES[character]
            section, digit = section + (digit or 1) * last, 0
        elif character == "万":
            if total:
                return None
            total, section, digit, last = (total + section + digit) * 10_000, 0, 0, 10_000
        else:
            return None
    # 一百五 is 150 and 两千八 is 2,800: the last digit counts the next lower place.
    short = digit * (last // 10) if digit and last > 10 and len(words) > 1 else digit
    return float(total + section + short) or None


# 两三千 and 三五百 share a place, 一百五六 and 十五六 what goes before, 三万五万 are two in a row.
_SHARED = re.compile("(?P<low>[一二两三四五六七八])(?P<high>[二两三四五六七八九])(?P<place>[十百千万]?)")
_CONTINUED = re.compile(
    "(?P<head>[一二两三四五六七八九]?[十百千万])(?P<low>[一二三四五六七八])(?P<high>[二三四五六七八九])"
)
_TWICE = re.compile(
    "(?P<low>[一二两三四五六七八九](?P<place>[百千万]))(?P<high>[一二两三四五六七八九](?P=place))"
)


@functools.lru_cache(maxsize=512)
def spoken_range(words: str) -> tuple[str, str]:
    """The ends of a range of numerals that stand side by side (两三千, 一百五六, 三千五千), empty when it is none."""
    found = _SHARED.fullmatch(words) or _CONTINUED.fullmatch(words) or _TWICE.fullmatch(words)
    if not found:
        return "", ""
    parts = found.groupdict()
    low, high = found["low"], found["high"]
    step = int(DIGIT_OF[high[0]]) - int(DIGIT_OF[low[0]])
    if step < 1 or (len(low) == 1 and step != 1 and low + high != "三五"):
        return "", ""
    head, place = parts.get("head", ""), parts["place"] if len(low) == 1 and "head" not in parts else ""
    return head + low + place, head + high + place
