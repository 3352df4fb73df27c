"""Sums at which a thing is let go, or that are open to talk: 小琵琶1280出, 150-200都可以谈."""

from __future__ import annotations

import re

from nlp.price_sight import Sight

LEAST_SALE = 100  # yuan; below it stand seats, exits and rounds
_ROAD = re.compile("(?:[从到至速位站口线路a-z]|出口)$")
_LET_GO = re.compile(r"出(?=[,。;!、\n]|$)")  # 小琵琶1280出
_BARGAINED = re.compile("[都也]?(?:[能可]以?)?(?:接受|谈)")  # 150-200都可以谈
LEAST_RANGE_TOLD = 50  # yuan; below it stand hours and ages


def is_let_go(sight: Sight) -> bool:
    """小琵琶1280出; what one leaves at 108出 is a road."""
    if sight.value < LEAST_SALE or _ROAD.search(sight.before):
        return False
    return bool(_LET_GO.match(sight.text, sight.end))


def is_bargained(sight: Sight) -> bool:
    """Whether a range of prices is said to be open to talk."""
    return sight.value >= LEAST_RANGE_TOLD and bool(_BARGAINED.match(sight.text, sight.end))
