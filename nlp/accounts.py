"""Accounts of WeChat and QQ: what can be read as one (`nlp.account_readings`) and is, by all that stands around it.

Nobody can list the ways to write 微信 that slip past a filter. On authors who were new to both, lists of patterns had
F1 0.83 and what is learned from other authors' posts 0.94 (docs/decisions.md, 2026-11-23). The weights are a file of
words that can be read, `model/clues.json`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from nlp.account_clues import clues_of_account, clues_of_number
from nlp.account_readings import Reading, readings
from nlp.clue_sums import learned
from nlp.clue_weights import LETTERS, QQ_NUMBER, SAME_NUMBER
from nlp.clues import Clues
from nlp.digits import Found
from nlp.number_readings import reading_of
from nlp.wechat_marks import as_told, begin_of_pieces
from nlp.wechat_names import can_be_account

# Chances from which they count, by folds of authors: what nobody has seen before is told by few of the clues, and is seldom
# sure. Of what is named so, 0.967 to 0.977 is right.
SURE = {LETTERS: 0.26, QQ_NUMBER: 0.25, SAME_NUMBER: 0.26}

# Whose number is said to be no account: 不加微信, 微信和电话不是一个号.
_DENIED_BEHIND = re.compile(
    "[ ,。;(]{0,2}(?:但|请)?(?:不|别|勿|没|无|非)(?:要|用|能|可|必|是)?(?:加|同|有)?(?:微信?|薇信?|[vw]x?(?![a-z0-9]))"
)
_DENIED_BEFORE = re.compile(
    "(?:微信?|薇信?|[vw]x?)号?(?:[和与跟]?(?:电话|手机))?号?(?:不(?![行了])|没|别)[^,。;!?\n0-9]{0,6}$"
)
_BEFORE = 16  # characters of such a clause

Describe = Callable[[str, Reading], Clues]


def lettered_accounts(text: str) -> Iterator[Found]:
    """The WeChat accounts of a folded text that begin with a letter; the value is as it must be typed."""
    possible = (reading for reading in readings(text) if can_be_account(reading.value))
    for reading in _chosen(LETTERS, text, possible, clues_of_account):
        value = as_told(text, reading.value, reading.start, reading.end)
        yield "wechat", value, begin_of_pieces(text, reading.start), reading.end


def qq_numbers(text: str, numbers: Sequence[Reading]) -> Iterator[Found]:
    """Which of the numbers are of QQ, groups' as well."""
    for reading in _chosen(QQ_NUMBER, text, numbers, clues_of_number):
        yield "qq", reading.value, reading.start, reading.end


def numbered_accounts(text: str, numbers: Sequence[Reading], known: Sequence[Found]) -> Iterator[Found]:
    """Numbers that are WeChat accounts: of the `known` (telephones, QQ) those that are said to be both, and of others."""
    told = [reading_of(text, value, start, end) for _, value, start, end in known]
    others = (reading for reading in numbers if not any(_overlap(reading, one) for one in told))
    possible = (reading for reading in (*told, *others) if not _is_denied(text, reading))
    for reading in _chosen(SAME_NUMBER, text, possible, clues_of_number):
        yield "wechat", reading.value, reading.start, reading.end


def _is_denied(text: str, number: Reading) -> bool:
    before = text[max(0, number.start - _BEFORE) : number.start]
    return bool(_DENIED_BEHIND.match(text, number.end) or _DENIED_BEFORE.search(before))


def _chosen(question: str, text: str, choices: Iterable[Reading], describe: Describe) -> list[Reading]:
    chance = learned(question).chance
    return surest(((chance(describe(text, reading)), reading) for reading in choices), SURE[question])


class Stretch(Protocol):
    """What stands somewhere in a text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


AnyStretch = TypeVar("AnyStretch", bound=Stretch)


def surest(chances: Iterable[tuple[float, AnyStretch]], sure: float) -> list[AnyStretch]:
    """Those with a chance of `sure` and more; of what shares a character the surest, of equals the later: no label's letters."""
    chosen: list[AnyStretch] = []
    for _, stretch in sorted((item for item in chances if item[0] >= sure), key=_order):
        if not any(_overlap(stretch, other) for other in chosen):
            chosen.append(stretch)
    return chosen


def _order(item: tuple[float, Stretch]) -> tuple[float, int]:
    return -item[0], -item[1].start


def _overlap(one: Stretch, other: Stretch) -> bool:
    return one.start < other.end and other.start < one.end
