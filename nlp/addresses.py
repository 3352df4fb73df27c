"""Addresses in a text: a street with a number, a crossing of two, an estate or a building, each with what follows it.

Each is looked for from its ending (路88号, 花园) backwards over a few characters, so that a page of nothing but 路 costs
no more than any other.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from core.pattern import late
from nlp.beginnings import beginning

# 花园路 and 广场北街 are streets, 花园桥 is a bridge.
_ESTATES = (
    "小区|(?:花园|家园|大厦|广场|写字楼|公馆|名邸|华庭|嘉园|佳苑|商务楼|创业园|产业园|商业城|购物中心|新村)"
    "(?![东南西北中]?[一二三四五六七八九十]?(?:[路街桥巷]|大道|大街))"
)
_NUMBER = "[0-9a-z一二三四五六七八九十]{1,4}"
_UNIT = rf"{_NUMBER}(?:弄(?:[0-9]{{1,4}}号)?|号院|号楼|栋|幢|座|单元|楼|层|室|[区期](?=[0-9a-z一二三四五六七八九十]))"
# A number alone is a room's only behind a unit, and no year, sum, size or telephone number.
_ROOM = r"(?:(?<=[楼层栋幢座元号])[0-9]{1,4}(?:-[0-9]{1,4})*(?:室|(?<=[0-9]{3})(?![0-9年元块节课人平分名米个届级度后岁天.:])))"
# Building, staircase and room by numbers alone (12-2-501); no sums and no scores.
_DOOR = r"[0-9]{1,3}-[0-9]{1,2}-[0-9]{3,4}(?![0-9\-.:~元块分人名平%])"
_TAIL = rf"(?:(?:{_UNIT})?{_DOOR}|(?:{_UNIT}){{1,4}}{_ROOM}?)"
# A building's name behind a street's number; a word that begins another part of the sentence is in none.
_BUILDING = rf"(?:(?![联电微旁对附找到在来去我您的有请加和与及或是招欢诚])[\u4e00-\u9fff]){{1,8}}?(?:{_ESTATES}|楼|店|院)"
# What stands at a street: a building, and a part of it; a centre that has parts is no training body's name alone.
_PLACE = rf"(?:(?:{_BUILDING}|[\u4e00-\u9fff]{{1,6}}?中心)?{_TAIL}|{_BUILDING})"
# These two are compiled at once: a match is asked which of them found it (`match.re`), and a late pattern is not its own.
_STREET = re.compile(
    rf"(?:路|街|大道|巷|弄|胡同|大街|道)[0-9]{{1,5}}(?:号|弄(?:[0-9]{{1,5}}号)?)院?(?:{_PLACE}|[0-9]{{3,4}}室)?"
)
_WAY = "(?:大道|[路街巷])"
# 花园路与农科路交叉口; in what is walked along (沿着路走到路口) no second street is named.
_SECOND = rf"[与和跟、/&]?(?:(?![走到过往沿转拐在是有的了上旁对边每个条十与和])[\u4e00-\u9fff]){{1,5}}?{_WAY}"
_CROSSING = re.compile(
    rf"{_WAY}{_SECOND}的?(?:交叉(?:路?口|处)?|交[汇界接]处?口?|十字路口|路?口)(?:往?[东南西北]{{1,2}}(?:[0-9一二三四五六七八九十百]{{1,4}}米)?)?{_PLACE}?"
)
_ESTATE = late(rf"(?:{_ESTATES})(?:{_TAIL})?")
# What many other words end in as well is an estate's name with a number only.
_QUARTER = "[苑园府城庭邸轩阁湾里院都郡墅]"
_HOUSE = (
    r"(?:[0-9a-hx][0-9]{0,3}(?:弄[0-9]{1,4}号|(?<=[苑园庭邸轩阁][0-9]{2})弄|号楼|栋|幢|单元)"
    rf"(?:{_UNIT}){{0,3}}{_ROOM}?|{_DOOR})"
)
_NUMBERED = late(_QUARTER + _HOUSE)
_PHASED = late(rf"{_QUARTER}[0-9一二三四五六七八九十]{{1,2}}期{_HOUSE}")
PATTERNS = {
    "street": _STREET,
    "crossing": _CROSSING,
    "estate": _ESTATE,
    "numbered estate": _NUMBERED,
    "phase of an estate": _PHASED,
}

# What stands before 小区 or 广场 and names none: who, which, how many, what is done there.
_OPENS = late(
    "至|迁|迁到|搬到|路过|经过|称|给|送回?|[个们某哪该各每跳]|备注|打理|自带|隔壁|周边|周围|(?<![东西南北校])门口|转租|求租|急租|出租|写字?|查|管|派(?!出所)|(?<![前先跃奋])进|限|跟着|后面|门前|楼下|应聘|举报|收银台|义务|报(?!社)|开展|做|教(?![师育练学])|[你我他她您停为]|可领|敲开|暂定|目前|想?问问?|如今|预交|或者|辖区|闲鱼|招人|一年|统一"
)
_NO_NAMES_WORDS = (
    "泳池 社区 小区 中心 市中心 公园 老年 中老年 一栋 两栋 高档 高端 老旧 新建 封闭 成熟 大型 同一 临街 "
    "沿街 步行街 下沉 文体 小 大 老 新 周末 周六 周日 晚上 早上 单词 街心"
)
_NO_NAMES = frozenset(_NO_NAMES_WORDS.split())
# What stands before a street and is no part of its name.
_STREET_OPENS = late("至|迁|地处|路过|经过|称|给|送回?")
_NO_STREETS = frozenset(("马", "公", "一条", "这条", "两条", "那条", "每条"))
# An estate's last character and the name of a street in it.
_STREET_NAME = late(r"[\u4e00-\u9fff]{2,4}")


def find_addresses(text: str, searches: Collection[str]) -> list[tuple[int, int]]:
    """Where the addresses of folded `text` stand, none over another; `searches` names the patterns that may match."""
    if PATTERNS.keys().isdisjoint(searches):
        return []
    matches = [
        match for name, pattern in PATTERNS.items() if name in searches for match in pattern.finditer(text)
    ]
    matches.sort(key=_leftmost_longest)
    found: list[tuple[int, int]] = []
    for match in matches:
        done = found[-1][1] if found else 0
        if match.start() < done:
            continue
        is_street = match.re in (_STREET, _CROSSING)
        if match.re is _STREET and found and _STREET_NAME.fullmatch(text, done - 1, match.start()):
            done = found.pop()[0]  # 华侨新村二巷6号 is one
        start = beginning(text, match.start(), done, _STREET_OPENS if is_street else _OPENS)
        if _names_one(text[start : match.start()], match):
            found.append((start, match.end()))
    return found


def _leftmost_longest(match: re.Match[str]) -> tuple[int, int]:
    return match.start(), -match.end()


def _names_one(name: str, match: re.Match[str]) -> bool:
    """Whether `name` can be the street's or the estate's; a number behind it makes it sure."""
    if match.re in (_STREET, _CROSSING):
        return bool(name) and name not in _NO_STREETS
    return len(name) >= 2 and (
        match[0][-1].isdigit() or match[0][-1] in "栋幢座室层楼号元" or name not in _NO_NAMES
    )
