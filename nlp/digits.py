"""How the figures of a contact are written, and what every search for numbers shares."""

from __future__ import annotations

import re

from nlp.numerals import DIGIT_OF

Found = tuple[str, str, int, int]  # kind, value, start, end

WORDS = "".join(DIGIT_OF)
PICTURES = "☀-➿⭐⭕\U0001f300-\U0001faff"
# Of a telephone number and of a QQ number in groups; `Signs.dialled` rests on both: so many digits, so few marks between two.
FEWEST_DIGITS, MOST_JOINTS = 7, 3
# Between two digits of one number stand at most so many marks, never a line's end.
JOINTS = rf"[ \t\-.·•・丨~_\u2010-\u2015,、/|*×=#+()\[\]…♡❤{PICTURES}]{{0,{MOST_JOINTS}}}"
LIKE_DIGIT = {**DIGIT_OF, **{digit: digit for digit in "0123456789"}, "o": "0", "l": "1", "i": "1"}
RARE_DIGITS = "参勾弌弍弎"  # stand for digits beside others only
MOBILE = re.compile(r"1[3-9]\d{9}")
_LIKE = str.maketrans("oil", "011")


def is_telephone(word: str) -> bool:
    """Whether a word is a mobile number in which letters stand for the digits that they look like (i58271o6634)."""
    return len(word) == 11 and bool(MOBILE.fullmatch(word.translate(_LIKE)))
