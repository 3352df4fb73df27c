"""QQ numbers whose groups stand apart, or that a few words part from their label; plain ones are `nlp.contacts`' own.

Read from the number: runs of digits are few, and what stands before one is looked at in a bounded stretch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from nlp.numerals import DIGIT_OF
from nlp.wechat import WECHAT

Number = tuple[str, int, int]  # its digits, and where they stand

_WORDS = "".join(DIGIT_OF)
_PICTURES = "☀-➿\U0001f300-\U0001faff"
_JOINT = rf"[ \t\-.·•・~_*+、/|\u2010-\u2015{_PICTURES}]"
_DIGIT = rf"(?:[0-9{_WORDS}]|o(?=[ \-.]?[0-9o]))"
# Seven digits are what `Signs.dialled` promises; shorter numbers are of the first years and never handed out in groups.
FEWEST, MOST = 7, 11
LARGEST = 4  # digits of a group between stops; five and more are a number by themselves
_RUN = re.compile(rf"[0-9{_WORDS}](?:{_JOINT}{{0,3}}{_DIGIT}){{{FEWEST - 1},}}")
_GROUP = re.compile(rf"[0-9o]+|[{_WORDS}]+")
_NO_MARK = re.compile(rf"[ \t0-9o{_WORDS}{_PICTURES}]+")
_LISTING = re.compile("[、/|]")
# What counts or measures: the figures before it are no part of a number. The second may begin another word as well (期待,
# 本人): there nobody can tell where the number ends.
_SUM = re.compile(r"[ ]?[%元块万]|年")
# Behind one figure 天天, 节假日, 对接 and 人工 begin a word, 9月底 does not: the month is counted.
COUNTED_THINGS = (
    r"(?:[岁月米折斤度]|人(?![人工事在])|天(?![天猫])|节(?![假前后日目])|对(?=[ ]?[0-9一二三四多]))"
)
_COUNTED = re.compile(COUNTED_THINGS)
_UNSURE = re.compile("[日号次小时个分级位课班群楼栋期名套本点只张份]")
_HAN = re.compile("[\u4e00-\u9fff]")
_OTHER = re.compile(
    r"1[3-9]\d{9}|[48]00\d{7}|0\d*|20[0-3]\d(?:0[1-9]|1[0-2])[0-3]\d|12345678?9?0?"
)  # telephones, days, who counts

_LABEL = (
    r"(?:(?<![a-z0-9])q[ .·]?q(?![a-z])|(?<![a-z0-9])q[^\w\s]q|(?<![a-z0-9])q(?:扣|群|我|号码?|(?=[^\w\s]|[ ]))|扣q|扣[^\w\s]扣|扣扣|抠抠|蔻蔻|叩叩|球球|秋秋"
    r"|企[^\w\s]?鹅|🐧|扣群|群号码?)"
)
_FILLING = rf"(?:[ \t:=→>(\[【.,\-_!“\"'‼♡{_PICTURES}]|群?号码?|扣?群主?|[是为加找我留发写的吧呀哦]|[就都也]是|联系|咨询|同号|同步|[也都](?:可以?|行)|{WECHAT}|/|、|和|与|[1-9一二三四](?=[群:])|[(\[][1-9一二三四][)\]])"
# “QQ名字叫小助手，号是”: a name may say anything, but what follows it says that a number comes.
_NAMED = r"名?(?:名字?|名称|昵称|叫)[^0-9\n。;!?]{1,14}号码?[是为]?[: ]{0,2}"
_LABELLED = re.compile(rf"{_LABEL}(?:{_FILLING}{{0,6}}|{_NAMED})$")
# A letter or 扣 alone right before the number, as a label at the head of a clause or after who is asked.
_BARE = re.compile(
    rf"(?:(?<![a-z0-9])q|(?<![\u4e00-\u9fff])扣号?[ ]?:)[ ]?$|(?<![折纽回暗搭克锁带倒环])扣[ :!‼♡{_PICTURES}]{{1,4}}$"
)
_BEHIND = 28  # characters of a label and its filling
_ELSEWHERE = re.compile("钉|飞书|yy|抖音|快手|会议|战队|公会|电话|手机|座机|热线|tel|单号|订单|卡号")
MARKS = re.compile("[q扣抠蔻叩球秋🐧鹅群]")


def find_parted(text: str) -> Iterator[Number]:
    """The numbers behind a label of QQ in folded text."""
    for run in _RUN.finditer(text):
        before = text[max(0, run.start() - _BEHIND) : run.start()]
        label = _LABELLED.search(before) or _BARE.search(before)
        if label and not _ELSEWHERE.search(before, _begins(label)):
            for groups in _numbers(
                text, run, alone="扣" in label[0] and ":" not in label[0] and label.re is _BARE
            ):
                yield _digits(groups), groups[0].start(), groups[-1].end()


def _begins(label: re.Match[str]) -> int:
    """From where another thing's name counts: 群号 alone does not say whose group it is."""
    return max(0, label.start() - 4) if label[0].startswith("群号") else label.start()


def _digits(groups: list[re.Match[str]]) -> str:
    return "".join(DIGIT_OF.get(character, character) for group in groups for character in group[0]).replace(
        "o", "0"
    )


def _numbers(text: str, run: re.Match[str], alone: bool) -> Iterator[list[re.Match[str]]]:
    """The groups of each number in a run: all of them are one, unless each is a whole number."""
    groups = _trimmed(text, list(_GROUP.finditer(text, *run.span())))
    whole = [group for group in groups if len(group[0]) >= FEWEST]
    # After 扣 alone without a colon only digits parted one by one are no sum.
    if alone and not _are_single(groups):
        return
    for number in [[group] for group in whole] if len(whole) == len(groups) else [groups]:
        if number and _is_number(text, number):
            yield number


def _trimmed(text: str, groups: list[re.Match[str]]) -> list[re.Match[str]]:
    """Without a last group that counts what follows (100元, 一对一), or begins a word behind digits (一起)."""
    end = groups[-1].end()
    if _SUM.match(text, end) or (
        _may_count(groups) and _COUNTED.match(text, end)
    ):  # of digits one by one nobody can tell how many the count has
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
    if not FEWEST <= len(digits) <= MOST or _OTHER.fullmatch(digits):
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
    return rising or max(len(group[0]) for group in groups) > LARGEST
