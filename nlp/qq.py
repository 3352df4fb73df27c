"""QQ numbers: behind a label, in whatever marks or groups, and behind a few words.

A plain number is read from its label; one whose groups stand apart, from its digits: runs of them are few, and what
stands before one is looked at in a bounded stretch. Both know the same labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from nlp.digits import FEWEST_DIGITS, LIKE_DIGIT, MOBILE, MOST_JOINTS, PICTURES, WORDS
from nlp.numerals import DIGIT_OF
from nlp.scan import Scan
from nlp.wechat_labels import WECHAT

Number = tuple[str, int, int]  # its digits, and where they stand

_JOINT = rf"[ \t\-.·•・~_*+、,/|\u2010-\u2015{PICTURES}]"
_DIGIT = rf"(?:[0-9{WORDS}]|o(?=[ \-.]?[0-9o]))"
_MOST_DIGITS = (
    11  # Tencent has given no longer ones; those below FEWEST_DIGITS are old and never handed out in groups
)
_LARGEST_GROUP = 4  # digits of a group between stops; five and more are a number by themselves
_RUN = re.compile(rf"[0-9{WORDS}](?:{_JOINT}{{0,{MOST_JOINTS}}}{_DIGIT}){{{FEWEST_DIGITS - 1},}}")
_GROUP = re.compile(rf"[0-9o]+|[{WORDS}]+")
_NO_MARK = re.compile(rf"[ \t0-9o{WORDS}{PICTURES}]+")
_LISTING = re.compile("[、/|]")
# What counts or measures: the figures before it are no part of a number; those of 一对一 and 50000人 are not even where
# nothing parts them from one.
_TOGETHER = r"(?<=[1一])对[1一多]|(?<=000)人"
_SUM = re.compile(rf"[ ]?[%元块万]|年|{_TOGETHER}")
# Behind one figure 天天, 节假日, 对接 and 人工 begin a word, 9月底 does not: the month is counted.
_COUNTED_THINGS = (
    r"(?:[岁月米折斤度]|人(?![人工事在])|天(?![天猫])|节(?![假前后日目])|对(?=[ ]?[0-9一二三四多]))"
)
_COUNTED = re.compile(_COUNTED_THINGS)
# These may begin another word as well (期待, 本人): there nobody can tell where the number ends.
_UNSURE = re.compile("[日号次小时个分级位课班群楼栋期名套本点只张份]")
_HAN = re.compile("[\u4e00-\u9fff]")
_TELEPHONE = re.compile(rf"{MOBILE.pattern}|[48]00\d{{7}}|0\d*")
_OTHER = re.compile(
    rf"{_TELEPHONE.pattern}|20[0-3]\d(?:0[1-9]|1[0-2])[0-3]\d|12345678?9?0?"
)  # and days, and who counts

# The names of QQ, one list for both ways of reading.
_NAMES = r"(?<![a-z0-9])q(?:[ .·\-]?q|[^\w\s]q|扣|[群裙])|扣q|扣[^\w\s]扣|扣扣|扣wo(?=[ ]?:)|叩(?=[ ]?:)|口口(?=[ ]?:)|qiuqiu|裙号(?=[ :]{1,2}[1-9])|(?<=[的意])扣我(?=[ ]?:?[1-9])|丘丘|求求(?=[群号])|[一二三四五六1-6]号群(?=[ ]?:[ ]?(?!20[0-3][0-9][01])(?:[1-9][0-9]{2,4} [0-9]{3} ?[0-9]{2,4}|[1-9][0-9]{7,9}(?![0-9]|[ ]?[条个人元]))|[ ]?:[零〇一二三四五六七八九]{8,10})|抠抠|蔻蔻|叩叩|球球|秋秋|企[^\w\s]?鹅|🐧|(?<![天企白])鹅[群号](?=[ :]{0,2}[1-9][0-9]{6})|扣群主?"
_LABEL = rf"(?:{_NAMES}|(?<![a-z0-9])q(?:我|号码?|(?=[也都][可行])|(?=[^\w\s]|[ ]))|群聊?号码?)"
# What stands between the label and its number; more of it before seven digits than before five, which may be a count.
_GAP = rf"[五六七八九十]位数?(?=[ ]?:)|[ ]?[/和与同][ ]?[vw微薇](?=[: 同都])|\*(?=[0-9]\*)|[ \t:=→‖>(\[【.,\-_!‼{PICTURES}]|[群裙]?号码?|扣?[群裙]主?|扣|[是为加我]|也是|都是(?=[ :])|就是(?=[她他我]|[ ]?:)(?:[她他我]的?)?|联系|咨询|同号|同步|同(?={WECHAT})|{WECHAT}|[/和与]|[(\[](?![^)\]]{{0,7}}(?:话|机|热线|单|卡|会议))[\u4e00-\u9fff]{{2,8}}[)\]]"
_FILLING = rf"(?:{_GAP}|[“\"'、]|[找留发写的吧呀哦]|[就都]是|[也都](?:可以?|行)|一个号|[1-9一二三四](?=[群:])|[(\[][1-9一二三四][)\]])"
# “QQ名字叫小助手，号是”: a name may say anything, but what follows it says that a number comes.
_NAMED = r"名?(?:名字?|名称|昵称|叫)[^0-9\n。;!?]{1,14}号码?[是为]?[: ]{0,2}"
_LABELLED = re.compile(rf"{_LABEL}(?:{_FILLING}{{0,6}}|{_NAMED})$")
# A letter or 扣 alone right before the number, as a label at the head of a clause or after who is asked.
_BARE = re.compile(
    rf"(?:(?<![a-z0-9])q|(?<![\u4e00-\u9fff])扣号?[ ]?:)[ ]?$|(?<![折纽回暗搭克锁带倒环])扣[ :!‼♡{PICTURES}]{{1,4}}$"
)
# A group that one joins (进裙 7714 0092 5): the call alone may stand before a date or prices, so more digits are asked for.
_JOINING, _FEWEST_JOINED = re.compile(r"(?<=[加进入])[群裙][ :]{0,2}$"), 8
# Digits in groups behind 扣 by which somebody is called: prices side by side have fewer.
_FEWEST_ALONE, _NEVER = 9, _MOST_DIGITS + 1
_YEAR = re.compile(r"20[0-3]\d")
_BEHIND = 28  # characters of a label and its filling
_ELSEWHERE = re.compile(
    "钉|飞书|企业?微信?|yy|抖音|快手|会议|战队|公会|电话|手机|座机|热线|tel|单号|订单|卡号"
)
_THEIRS = re.compile(r"[ ]?[(\[,]?[是在用]?(?:钉|飞书|企业?微信?|抖音|快手)")
MARKS = re.compile("[q扣抠蔻叩球秋🐧鹅群裙]")


# 扣 alone is a label at the head of a clause and before a colon; 扣:500000 is a fine. Elsewhere it takes seven digits parted
# one by one, as no sum is and no 扣1 扣2 of an audience, or eight together that are no day (20260815), or formal numerals.
_NUMERALS = WORDS + "参"  # 參 is the formal 3, too, and is folded to the word of 参加
_PARTED = rf"[1-9{WORDS}](?:[ _\-.·•~*+][0-9{WORDS}]){{6}}"
# A group that one joins, before eight to ten digits that are no day; a suit's skirt (加裙) is its homophone.
_JOINED = r"(?:(?<=[加进入单教长流职一二三四1-9])|(?<![\u4e00-\u9fffa-z]))[群裙](?=聊?号?码?[ :是]{0,3}(?!20[0-3][0-9][01][0-9][0-3][0-9](?![0-9]))[1-9][0-9]{7,9}(?![0-9]|[ ]?[人只头条匹个]))|(?<![人牛羊马鸟鱼])群(?=[ ]?:[ ]?(?!123456)[1-9][0-9]{8,9}(?![0-9元块万]))"
_PLAIN_LABEL = rf"(?:{_NAMES}|{_JOINED}|(?<![a-z0-9])q(?=[ :号是]{{0,3}}[1-9\d壹贰叁肆伍陆柒捌玖]|[ ]?[/和与同][ ]?[vw微薇][: 同都])|[加+➕]\s?q|(?<=[加+➕])扣|(?<=或)扣(?=[1-9][0-9]{{7,9}}(?![0-9元块]))|(?<![\u4e00-\u9fff])扣号(?=[ :是]{{0,3}}[{WORDS}]{{7}})|(?<![\u4e00-\u9fff])扣(?=号?[ ]?:[ ]?(?![1-9][0-9]?0{{4,}}(?![0-9]))[1-9][0-9]{{5}})|(?<![折纽回暗搭克锁带倒环])扣(?=(?:群主|群|我|号|[ :❗!]){{0,3}}{_PARTED})|(?<![\u4e00-\u9fff])扣(?=[号我]?[ :❗!]{{0,2}}(?:(?![0-9]{{0,9}}0{{4}}|20[0-9]{{6}}(?![0-9]))[1-9][0-9]{{7,9}}(?![0-9])|[壹贰叁肆伍陆柒捌玖][0-9{WORDS}]{{6}})))"
# 12345678 三缺一: a numeral behind digits that goes on as a word does is not the number's.
_BEGUN = r"(?:(?<=[0-9][一二两三四五六七八九])|(?<=[0-9][ \-][一二两三四五六七八九]))[\u4e00-\u9fff]"
# Digits that stand apart may count what follows: one or two of them, or some hundreds behind a whole number (12345678 100人).
_APART = rf"(?:(?<=[ \-][0-9])|(?<=[ \-][0-9]{{2}})|(?<=[0-9{WORDS}]{{5}}[ \-][0-9]{{3}})|(?<=[0-9{WORDS}]{{5}}[ \-][0-9]{{4}})|(?<=[ \-][0-9][ \-][0-9]{{3}}))"
_PLAIN = re.compile(
    rf"{_PLAIN_LABEL}(?:{_GAP}){{0,6}}(?P<number>[1-9{_NUMERALS}](?:(?:[_.·•~*+][0-9{_NUMERALS}]){{5,10}}(?![_.·•~*+][0-9])|(?:[ \-]?[0-9{_NUMERALS}]){{4,10}}))(?![0-9@%元块年万]|\.[0-9a-z]|{_TOGETHER}|{_APART}{_COUNTED_THINGS}|{_BEGUN})"
)
# A number whose label stands behind it: 391746208(扣扣群).
_OWNED = re.compile(
    rf"(?<![0-9a-z.@_\-])(?P<number>[1-9][0-9]{{5,10}})(?:[ ]?[(\[]是?(?:{_NAMES})(?:群?号码?|群|同号)?[)\]]|是(?:我的?)?(?:{_NAMES})(?:号|群))"
)
_BETWEEN = re.compile(r"[_.·•~*+]")  # the same between all digits, or two numbers
_VALUES = {**LIKE_DIGIT, "参": "3"}
# Both have so many figures; most texts with a label's character have none (群 stands in many), and the labels are dear.
_FIGURES = re.compile(rf"[0-9{_NUMERALS}](?:[ _\-.·•~*+]?[0-9{_NUMERALS}]){{4}}")
_PLAIN_SEARCH, _OWNED_SEARCH = Scan(_PLAIN), Scan(_OWNED)
LABELS = (_PLAIN, _LABELLED, _BARE, _JOINING, _OWNED)  # none of them matches without one of `MARKS`


def find_qq(text: str, dialled: bool) -> Iterator[Number]:
    """The QQ numbers of folded text; `dialled` as `Signs` has it: without it none stands in groups."""
    seen: set[int] = set()
    for number, start, end in _plain(text):
        seen.update(range(start, end))
        yield number, start, end
    for number, start, end in _parted(text) if dialled else ():
        if seen.isdisjoint(range(start, end)):
            yield number, start, end


def _plain(text: str) -> Iterator[Number]:
    if not _FIGURES.search(text):
        return
    for match in (*_PLAIN_SEARCH.finditer(text), *_OWNED_SEARCH.finditer(text)):
        if match[0][0] in "群裙" and _is_elsewhere(text, match):
            continue
        number = "".join(_VALUES.get(character, "") for character in match["number"])
        marks = set(_BETWEEN.findall(match["number"]))
        if not _TELEPHONE.fullmatch(number) and len(marks) <= 1:
            yield number, *match.span("number")


def _is_elsewhere(text: str, match: re.Match[str]) -> bool:
    """Whether a group is another program's, as the words before it or a bracket behind it say: 班级群:813377204(钉钉)."""
    before = text[max(0, match.start() - _BEHIND) : match.start()]
    return bool(_ELSEWHERE.search(before) or _THEIRS.match(text, match.end()))


def _parted(text: str) -> Iterator[Number]:
    """Numbers in groups, or behind more words than a plain one."""
    for run in _RUN.finditer(text):
        before = text[max(0, run.start() - _BEHIND) : run.start()]
        label = _LABELLED.search(before) or _BARE.search(before) or _JOINING.search(before)
        if label and not _ELSEWHERE.search(before, _begins(label)):
            alone = _fewest_alone(before, label)
            fewest = _FEWEST_JOINED if label.re is _JOINING else FEWEST_DIGITS
            for groups in _numbers(text, run, alone):
                number = _digits(groups)
                if len(number) >= fewest and not (fewest > FEWEST_DIGITS and _are_prices(groups)):
                    yield number, groups[0].start(), groups[-1].end()


def _fewest_alone(before: str, label: re.Match[str]) -> int:
    """How many digits groups need behind 扣 without a colon: fees are taken off in groups as well, unless somebody calls."""
    if label.re is not _BARE or "扣" not in label[0] or ":" in label[0]:
        return 0
    return _FEWEST_ALONE if before[: label.start()].endswith((":", "加", "➕", "+")) else _NEVER


def _are_prices(groups: list[re.Match[str]]) -> bool:
    """Behind a mere call to join: 399 299 199 are prices, and 2026 0301 9 begins with a year."""
    return all(group[0][-1] in "089" for group in groups) or bool(_YEAR.fullmatch(groups[0][0]))


def _begins(label: re.Match[str]) -> int:
    """From where another thing's name counts: 群号 or 进群 alone does not say whose group it is."""
    if label.re is _JOINING:
        return 0
    return max(0, label.start() - 4) if label[0].startswith("群号") else label.start()


def _digits(groups: list[re.Match[str]]) -> str:
    return "".join(DIGIT_OF.get(character, character) for group in groups for character in group[0]).replace(
        "o", "0"
    )


def _numbers(text: str, run: re.Match[str], alone: int) -> Iterator[list[re.Match[str]]]:
    """The groups of each number in a run: all of them are one, unless each is a whole number.

    `alone`: so many digits in groups are no sums; those parted one by one are none anyway.
    """
    groups = _trimmed(text, _before_comma(text, list(_GROUP.finditer(text, *run.span()))))
    whole = [group for group in groups if len(group[0]) >= FEWEST_DIGITS]
    if alone and not _are_single(groups) and (len(_digits(groups)) < alone or _are_prices(groups)):
        return
    for number in [[group] for group in whole] if len(whole) == len(groups) else [groups]:
        if number and _is_number(text, number):
            yield number


def _before_comma(text: str, groups: list[re.Match[str]]) -> list[re.Match[str]]:
    """A comma ends a number, unless all its digits are words: 八八二三,零五一,四九."""
    if all(group[0][0] in DIGIT_OF for group in groups):
        return groups
    parted = ("," in text[left.end() : right.start()] for left, right in pairwise(groups))
    return groups[: next((number for number, is_parted in enumerate(parted, 1) if is_parted), len(groups))]


def _trimmed(text: str, groups: list[re.Match[str]]) -> list[re.Match[str]]:
    """Without a last group that counts what follows (100元, 一对一), or begins a word behind digits (一起)."""
    end = groups[-1].end()
    if _SUM.match(text, end) or (_may_count(groups) and _COUNTED.match(text, end)):
        # Of digits one by one nobody can tell how many the count has.
        return [] if _are_single(groups) and not _is_word(text, groups) else groups[:-1]
    if _is_word(text, groups):
        return groups[:-1]
    return [] if len(groups) > 1 and _UNSURE.match(text, end) else groups


def _may_count(groups: list[re.Match[str]]) -> bool:
    """Whether the last group can be a count: it stands apart, and is short or not as long as the one before it."""
    sizes = [len(group[0]) for group in groups]
    return len(groups) > 1 and (sizes[-1] <= 2 or sizes[-1] != sizes[-2])


def _are_single(groups: list[re.Match[str]]) -> bool:
    return all(len(group[0]) == 1 for group in groups)


def _is_word(text: str, groups: list[re.Match[str]]) -> bool:
    """Whether the last group is in words, all others are not, and it goes on as a word does."""
    worded = [group[0][0] in DIGIT_OF for group in groups]
    return (
        worded[-1] and not any(worded[:-1]) and len(groups) > 1 and bool(_HAN.match(text, groups[-1].end()))
    )


def _is_number(text: str, groups: list[re.Match[str]]) -> bool:
    digits = _digits(groups)
    if not FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS or _OTHER.fullmatch(digits):
        return False
    joints = [text[left.end() : right.start()] for left, right in pairwise(groups)]
    if len({mark for joint in joints for mark in _NO_MARK.sub("", joint)}) > 1:
        return False  # 9.15-10.20 are days
    if any(map(_LISTING.search, joints)) and _is_list(groups):
        return False
    return len(groups) == 1 or len(groups[0][0]) == 1 or not all(group[0].endswith("0") for group in groups)


def _is_list(groups: list[re.Match[str]]) -> bool:
    """Two numbers side by side, and what rises: 1、2、3, or the prices 99/199/299."""
    values = [int(_digits([group])) for group in groups]
    rising = all(left < right for left, right in pairwise(values))
    return rising or max(len(group[0]) for group in groups) > _LARGEST_GROUP
