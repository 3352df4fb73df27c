"""What tells whether a number without a unit of money is an amount all the same: 五花24一斤,排骨32, 夜班日均220-260."""

from __future__ import annotations

import re

from nlp.clues import Clues
from nlp.price_sight import Sight

_YEAR = re.compile(r"(?:19|20)\d\d")
_ENDINGS = {0: "0", 5: "5", 8: "9", 9: "9"}  # as prices end
_MOST_NAMED = 3  # more amounts beside it say no more


def clues_of_amount(sight: Sight, named: int) -> Clues:
    """The clues of a number in a text that names so many amounts beyond doubt."""
    digits = len(str(int(sight.value)))
    ending = _ENDINGS.get(int(sight.value) % 10, "other")
    beside = min(named, _MOST_NAMED)
    own = [
        f"shape {_shape(sight, digits)}", f"digits {digits} {ending}", f"beside {beside}", f"beside {beside} {digits}",
        f"year {bool(_YEAR.fullmatch(sight.words))}", "fraction" if sight.value % 1 else "whole",
    ]  # fmt: skip
    return Clues(own, sight.text, sight.start, end_of(sight), str(digits))


def _shape(sight: Sight, digits: int) -> str:
    after = sight.after
    parts = (
        "spoken" if sight.spoken else "",
        "per" if after["per"] else "",
        "range" if sight.high else "",
        "scale" if after["scale"] else "",
    )
    return f"{digits} {' '.join(filter(None, parts))}"


def end_of(sight: Sight) -> int:
    """Where the number ends, without the blanks behind it."""
    return sight.start + len(sight.text[sight.start : sight.end].rstrip())
