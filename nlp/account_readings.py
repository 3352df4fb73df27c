"""What in a text can be read as an account: letters and figures, side by side, parted, or told piece by piece.

A reading says nothing of whether it is one; `nlp.accounts` decides by what stands around it. All functions take folded
text (`core.text.fold_many`, without circles: `nlp.numerals.uncircled`). Time grows with the length of the text only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.pattern import late
from nlp.digits import WORDS
from nlp.numerals import DIGIT_OF
from nlp.sounds import syllables
from nlp.wechat_marks import marked, tells_that_marks_go
from nlp.wechat_names import LONGEST, SHORTEST

MOST_PIECES = 14  # of one account: letter by letter with blanks, an account is hardly longer
MOST_JOINED = 60  # pieces that are looked at together: a sentence of English is no account
# Readings of one text: no post names a hundred people, and a page of English could be read in so many ways.
MOST_READINGS = 400

PINYIN = "拼"  # without it (全拼, 拼音) no characters are meant to be spelled
_HAN = "\u4e00-\u9fff"
# How often a character is said to stand: 三个6. Once is not said so, and seven of one would be written.
_TIMES = "".join(character for character, value in DIGIT_OF.items() if value in "23456") + "23456"
_REPEATED = rf"[{_TIMES}][ ]?个[ ]?(?:[大小]写)?的?[ ]?[a-z0-9](?![a-z0-9])"
# Chinese characters of which the pinyin is meant: 数学俩字全拼, “刘一刀”拼音.
_SPELLED = (
    rf"[“\"【]?[{_HAN}]{{1,4}}?[”\"】]?(?:[一两俩三四]个?字)?的?(?:全拼|(?:(?<=字)|(?<=[”\"】])|(?<=的))拼音)"
)
_PLAIN = rf"[a-z0-9_\-]+|[{WORDS}]{{2,11}}"
# Between two pieces: a low line or a hyphen that is read out, words that lead on, or any mark.
_LINE = r"[ ,]{0,2}(?:后面|然后|最后)?(?:再?[来加接是]|跟)?一?个?[ ]?[(]?(?:下划线|[横短小]?杠|减号)[)]?[ ]?"
_LEADING = r"(?:[ ]?[(][^()\n]{1,8}[)])?[ ,]{0,2}(?:[打开]头[ ,]?)?(?:(?:后面|再|然后|接着|最后|末尾|中间|后)?[是再]?(?:跟着?|加上?|接着?|然后|后面|最后|中间)[是再]?|[+])(?:数字|字母|小写|大写|四个数字)?[ ]?"
_MARK = r"(?:[^\w\s,。;!?:()\[\]@%\"'“”《》<>]\ufe0f?|[丨丶丿乄乚ノ]){1,2}|[ ]"
_JOINT = late(rf"(?P<line>{_LINE})|(?P<leading>{_LEADING})|(?P<mark>{_MARK})")
_PIECE = late(
    rf"(?P<repeated>{_REPEATED})|(?P<plain>[a-z0-9_\-]+)|(?P<spelled>{_SPELLED})|(?P<words>[{WORDS}]{{2,11}})"
)
_ANY_JOINT = rf"(?:{_LINE}|{_LEADING}|{_MARK})?"
_RUN = late(rf"[a-z][a-z0-9_\-]*(?:{_ANY_JOINT}(?:{_REPEATED}|{_PLAIN})){{0,{MOST_JOINED}}}")
_TOLD_RUN = late(
    rf"(?:[a-z][a-z0-9_\-]*|{_REPEATED}|{_SPELLED})(?:{_ANY_JOINT}(?:{_REPEATED}|{_SPELLED}|{_PLAIN})){{0,{MOST_JOINED}}}"
)
# Characters of the account itself of which the pinyin is told behind it: qing妈2016(妈=ma), yang师9年("师""年"打拼音).
_MIXED = late(rf"[a-z][a-z0-9_]{{0,14}}[{_HAN}]{{1,2}}(?:[a-z0-9_]{{1,8}}[{_HAN}]{{0,2}})?[”\"]?(?=[(,])")
_MEANT = late(
    rf"[(,](?:[“\"]?(?P<one>[{_HAN}])[”\"]?(?:=|就?是|打|写)(?P<pinyin>[a-z]{{1,6}})|(?:[“\"]?[{_HAN}][”\"]?[、和]?){{0,4}}[打写用换]成?拼音)"
)
# Letters of a label that run into the account: 加vxiaoxiao_1, vxlily_88.
_LABEL = late("(?:[vw]x?|wx|wei(?:xin)?)[_\\-]?(?=[a-z])")
_LETTER_BY_LETTER = late("[a-z0-9](?:-[a-z0-9]){4,}")
_HEAPED = late("[个拼]")  # few characters may come to many
_NAME = late(rf"[{_HAN}]+?(?=[”\"】]|[一两俩三四]个?字|的?全拼|的?拼音)")


class Piece(NamedTuple):
    """A part of a reading: what it comes to, how it is told, and what stands between it and the one before."""

    start: int
    end: int
    plain: str
    told: str  # plain, words, repeated, spelled (in pinyin), stated (with a mark whose meaning is told)
    joint: str
    joined: str  # line, leading, mark; "" for nothing


class Reading(NamedTuple):
    """A stretch of a text and the account that it would be."""

    start: int
    end: int
    value: str
    pieces: tuple[Piece, ...]


def readings(text: str) -> list[Reading]:
    """All readings as an account that begins with a letter, at most MOST_READINGS."""
    found: list[Reading] = []
    for run in (_TOLD_RUN if PINYIN in text or "写" in text else _RUN).finditer(text):
        start, end = run.span()
        if end - start < SHORTEST and not _HEAPED.search(run[0]):
            continue
        found += _within(_pieces(text, start, end))
        if len(found) > MOST_READINGS:
            return found[:MOST_READINGS]
    return [*found, *_mixed(text), *_stated(text)]


def _pieces(text: str, start: int, end: int) -> list[Piece]:
    found: list[Piece] = []
    joint = joined = ""
    while start < end:
        if piece := _PIECE.match(text, start, end):
            told = piece.lastgroup or "plain"
            found.append(Piece(start, piece.end(), _come_to(told, piece[0]), told, joint, joined))
            joint = joined = ""
            start = piece.end()
        elif between := _JOINT.match(text, start, end):
            joint, joined, start = between[0], between.lastgroup or "", between.end()
        else:
            break
    return found


def _come_to(told: str, written: str) -> str:
    if _LETTER_BY_LETTER.fullmatch(written):
        return written.replace("-", "")
    if told == "words":
        return "".join(map(DIGIT_OF.__getitem__, written))
    if told == "repeated":
        return written[-1] * int(DIGIT_OF.get(written[0], written[0]))
    if told == "spelled":
        name = _NAME.search(written)
        return "".join(syllables(name[0])) if name else ""
    return written


def _within(pieces: list[Piece]) -> Iterator[Reading]:
    """The readings among the pieces of one run, each from a piece that begins with a letter."""
    for first, head in enumerate(pieces):
        yield from _from(head, pieces, first)
        if head.told == "plain" and (label := _LABEL.match(head.plain)):
            rest = head._replace(start=head.start + label.end(), plain=head.plain[label.end() :])
            yield from _from(rest, pieces, first)


def _from(head: Piece, pieces: list[Piece], first: int) -> Iterator[Reading]:
    """The readings that begin with `head`, which is the piece at `first` or what is behind its label."""
    value, told_to_go = head.plain, False
    if value[:1].isalpha() and head.told != "words":
        for last in range(first, min(len(pieces), first + MOST_PIECES)):
            if last > first:
                told_to_go = told_to_go or (
                    "(" in pieces[last].joint and tells_that_marks_go(pieces[last].joint, 0)
                )
                value += _line(pieces[last]) + pieces[last].plain
            if len(value) > LONGEST:
                break
            plain = value.replace("-", "") if told_to_go else value
            if len(plain) >= SHORTEST and plain[-1] != "-":
                yield Reading(head.start, pieces[last].end, plain, (head, *pieces[first + 1 : last + 1]))


def _line(piece: Piece) -> str:
    if piece.joined != "line":
        return ""
    return "_" if "下划线" in piece.joint else "-"


def _mixed(text: str) -> Iterator[Reading]:
    """Accounts with Chinese characters of which the text tells that their pinyin is meant."""
    for match in _MIXED.finditer(text) if PINYIN in text or "=" in text else ():
        meant = _MEANT.match(text, match.end())
        written = match[0].rstrip('”"')
        if meant is None or (meant["one"] and meant["one"] not in written):
            continue
        said = {meant["one"]: meant["pinyin"]} if meant["one"] else {}
        value = "".join(
            said.get(one) or (one if one.isascii() else "".join(syllables(one))) for one in written
        )
        if SHORTEST <= len(value) <= LONGEST:
            piece = Piece(match.start(), match.start() + len(written), value, "spelled", "", "")
            yield Reading(piece.start, piece.end, value, (piece,))


def _stated(text: str) -> Iterator[Reading]:
    """Accounts with a mark within of which the text tells what it means."""
    for value, start, end in marked(text):
        yield Reading(start, end, value, (Piece(start, end, value, "stated", "", ""),))
