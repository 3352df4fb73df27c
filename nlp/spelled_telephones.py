"""Mobile numbers whose figures are told by their sound, in other scripts or words, or with something put between them.

要三久 流四期 要 把把舞儿, yi ba ling liu ..., one five zero ..., 180《8560》《3192》, a figure a line, read backwards. Eleven
figures that begin as a mobile number does hardly ever come together by chance, so the joints may be wide; but a run that
could go on is none: the figures of a bank card, of a list or of a sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise, takewhile

from core.pattern import late
from nlp.digits import JOINTS, LIKE_DIGIT, MOBILE, RARE_DIGITS, Found
from nlp.numerals import DIGIT_OF
from nlp.sounds import sounds_of_characters

DIGITS = 11
MOST_WORDS = (
    4  # before a number that sound like figures (就懂): a clause has no more, and each is one more try
)
# What people write who sound a figure out: its reading, the army's, and what is nearly the same.
SYLLABLES = {
    "ling": "0", "dong": "0", "yi": "1", "yao": "1", "er": "2", "liang": "2", "san": "3", "shan": "3", "si": "4", "wu": "5",
    "liu": "6", "qi": "7", "guai": "7", "ba": "8", "jiu": "9", "gou": "9",
}  # fmt: skip
_ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_LATIN = {
    **SYLLABLES, **{word: str(place) for place, word in enumerate(_ENGLISH)},
    **{word: str(place) for place, word in enumerate(_ROMAN, start=1)},
    "oh": "0", "o": "0", "〇": "0", "零": "0", "l": "1", "a": "1",
}  # fmt: skip
_HEARD = {one: SYLLABLES[sound] for one, sound in sounds_of_characters().items() if sound in SYLLABLES}
_WRITTEN = {
    **{digit: digit for digit in "0123456789"},
    **DIGIT_OF,
    "勾": "9",
    "弌": "1",
    "弍": "2",
    "弎": "3",
}
FIGURES = {**_HEARD, **_WRITTEN}
_SURE = "".join(_WRITTEN)
_ANY = "".join(FIGURES)

# Between two figures: what is said to go, a word or two in brackets, a word that leads on, or marks and line ends.
_JOINT = (
    rf"(?:-[^\d\n\-{_SURE}]{{1,4}}-|[ ]?[(\[【《][^()\[\]【】《》\d\n{_SURE}]{{1,3}}[)\]】》][ ]?"
    r"|[,、 ]{0,2}(?:然后|再|接|加|跟|的|后面|再后面|最后|下半截)[是: ]{0,2}|[^\w。;!?@%¥☎☏📞📱📲]{0,4})"
)
_BETWEEN = late(_JOINT)
# 四个5, 二十五 for 25.
_FIGURE = f"[{_ANY}](?:十[{_ANY}]?|个[{_ANY}])?"
_RUN = late(f"{_FIGURE}(?:{_JOINT}{_FIGURE}){{6,}}")
_PART = late(
    f"(?P<tens>[二三四五六七八九]十[一二三四五六七八九]?)|(?P<times>[两三四五六2-6]个[{_ANY}])|[{_ANY}]"
)
_WORD = f"(?:{'|'.join(sorted(_LATIN, key=len, reverse=True))}|[0-9])"
_WORDS = late(rf"(?<![a-z0-9]){_WORD}(?:[^\w。;!?@%]{{1,3}}{_WORD}){{{DIGITS - 1}}}(?![a-z0-9])")
_ONE_WORD = late(_WORD)
# Figures among letters that are to be taken away (eleven with four letters at least: fewer are a slip; with one or two behind
# each at most), and figures that are to be read from their end.
_AMONG_LETTERS = late(r"(?<![a-z0-9])[0-9a-z]{15,30}(?![a-z0-9])")
_TAKEN_AWAY = late(
    "(?:去|拿|删|除)掉?[^,。;!?\n]{0,8}字母|字母[^,。;!?\n]{0,6}(?:去|拿|删|除|不要|没用|忽略|无视)"
)
_BACKWARDS = late("倒(?:着|过来|序|读|念)|反着|反过来|从右(?:往|到|向)左|从后往前")
_ELEVEN = late(r"(?<![0-9a-z])[0-9](?:[ \-]?[0-9]){10}(?![0-9])")
_LETTER = late("[a-z]")
_NOT_FIGURE = late("[^0-9]")

# What is sounded out or stands far apart is a number where somebody is to call.
CALL = late("电话|手机|号|联系|[拨打☎☏📞📱📲]|致电|来电|tel|call|phone|mobile|微信|加我|咨询|电[:：]")
# A text that is not dialled is looked at where it holds this: words are sure enough without a call.
_ENGLISH_SURE = late("zero|seven|eight|nine")  # few numbers have none of them
OPENED = late(f"{CALL.pattern}|{_ENGLISH_SURE.pattern}")
_CALL_BEFORE, _CALL_BEHIND = 24, 14  # characters: a clause and its label, half a clause
_CODED = late("密码|订单|单号|取件|卡号|身份证|尾号|口令|验证码|会议号|编号|学号")
_PLAIN_JOINT = late(r"[ ,.\-·、|/]{0,2}")
_LISTED = late("[、,*×=#+]")
_KNOWN_JOINT = late(JOINTS)


def spelled_telephones(text: str) -> Iterator[Found]:
    """(phone, digits, start, end) of the mobile numbers that a folded text spells out."""
    yield from _runs(text)
    yield from _in_words(text)
    if "字母" in text and _TAKEN_AWAY.search(text):
        for match in _AMONG_LETTERS.finditer(text):
            yield from _if_mobile(_LETTER.sub("", match[0]), *match.span())
    if _BACKWARDS.search(text):
        for match in _ELEVEN.finditer(text):
            yield from _if_mobile(_NOT_FIGURE.sub("", match[0])[::-1], *match.span())


def _if_mobile(digits: str, start: int, end: int) -> Iterator[Found]:
    if MOBILE.fullmatch(digits):
        yield "phone", digits, start, end


def _runs(text: str) -> Iterator[Found]:
    for run in _RUN.finditer(text):
        parts = _parts(text, *run.span())
        number = _number(parts)
        if not number or _goes_on(text, number[0].start(), number[-1].end()):
            continue
        joints = [text[one.end() : other.start()] for one, other in pairwise(number)]
        start, end = number[0].start(), number[-1].end()
        if _is_sure(number, joints) or (not _is_known(number, joints) and _is_called(text, start, end)):
            yield "phone", _digits(number), start, end


def _number(parts: list[re.Match[str]]) -> list[re.Match[str]]:
    """The figures of a run that are a mobile number, none if they are not: beside them only words that sound so.

    懂:医吧凌...: it rather begins behind a mark.
    """
    ahead = len(list(takewhile(_is_heard, parts[:MOST_WORDS])))
    for first in sorted(range(ahead + 1), key=lambda first: _is_joined(parts, first)):
        sizes = accumulate(len(_told(part)) for part in parts[first:])
        last = first + 1 + sum(1 for _ in takewhile(DIGITS.__gt__, sizes))
        window = parts[first:last]
        if MOBILE.fullmatch(_digits(window)) and all(map(_is_heard, parts[last:])):
            return window
    return []


def _is_joined(parts: list[re.Match[str]], place: int) -> bool:
    """Whether a figure stands right behind another."""
    return 0 < place < len(parts) and parts[place - 1].end() == parts[place].start()


def _in_words(text: str) -> Iterator[Found]:
    for match in _WORDS.finditer(text):
        words = _ONE_WORD.findall(match[0])
        is_sure = _ENGLISH_SURE.search(match[0]) or _is_called(text, *match.span())
        if is_sure and not all(map(str.isdigit, words)):
            yield from _if_mobile("".join(_LATIN.get(word, word) for word in words), *match.span())


def _parts(text: str, start: int, end: int) -> list[re.Match[str]]:
    """The figures of a run, without what stands between them."""
    found: list[re.Match[str]] = []
    while start < end and (part := _PART.match(text, start, end)):
        found.append(part)
        joint = _BETWEEN.match(text, part.end(), end)
        start = joint.end() if joint else end
    return found


def _is_heard(part: re.Match[str]) -> bool:
    """Whether it is a figure by its sound alone."""
    return len(part[0]) == 1 and part[0] not in _SURE


def _digits(parts: list[re.Match[str]]) -> str:
    return "".join(map(_told, parts))


def _told(part: re.Match[str]) -> str:
    """The digits of a part of a run."""
    written = part[0]
    if part.lastgroup == "tens":
        return FIGURES[written[0]] + (FIGURES[written[2]] if len(written) > 2 else "0")
    if part.lastgroup == "times":
        return FIGURES[written[2]] * int(FIGURES[written[0]])
    return FIGURES[written]


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether more figures or letters stand right beside it."""
    return bool(
        re.match("[a-z0-9_@%元块]", text[end : end + 1])
        or re.match("[a-z0-9_]", text[max(0, start - 1) : start])
    )


def _is_known(parts: list[re.Match[str]], joints: list[str]) -> bool:
    """Whether `nlp.contacts` reads it, who knows cards, sums and lists."""
    if all(joints) and not any(map(_LISTED.search, joints)):
        return False  # 1/3/8/7: a figure each
    return all(part[0] in LIKE_DIGIT for part in parts) and all(map(_KNOWN_JOINT.fullmatch, joints))


def _is_sure(parts: list[re.Match[str]], joints: list[str]) -> bool:
    """Whether figures that seldom stand for any (勾) are joined as numbers are."""
    written = [part[0] for part in parts]
    is_rare = any(figure in RARE_DIGITS for figure in written)
    return is_rare and not any(map(_is_heard, parts)) and all(map(_PLAIN_JOINT.fullmatch, joints))


def _is_called(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - _CALL_BEFORE) : start]
    behind = text[end : end + _CALL_BEHIND]
    return bool(CALL.search(before) or CALL.search(behind)) and not _CODED.search(before[-10:])
