"""What tells whether a reading is somebody's account: its shape, and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.account_readings import Reading
from nlp.clues import MOBILE as OF_MOBILE
from nlp.clues import Clues, goes_on
from nlp.digits import MOBILE
from nlp.wechat_marks import tells_of_marks
from nlp.wechat_names import ENGLISH, GOODS

_DIGIT = re.compile("[0-9]")
_LETTERS = re.compile("[a-z]+")
# Chinese names and initials are made of these; few English words are.
_SYLLABLES = re.compile(
    "(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|ue|er|[aoeiuv]))+"
)
# A mobile number with a letter before it (v13800001111) is no account; birthdays have six or eight figures.
FEWEST_OF_TELEPHONE = 10
# How most people label one: what is plain need not be told by many small clues.
_LABELLED = re.compile(
    r"(?:微信|w[ex]?i?xin|[vw]x|v信|wechat|[薇威]信|[加➕+] ?[vw微薇威]|(?<![a-z0-9])[vw]|(?<![\u4e00-\u9fff])[薇微威])(?:号|id)?(?P<stop> ?[:是]| | ?➡|)$"
)
_LABELLED_QQ = re.compile(r"(?:(?<![a-z0-9])q{1,2}|扣扣|企鹅|🐧)(?P<stop>群?号?[:是 ]{0,2})$")
_OWNED = re.compile(r" ?[(,]?(?:这?是)?(?:我的?)?(?:微信|[vw]x|v信|薇信?|[vw微])(?![a-z0-9\u4e00-\u9fff])")
_LONGEST_LABEL = 10
_DATE = re.compile(r"(?:19|20)\d\d(?:\d\d){1,2}")


def clues_of_account(text: str, reading: Reading) -> Clues:
    """What tells whether a reading with letters is an account."""
    shape = _shape_of_letters(reading)
    own = [f"shape {shape}", *_traits(reading), *_words(reading.value), *_labels(_LABELLED, text, reading)]
    if tells_of_marks(text, reading.end):
        own.append("marks are told")
    if _OWNED.match(text, reading.end):
        own.append("owned")
    return Clues([*own, *_going_on(text, reading)], text, reading.start, reading.end, shape)


def clues_of_number(text: str, reading: Reading) -> Clues:
    """What tells whether a number is an account: a mobile number is one for other reasons than others are."""
    kind = _kind(reading.value)
    shape = f"{kind} {min(len(reading.pieces), 3)}"
    own = [f"shape {shape}", f"kind {kind}", *_traits(reading), *_labels(_LABELLED_QQ, text, reading)]
    own += _going_on(text, reading)
    return Clues(own, text, reading.start, reading.end, shape, OF_MOBILE if kind == "mobile" else "")


def _shape_of_letters(reading: Reading) -> str:
    value, pieces = reading.value, reading.pieces
    marks = "".join(mark for mark in "_-" if mark in value)
    digits = "" if value.isalpha() else "9" if value[-1].isdigit() else "9a" if _DIGIT.search(value) else ""
    chinese = "p" if all(map(_SYLLABLES.fullmatch, _LETTERS.findall(value))) else ""
    joined = "".join(sorted({piece.joined[:2] for piece in pieces[1:]}))
    return f"{marks}{digits}{chinese} {min(len(pieces), 3)}{joined}"


def _kind(number: str) -> str:
    if MOBILE.fullmatch(number):
        return "mobile"
    if _DATE.fullmatch(number):
        return "date"
    return "round" if number.endswith("000") else str(len(number))


def _traits(reading: Reading) -> Iterator[str]:
    value, pieces = reading.value, reading.pieces
    yield f"length {len(value) // 3}"
    yield f"pieces {min(len(pieces), 4)}"
    figures = len(_DIGIT.findall(value))
    yield f"figures {figures if figures < FEWEST_OF_TELEPHONE else 'of a telephone'}"
    if len(pieces) == 1:
        return
    if max(len(piece.plain) for piece in pieces) == 1:
        yield "single"
    joints = {piece.joint for piece in pieces[1:]}
    yield from (f"joint {joint}" for joint in joints if len(joint) < 3)
    if len(joints) > 1:
        yield "joints differ"
    yield from {f"told {piece.told}" for piece in pieces}


def _words(value: str) -> Iterator[str]:
    """Everyday words and goods of which it is made."""
    words = _LETTERS.findall(value)
    known = [word for word in words if word in ENGLISH or word in GOODS]
    if known:
        yield "all words known" if len(known) == len(words) else "a word known"


def _labels(label: re.Pattern[str], text: str, reading: Reading) -> Iterator[str]:
    found = label.search(text, max(0, reading.start - _LONGEST_LABEL), reading.start)
    if found:
        yield from ("labelled", f"labelled {found['stop']}")


def _going_on(text: str, reading: Reading) -> Iterator[str]:
    parted = len(reading.pieces) > 1
    return (f"{clue} {parted}" for clue in goes_on(text, reading.start, reading.end))
