"""What in a text can be read as the number of an account: figures, in digits or in words, side by side or parted.

As `nlp.account_readings`, which says what a reading is.
"""

from __future__ import annotations

import re

from nlp.account_readings import MOST_READINGS, Piece, Reading
from nlp.digits import WORDS
from nlp.numerals import DIGIT_OF

# QQ numbers begin at 10000; Tencent has given none with more than ten digits, a mobile number has eleven.
SHORTEST, LONGEST = 5, 11
# Nobody's number: nought leads to an area code, 400 and 800 to a company's telephone.
_NEVER = re.compile(r"0\d*|[48]00\d{7}")
_MONEY = frozenset("元块万亿%")
_MOST_FIGURES = 40  # that are looked at together: two numbers and a sum
# 參 is the formal 3, too, and is folded to the word of 参加; o is a nought beside figures.
_FORMAL = "贰叁肆伍陆柒捌玖零"
_FIGURE = (
    rf"(?:[0-9{WORDS}]|(?<=[0-9])o|(?<=[0-9][ \-.])o|o(?=[ \-.]?[0-9])|参(?=[{_FORMAL}])|(?<=[{_FORMAL}])参)"
)
_VALUE = {**DIGIT_OF, "o": "0", "参": "3"}
_JOINT = r"(?:[^\w\s。;!?@%元块]\ufe0f?|[_丨丶丿乄]|[ ])"
_RUN = re.compile(rf"{_FIGURE}(?:{_JOINT}{{0,3}}{_FIGURE}){{{SHORTEST - 1},{_MOST_FIGURES}}}")
_PIECE = re.compile(rf"[0-9o]+|[{WORDS}参]+")


def number_readings(text: str) -> list[Reading]:
    """All readings as a number, at most MOST_READINGS; none that can be no account."""
    found: list[Reading] = []
    for run in _RUN.finditer(text):
        sum_end = run.end() if text[run.end() : run.end() + 1] in _MONEY else -1
        found += (one for one in _within(pieces_of(text, *run.span())) if one.end != sum_end)
        if len(found) > MOST_READINGS:
            return found[:MOST_READINGS]
    return found


def reading_of(text: str, value: str, start: int, end: int) -> Reading:
    """What stands from `start` to `end` as the reading of a number that was found otherwise."""
    pieces = pieces_of(text, start, end) or [Piece(start, end, value, "spelled", "", "")]
    return Reading(start, end, value, tuple(pieces))


def pieces_of(text: str, start: int, end: int) -> list[Piece]:
    """The groups of figures there, each with what parts it from the one before."""
    found: list[Piece] = []
    for match in _PIECE.finditer(text, start, end):
        worded = match[0][0] in DIGIT_OF
        plain = "".join(_VALUE.get(figure, figure) for figure in match[0])
        joint = text[found[-1].end : match.start()] if found else ""
        found.append(
            Piece(*match.span(), plain, "words" if worded else "plain", joint, "mark" if joint else "")
        )
    return found


def _within(pieces: list[Piece]) -> list[Reading]:
    found = []
    for first, head in enumerate(pieces):
        value = ""
        for last in range(first, len(pieces)):
            value += pieces[last].plain
            if len(value) > LONGEST:
                break
            if len(value) >= SHORTEST and not _NEVER.fullmatch(value):
                found.append(Reading(head.start, pieces[last].end, value, tuple(pieces[first : last + 1])))
    return found
