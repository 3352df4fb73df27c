"""Ways to reach somebody: telephone, WeChat, QQ, e-mail and web addresses, in whatever digits and marks they hide.

All functions read folded text (`core.text.fold_many`) and yield (kind, value, start, end) of it. Every pattern is
anchored on a mark that must be there (a digit, a label, an @), with bounded look around it: time grows with length only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from nlp.account_readings import PINYIN
from nlp.accounts import lettered_accounts, numbered_accounts, qq_numbers
from nlp.digits import FEWEST_DIGITS, JOINTS, LIKE_DIGIT, MOBILE, WORDS, Found, is_telephone
from nlp.links import LINK, find_links, find_mails
from nlp.number_readings import number_readings
from nlp.numerals import DIGIT_OF
from nlp.signs import AT, LETTER, QQ, Signs
from nlp.spelled_telephones import OPENED, spelled_telephones
from nlp.told_numbers import told_numbers

_BETWEEN, _LIKE_LETTERS = re.compile(r"[ .\-]"), re.compile("[oil]")
_FEWEST_REAL = 5  # real digits of a number with letters: with fewer it may be a word
_DIGIT = rf"(?:[0-9{WORDS}]|[loi](?=[ .\-]?[0-9{WORDS}])|(?<=[0-9{WORDS}])o|(?<=[0-9]o)o|(?<=[0-9]oo)o)"
# Where letters stand for digits (I58 27IO 6634), just a mobile number's eleven are one, and never the end of a bank card.
_LETTERED = re.compile(
    r"(?<![a-z0-9_])(?<![0-9][ .\-])(?=[0-9 .\-]{0,12}[oil])[1il](?:[0-9oil]{2}[ .\-]?[0-9oil]{4}[ .\-]?[0-9oil]{4}|[0-9oil]{3}[ .\-](?:[0-9oil]{4}[ .\-][0-9oil]{3}|[0-9oil]{3}[ .\-][0-9oil]{4}))(?![a-z0-9_@元块])"
)
_RUN = re.compile(rf"{_DIGIT}(?:{JOINTS}{_DIGIT}){{{FEWEST_DIGITS - 1},}}")
# What may stand before a number without being part of an identifier: "vx13800001111" is a label and a number.
_LABEL_LETTERS = re.compile(r"(?:^|[^a-z0-9_])(?:tel|vx?|wx|phone|mobile|mob|t|m|p|q{1,2})\s?$")
_LANDLINE = re.compile(r"(?:010|02\d)[2-8]\d{7}|0[3-9]\d{2}[2-8]\d{6,7}|[48]00\d{7}")
_LISTED = re.compile("[、,/|]")
_ADDRESS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_COUNTING = re.compile("[*×=#]")  # between factors, in a sum, before a number
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_YEARS = re.compile(r"20[0-3]\d[ \-]20[0-3]\d|20[0-3]\d-?[01]\d-?[0-3]\d")  # a school year, a day
_SUMMED = re.compile("[ ]?[元块万亿%人次条]")  # 拨款56000000元
_CODED = re.compile("[单编]号?[: ]?$")
_MOBILE_GROUPS = ([3, 4, 4], [3, 8])  # as everybody reads a mobile number out
_LOCALS = ((_LOCAL, 8), (_LOCAL, 7))
# By the first digit: which forms a number can have, and with how many digits.
_FORMS: dict[str, tuple[tuple[re.Pattern[str], int], ...]] = {
    "1": ((MOBILE, 11),), "0": ((_LANDLINE, 12), (_LANDLINE, 11)), "4": ((_LANDLINE, 10), *_LOCALS), "8": ((_LANDLINE, 10), *_LOCALS),
    **dict.fromkeys("23567", _LOCALS),
}  # fmt: skip
# Extensions have six digits at most; more of them, or money, is something else.
_EXTENSION = re.compile(r"[ ,(]?(?:转|分机号?|转分机|ext\.?)[ :]?[0-9]{1,6}(?![0-9.元块万千百折])")
_CALL = re.compile(
    r"(?:电话|座机|固话|热线|专线|咨询|(?<!采)询(?!价)|拨打?(?![款付出发])|致电|来电|电联|垂询|tel|☎|📞|📱)(?!会议|费|量|人数|次数|时间)[^0-9\n]{0,5}$"
)
_CALLED = re.compile(
    r"[ ]?(?:[(\[](?:是?我?[家们]?(?:办公室?|学校|店里?|单位|前台)?(?:座机|固话|电话)|tel)号?码?[)\],]|(?:座机|固话)(?![^\s,。;!?)]))"
)
# "区号0510再拨 8798 3361", "8798 3361(区号0510)"
_AREA_BEFORE = re.compile(
    r"(?<![小校园片])区号[ :是为]{0,2}(?P<area>0[1-9]\d{1,2})(?![0-9])[^0-9\n。;!?]{1,6}$"
)

_AROUND = 16  # characters before a number in which its area code is told: one clause
# Below two digits, spelled or not, and without a Latin letter there is neither a contact nor a price.
COUNTED = re.compile(r"[0-9a-z@零〇一二两三四五六七八九十百千万幺壹贰叁肆伍陆柒捌玖]")
# How QQ is written before a number of fewer figures than a telephone's.
QQ_MARKS = re.compile("[q扣抠蔻叩球秋🐧鹅群裙]")
PATTERNS = {"link": LINK, "call": OPENED}  # what opens each search


def find_contacts(text: str, signs: Signs) -> list[Found]:
    """All contacts in folded `text`; a stretch that one kind has claimed is not read as another."""
    kinds = signs.kinds
    found = _unclaimed(find_mails(text), text, []) if kinds & AT else []
    if "link" in signs.searches:
        found += _unclaimed(find_links(text), text, found)
    found += _numbers_of(text, signs, found)
    if kinds & LETTER or PINYIN in text:
        found += _unclaimed(lettered_accounts(text), text, found)
    return found


def _numbers_of(text: str, signs: Signs, found: list[Found]) -> list[Found]:
    """Numbers of QQ and telephones, and those that are WeChat accounts, too."""
    readings = number_readings(text) if signs.dialled or signs.kinds & QQ else []
    numbers = _unclaimed(qq_numbers(text, readings), text, found) if readings else []
    for find in _searches(signs):
        numbers += _unclaimed(find(text), text, found + numbers)
    if not readings and not numbers:
        return []
    return numbers + _unclaimed(numbered_accounts(text, readings, numbers), text, found)


def _searches(signs: Signs) -> tuple[Callable[[str], Iterator[Found]], ...]:
    """The searches for telephone numbers that may find one."""
    if signs.dialled:
        return told_numbers, spelled_telephones, _telephones, _lettered
    return (spelled_telephones,) if "call" in signs.searches else ()


def claimed(text: str, found: list[Found]) -> bytearray:
    """Which characters of the text belong to what was found, as 1."""
    taken = bytearray(len(text))
    for _, _, start, end in found:
        taken[start:end] = b"\x01" * (end - start)
    return taken


def _unclaimed(items: Iterable[Found], text: str, found: list[Found]) -> list[Found]:
    """Those that share no character with what was found before."""
    if not found:
        return list(items)
    taken = claimed(text, found)
    return [item for item in items if not any(taken[item[2] : item[3]])]


def _telephones(text: str) -> Iterator[Found]:
    for run in _RUN.finditer(text):
        for value, start, end in _numbers(text, run.start(), run.end()):
            if value[0] == "1":
                yield "phone", value, start, end
            else:
                yield _landline(text, value, start, end)


def _landline(text: str, value: str, start: int, end: int) -> Found:
    """A landline with its extension, and with an area code that is told apart from it."""
    told = _AREA_BEFORE.search(text[max(0, start - _AROUND) : start]) if _LOCAL.fullmatch(value) else None
    if told:
        start -= told.end() - told.start("area")
        value = told["area"] + value
    return "phone", value, start, _with_extension(text, end)


def _lettered(text: str) -> Iterator[Found]:
    """Mobile numbers with letters for digits that no run of digits shows."""
    for match in _LETTERED.finditer(text):
        plain = _BETWEEN.sub("", match[0])
        if is_telephone(plain) and len(_LIKE_LETTERS.sub("", plain)) >= _FEWEST_REAL:
            yield "phone", "".join(LIKE_DIGIT[character] for character in plain), *match.span()


def _with_extension(text: str, end: int) -> int:
    """Where a landline ends with its extension: the digits after 转 are no sum, and reach a person as well."""
    extension = _EXTENSION.match(text, end)
    return extension.end() if extension else end


def _numbers(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Telephone numbers in one run of digits and joints: each begins and ends where a group of digits does."""
    places = [place for place in range(start, end) if text[place] in LIKE_DIGIT]
    digits = "".join(LIKE_DIGIT[text[place]] for place in places)
    first, after_number = 0, True
    while first < len(digits):
        length = _length(text, places, digits, first, after_number)
        if length:
            yield digits[first : first + length], places[first], places[first + length - 1] + 1
        first += length or 1
        after_number = bool(length)


def _length(text: str, places: list[int], digits: str, first: int, after_number: bool) -> int:
    """How many digits the number that begins at digit `first` has; 0 when none does."""
    if not _begins(text, places, first, after_number):
        return 0
    for pattern, most in _FORMS.get(digits[first], ()):
        if first + most > len(digits) or not pattern.fullmatch(digits, first, first + most):
            continue
        if not _parted(text, places, first + most):
            continue
        inner = [
            text[left + 1 : right]
            for left, right in zip(
                places[first : first + most], places[first + 1 : first + most], strict=False
            )
        ]
        if _is_other(text, places[first : first + most], inner):
            continue
        outer = text[places[first - 1] + 1 : places[first]] if first else None
        if not after_number and outer in inner and not (first == 2 and digits.startswith("86")):
            continue  # the middle of a longer number that is written in groups, such as a bank card's
        if pattern is _LOCAL and not _is_local(
            text, places[first], places[first + most - 1] + 1, inner, after_number and first > 0
        ):
            continue
        return most
    return 0


def _is_other(text: str, places: list[int], inner: list[str]) -> bool:
    """Whether digits that could be a number's are a list, a sum, a machine's address, or run into the next word."""
    if _is_list(inner) or _is_sum(inner) or _is_machine(text, places):
        return True
    return inner[-1] != "" and _begins_word(text, places[-2], places[-1])


def _begins_word(text: str, before: int, last: int) -> bool:
    """Whether the last digit is a numeral behind figures with which a word begins: 183 7402 956, 一把5块."""
    worded = text[last] in DIGIT_OF and text[before] not in DIGIT_OF
    return worded and "\u4e00" <= text[last + 1 : last + 2] <= "\u9fff"


def _is_list(inner: list[str]) -> bool:
    """1、5、6、15、201 are buses: groups parted by stops have three digits at least in a telephone number."""
    if not any(_LISTED.search(joint) for joint in inner):
        return False
    sizes = sorted(map(len, "".join("," if joint else "0" for joint in inner).split(",")))  # less one each
    return sizes[1] < 2  # one group may be what is left over: 138/0000/111/1


def _is_sum(inner: list[str]) -> bool:
    """1380×1294×770 is a box and 13+5=18 a sum: with such marks a number has the groups of a mobile one."""
    if not any(_COUNTING.search(joint) for joint in inner):
        return False
    groups = "".join("0," if joint else "0" for joint in inner) + "0"
    return list(map(len, groups.split(","))) not in _MOBILE_GROUPS


def _is_machine(text: str, places: list[int]) -> bool:
    """An address of the net (139.196.12.123), or a processor whose i would count as a 1 (i5-12400 3060 16g)."""
    if text[places[0]] in "il" and places[2] - places[0] > 2:
        return True
    return bool(_ADDRESS.fullmatch(text, places[0], places[-1] + 1))


def _begins(text: str, places: list[int], first: int, after_number: bool) -> bool:
    if first:
        return after_number or _parted(text, places, first) or _is_prefix(text, places, first)
    before = text[max(0, places[0] - 8) : places[0]]
    return not before or not re.match("[a-z0-9_]", before[-1]) or bool(_LABEL_LETTERS.search(before))


def _is_prefix(text: str, places: list[int], first: int) -> bool:
    return first == 2 and text[places[0] : places[1] + 1] == "86"  # the country's code


def _parted(text: str, places: list[int], index: int) -> bool:
    """Whether a group of digits ends before digit `index`: by a mark, by another way of writing, or by the end."""
    if index >= len(places):
        return text[places[-1] + 1 : places[-1] + 2] != "@"
    left, right = places[index - 1], places[index]
    return right - left > 1 or (text[left] in DIGIT_OF) != (text[right] in DIGIT_OF)


def _is_local(text: str, start: int, end: int, inner: list[str], follows: bool) -> bool:
    """Seven or eight digits are a number without area code only after a word of calling, or after another number."""
    if any(joint not in ("", "-", " ") for joint in inner) or _YEARS.fullmatch(text, start, end):
        return False
    if _SUMMED.match(text, end) or _CODED.search(text[max(0, start - 4) : start]):
        return False
    return follows or bool(_CALL.search(text[max(0, start - 12) : start]) or _CALLED.match(text, end))
