"""WeChat accounts of which each part stands by itself: lily 2020, w·e·n·8, ma—lao—shi."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.digits import is_telephone
from nlp.scan import scan
from nlp.wechat_labels import GAP, NAMED, OWNER, WECHAT
from nlp.wechat_marks import tells_of_marks, told_marks
from nlp.wechat_names import BLACKED_OUT, ENGLISH, GOODS, LONGEST, PRICE_OR_YEAR, SHORTEST

Account = tuple[str, int, int]

MOST_DIGITS = 6  # of an account; more of them are a telephone number
# An account whose parts stand apart: they end in digits, of which a telephone number or a year's fee has others behind it.
_GROUPED = rf"(?:{WECHAT}|{NAMED}){GAP}"  # long: compiled when a text first needs it
_GROUPS = re.compile(
    r"[a-z][a-z0-9_]{0,9}(?:(?:[ .]|[·•~*丨丶|]{1,2}|[\U0001f300-\U0001faff]️?|—{1,2}|--)[a-z0-9_]{1,10}){1,19}(?![a-z0-9_\-@%]|\.[0-9]|[ .]?(?!qq|tel|vx?[: ])[a-z])"
    r"(?![ ]?[元块/年月日号天节次小时个分岁级度位人课对折米起左一每两半班群楼栋期名套本室])"
)
_FIGURE = re.compile("[0-9_]")  # words alone may be a list of them: 💚green💚tea
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_ONE_LETTER = re.compile(r"[vw]\W*$")  # a name in a dialogue, a word's kind
PARTS = re.compile("[ .]|[·•~*丨丶|]{1,2}|[\U0001f300-\U0001faff]️?|—{1,2}|--?")
# Marks that nobody puts between words or figures: what they part behind a label need not end in digits.
_ODD = re.compile("[·•~*丨丶|—\U0001f300-\U0001faff]|--")
_ORDINARY = re.compile("[ .]")
# What only Chinese names and initials are made of: fu sheng zc. English words are seldom.
_SPELLED = re.compile(
    "(?:(?:[zcs]h|[bpmfdtnlgkhjqxzcsryw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|ue|er|[aoeiuv]))+"
    "|[b-df-hj-np-tv-z]{1,4}"
)
_CLOSES = re.compile(r"[ ]?(?:[,。!?;)\n]|$|备注)")
# The same before its label: huiwen—5209(vx, 破折号不要).
_OWNED = re.compile(
    rf"(?<![a-z0-9_\-.@/])(?P<id>[a-z](?: [a-z0-9_]){{5,19}}|[a-z][a-z0-9_]{{1,9}}(?:(?:[·•~*丨丶|]|—{{1,2}}|--)[a-z0-9_]{{1,10}}){{1,9}})[ ]?[(\[]?(?:这?是|我的?){{0,2}}{OWNER}(?![a-z0-9])"
)


def grouped(text: str) -> Iterator[Account]:
    """Accounts of which each part stands by itself."""
    for label in scan(_GROUPED).finditer(text):
        found = _GROUPS.match(text, label.end())
        if found and not _is_versus(text, label) and _is_grouped(text, label, found):
            yield PARTS.sub("", found[0]), *found.span()
    for owned in _OWNED.finditer(text):
        parts = PARTS.split(owned["id"])
        single = max(map(len, parts)) == 1 and "".join(parts) not in _ALPHABET
        if single or are_oddly_parted(owned["id"]) or tells_of_marks(text, owned.end()):
            yield PARTS.sub("", owned["id"]), *owned.span("id")


def _is_grouped(text: str, label: re.Match[str], found: re.Match[str]) -> bool:
    parts = PARTS.split(found[0])
    if is_account(parts, " " not in found[0]):
        return True
    sure = ":" in label[0] or _FIGURE.search(found[0]) or told_marks(text, found.end())
    if sure and are_oddly_parted(found[0]):
        return True
    if tells_of_marks(text, found.end()) and SHORTEST <= sum(map(len, parts)) <= LONGEST:
        return not is_telephone("".join(parts))
    told = ":" in label[0] and not _ONE_LETTER.match(label[0]) and bool(_CLOSES.match(text, found.end()))
    return told and _are_spelled(parts)


def _are_spelled(parts: list[str]) -> bool:
    """Syllables and initials with blanks between them: fu sheng zc."""
    joined = "".join(parts)
    if joined.startswith("wei") or joined.endswith("wei"):
        return False  # how the label itself is said
    return (
        SHORTEST <= len(joined) <= LONGEST
        and all(map(_SPELLED.fullmatch, parts))
        and ENGLISH.isdisjoint((*parts, joined))
    )


def are_oddly_parted(written: str) -> bool:
    """Whether no words and no figures would be parted so: xuewei——520——a, zk丨yuwen丨2009."""
    parts = PARTS.split(written)
    joined = "".join(parts)
    if not SHORTEST <= len(joined) <= LONGEST or BLACKED_OUT in joined or is_telephone(joined):
        return False
    odd = bool(_ODD.search(written)) and not _ORDINARY.search(written)
    if len(parts[0]) >= SHORTEST and len(set(_ODD.findall(written))) * 2 > len(parts) - 1:
        return False  # lily2020|200: an account, and what follows it
    words = ENGLISH | GOODS
    return odd and (words.isdisjoint(parts) or (parts[-1].isdigit() and not words.issuperset(parts[:-1])))


def _is_versus(text: str, label: re.Match[str]) -> bool:
    """The v within English, or between two teams: one by itself is a label at the head of a clause only."""
    before = text[max(0, label.start() - 2) : label.start()]
    if label[0].strip() == "v":
        return bool(re.search(r"[\w)] ?$", before)) and not before.endswith(("加", "我"))
    return bool(re.search("[a-z0-9] ?$", before))


def is_account(parts: list[str], marked: bool) -> bool:
    """Letters, then digits; ordinary English, a version, a name with a telephone number or a price are none.

    `marked`: dots or stars part them, which nobody puts into a sum; blanks may be typing.
    """
    joined = "".join(parts)
    if not SHORTEST <= len(joined) <= LONGEST or BLACKED_OUT in joined or is_telephone(joined):
        return False
    if max(map(len, parts)) == 1:
        return joined not in _ALPHABET
    if not joined[-1].isdigit():
        return False
    letters = [part for part in parts if not part.isdigit()]
    numbers = parts[len(letters) :]
    if parts[: len(letters)] != letters or not ENGLISH.isdisjoint(parts) or _are_goods(letters, numbers):
        return False
    return _are_digits_of_account(letters, numbers, marked)


def _are_goods(letters: list[str], numbers: list[str]) -> bool:
    """Goods with their model, year or price, or any two figures of which the last can be a price (mate 60 5999)."""
    if not numbers:
        return False
    sizes = set(map(len, numbers))
    if len(numbers) > 1 and (len(sizes) > 1 or (max(sizes) > 2 and PRICE_OR_YEAR.fullmatch(numbers[-1]))):
        return True  # 88 66 is one number in groups alike, 12 1899 are two
    names = {part.rstrip("0123456789") for part in letters}
    return not GOODS.isdisjoint(names) and bool(PRICE_OR_YEAR.fullmatch(numbers[-1]))


def _are_digits_of_account(letters: list[str], numbers: list[str], marked: bool) -> bool:
    """Whether the digits behind the letters can be no telephone number and no sum; four and more are dearer than a lesson."""
    digits = "".join(numbers)
    if len(digits) > MOST_DIGITS:
        return False
    if len(letters[0]) >= SHORTEST:  # is an account by itself, unless what follows can be no sum
        return letters[0].isalpha() and (marked or len(digits) >= 4) and not digits.endswith("00")
    if digits.endswith("00") or (len(digits) < 4 and digits.endswith("0") and digits != "520"):
        return False  # a round sum; 520 is how lovers write
    figures = re.sub("[^0-9]", "", "".join((*letters, digits)))
    return len(figures) >= 2 and not (marked and len(numbers) > 1)
