"""Whether a word of money beside a number is one: 元, 块 and 米 are words of other things, too."""

from __future__ import annotations

import re

from nlp.price_beside import is_small_change
from nlp.price_sight import Sight
from nlp.price_words import MOST_METRES, STRONG, STRONG_GATE
from nlp.scan import Ending

_STRONG = Ending(STRONG)
_EACH = frozenset("/每一")
# What is sold by those who say 米 for 元, and how it comes.
_DELIVERED = re.compile(
    "链接|[云网☁]️?盘|wp|pan|lu ?bo|课件|教程|录播|网课|直播|回放|秒发|发货|[来私][,。!]?$"
)
LEAST_RICE, MOST_RICE = 19, 10_000  # yuan that 米 is said for: 199米


def is_money(sight: Sight) -> bool:
    """元 in 一元二次 and 块 in 一块学 are no money."""
    money = sight.after["money"]
    rest = sight.text[sight.after.end("money") : sight.after.end("money") + 2]
    if money == "元" and sight.value <= 3 and re.match("[一二三12]次|[区里桥路镇乡村]", rest):
        return False
    if money == "米":
        return _is_rice(sight)
    if money == "块" and sight.spoken:
        few = sight.value > 1 and sight.after["per"]
        return sight.value >= 5 or bool(sight.after["tenths"] or few or is_small_change(sight))
    return not (
        money == "块" and sight.value < 4 and not sight.after["per"] and not re.match("[,。!\n]|$", rest)
    )


def _is_rice(sight: Sight) -> bool:
    """Whether 米 is said for 元: 199米, only 50米; 400米 and 跳远2米 are lengths."""
    if sight.after["per"] or sight.text[sight.end : sight.end + 1] in _EACH:
        return sight.value < MOST_METRES
    if sight.spoken or sight.value >= MOST_RICE:
        return False
    near = sight.text[max(0, sight.start - 16) : sight.start] + sight.text[sight.end : sight.end + 6]
    dear = sight.value >= LEAST_RICE and sight.words[-1] in "89" and not sight.before
    delivered = sight.value < MOST_METRES and _DELIVERED.search(near) and sight.before[-1:] in ("", " ")
    return bool(dear or delivered) or is_strong(sight.before)


def is_strong(before: str) -> bool:
    """Whether the words before a number make it a sum of money, whatever follows."""
    return bool(_STRONG.search(before) and STRONG_GATE.search(before))
