"""Marks in a WeChat account of which the writer says what they mean, or that they go."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from core.pattern import late
from nlp.digits import PICTURES, WORDS
from nlp.numerals import DIGIT_OF
from nlp.wechat_names import LONGEST, SHORTEST

_HAN = late("[\u4e00-\u9fff]")
_NEAR = 40  # characters before what is told of a mark in which the account stands
_MOST_STATED = 5  # marks that are looked for: each makes a pattern of its own, and nobody tells of so many
_FOREIGN = late(r"[^a-z0-9_\-]")
# A mark in the account that the writer says is not part of it: "think-er88, 中间那杠不要", "a-b-c-1-2-3去掉杠".
_MARK = r"(?:下划线|[横短小]?[杠线]|减号|破折号|[小圆两]?点点?|[丶、]|符号|星号)"
_FILLED = "(?:请|记得|自行|自己|把|中间|里面|当中|[那这条根个道的些])"
_LEFT_OUT = "(?:不[要用写打输](?![漏忘少掉丢错闲])打?|去掉?|删掉?|拿掉|忽略|略去?|省略|不算)"
_WITHOUT = late(
    rf"[ ,。;(]{{0,2}}{_FILLED}{{0,5}}(?:{_MARK}[都全是要]{{0,2}}{_LEFT_OUT}|{_LEFT_OUT}{_FILLED}{{0,4}}{_MARK})"
)
# Of blanks: they part nothing.
_TOGETHER = late(
    r"[ ,。;(]{0,2}(?:记得|请|中间|里面|的){0,2}(?:[没无]有?空格|空格(?:不算|去掉|不要|吃掉|删)|(?:全部|都)?连(?:起来|[着在]|写|打))"
)

# What a character stands for: "O是零", "丶是下划线", "1是字母l", "中间是数字0不是字母o".
_MEANINGS = {**DIGIT_OF, "下划线": "_"}
_MEANS = rf"下划线|[横短小]?[杠线]|减号|[0-9a-z{WORDS}](?![0-9{WORDS}]|(?![不哈啊哦])[\u4e00-\u9fff])"
_SAYS = late(
    rf"[ ,。;、(]{{0,2}}(?:其中|注意|中间|里面)?(?:的)?[“\"]?(?P<mark>[a-z0-9丶丨·~*|]|[{PICTURES}])[”\"]?(?:就?是|=|代表|换成|改成|读|打成?)(?:数字|字母|英文|小写的?)?[“\"]?(?P<means>{_MEANS})"
)

_DOT_MEANS = late(
    r"[ ,。;(]{0,2}(?:那个|把|中间的?|里面的?){0,2}(?:[小圆]?点|顿号|符号)(?:换成|改成|是|=)下划线"
)

_BLANK_MEANS = late(r"[ ,。;(]{0,2}(?:中间的?|把)?空格(?:换成|改成|是|=|就是)下划线")
# A mark that stands in the account between its letters, whatever it is: 乚是下划线, 乄不要, 喵不打.
_STATED = late(
    r"[(,。;][ ]?[“\"]?(?P<mark>[^a-z0-9\s(),。:;!?“”\"])[”\"]?(?:(?:就?是|=|代表|换成|改成)(?P<means>下划线|[横短小]?[杠线]|减号)|不[打要写用输]|去掉|删掉?)"
)


def told_marks(text: str, end: int) -> dict[str, str]:
    """What is said right behind an account that ends there: which character stands for which, empty where nothing is."""
    told = {}
    if _DOT_MEANS.match(text, end):
        return dict.fromkeys("丶.·•、", "_")
    if _BLANK_MEANS.match(text, end):
        return {" ": "_"}
    while says := _SAYS.match(text, end):
        means = says["means"]
        told[says["mark"]] = _MEANINGS.get(means, means if len(means) == 1 and means.isascii() else "-")
        end = says.end()
    return told


def as_told(text: str, account: str, start: int, end: int) -> str:
    """The account as the text behind it says that it is to be read."""
    told = told_marks(text, end)
    if not told:
        return without_mark(text, account, end)
    written = text[start:end]
    for mark, means in told.items():
        # A letter told as a digit is one among digits: the o of pengyou2o46 that stands in 2o46.
        among = mark.isalpha() and means.isdigit()
        pattern = rf"(?<=[0-9]){mark}|{mark}(?=[0-9])" if among else re.escape(mark)
        written = re.sub(pattern, means, written)
    return _FOREIGN.sub("", written)


def without_mark(text: str, account: str, end: int) -> str:
    """The account without the mark of which the text behind it says that it must go."""
    said = _WITHOUT.match(text, end)
    if not said:
        return account
    plain = account.replace("_" if "下划线" in said[0] else "-", "")
    return plain if len(plain) >= SHORTEST else account


def tells_that_marks_go(text: str, end: int) -> bool:
    """Whether the text goes on that a mark in what ends there is to be left out."""
    return bool(_WITHOUT.match(text, end))


def tells_of_marks(text: str, end: int) -> bool:
    """Whether the text goes on about marks or blanks in what ends there."""
    return bool(tells_that_marks_go(text, end) or _TOGETHER.match(text, end) or told_marks(text, end))


# An account is told once more, in full: 全拼连写 huidushu, tina石牌不对, 是 tina_shipai.
_AGAIN = late(r"(?:连起来写?|连写|合起来|没有点|全拼|(?:不对|[错不])[!,。?]{0,2})[ :就是,]{0,4}$")
_LETTER = late("[a-z]")
_FAR = 30  # characters before it in which its pieces stand


def begin_of_pieces(text: str, start: int) -> int:
    """Where what comes to the account at `start` begins: the pieces before it are its own, and are masked with it."""
    first = max(0, start - _FAR, text.rfind("\n", 0, start) + 1)
    piece = _LETTER.search(text, first, start) if _AGAIN.search(text, first, start) else None
    return piece.start() if piece else start


def marked(text: str) -> Iterator[tuple[str, int, int]]:
    """What would be accounts if the mark between their letters is read as told behind them: shuxue乚you(乚是下划线)."""
    for stated in itertools.islice(_STATED.finditer(text), _MOST_STATED):
        if not stated["means"] and _HAN.match(stated["mark"]) and stated[0][0] != "(":
            continue  # word我excel你,我不用ppt
        mark = re.escape(stated["mark"])
        runs = re.compile(
            rf"(?<![a-z0-9_])[a-z][a-z0-9_]{{0,15}}(?:{mark}[a-z0-9_]{{1,15}}){{1,9}}(?![a-z0-9_])"
        )
        means = "" if not stated["means"] else "_" if stated["means"] == "下划线" else "-"
        for run in runs.finditer(text, max(0, stated.start() - _NEAR), stated.start()):
            account = run[0].replace(stated["mark"], means)
            if SHORTEST <= len(account) <= LONGEST:
                yield account, *run.span()
