"""Whether a number of a text is a price, and what it buys: an hour, a lesson, a month, a package ..."""

from __future__ import annotations

import re

from nlp.numerals import amount
from nlp.price_beside import is_told_beside
from nlp.price_money import is_money, is_strong
from nlp.price_sight import Sight, has_sense, plain
from nlp.price_sold import is_bargained, is_let_go
from nlp.price_words import (
    APIECE,
    AT_ONCE,
    BLANK_COUNT,
    BULK,
    CALLED,
    CARD,
    COUNT,
    COUNTED_SOON,
    FEW,
    FOR_TIME,
    HEADED,
    LEAD_UNITS,
    LEAST_APIECE,
    LEAST_HEADED,
    LEAST_LUMP,
    LEAST_PAID_SO,
    LEAST_RANGE,
    LEAST_SHARE,
    LEAST_SPOKEN_RANGE,
    LEAST_SUM,
    LUMP,
    MONTHLY,
    NEXT_OFFER,
    ONE_TO_ONE,
    PAID_SO,
    RATE,
    SALE,
    SCHOOLING,
    SHARE,
    SITTING,
    STOP,
    TALLIED,
    UNIT_WORDS,
    WEAK,
    WITHIN,
    YEAR,
)
from nlp.scan import Ending, first_characters

_BULK, _CARD, _RATE = Ending(BULK), Ending(CARD), Ending(RATE)
_MONTHLY = Ending(MONTHLY)
_SAID_SO = re.compile("[是要得收]$")  # 都是一百起步
_HOURLY = ("时薪", "小时", "日薪", "费", "钱")  # behind which 十九 is no count
# What is counted in thousands and tens of thousands, before the number and behind it.
_READ = ("粉丝", "增粉", "涨粉", "掉粉", "阅读", "播放", "浏览")
_FOLLOWERS = frozenset("粉人赞播次字词步")
# What follows a spoken sum that is the head of its clause: 一百五封顶, 两百行不行.
_OPENLY = re.compile("封顶|打底|起步|包[月年]|押[一二]付|行不行|[行成]吗|不[还议]价|可谈|顶天")
_ONCE = first_characters(LUMP) or frozenset()
_SCALED_SO = re.compile(r"[/*·( \t]")
_NO_SUMS = frozenset({"千万", "万万"})  # 千万不要转账: nobody has so many yuan in two characters
LEAST_CHILD = 30  # yuan: 一娃12一娃8 are as old
LEAST_MONTHLY = 300  # yuan; below it stand dates and marks
_SCHOOLING, _WEAK, _APIECE = Ending(SCHOOLING), Ending(WEAK), Ending(APIECE)


def unit_of_price(sight: Sight) -> str | None:
    """The unit of the price, or None when the number is no price."""
    after = sight.after
    unit = _unit_behind(after) if after["per"] else ""
    if not has_sense(sight):
        return None
    unit = unit or _at_once(sight) or _for_time(sight)
    if after["money"]:
        return _unit_of(sight, unit) if is_money(sight) else None
    if sight.before.endswith("¥"):
        return _unit_of(sight, unit)
    if unit and _is_rate(sight):
        return unit
    if unit == "none" and sight.spoken and after["per"].startswith("一") and amount(sight.words + "一"):
        return None  # 共三十一个娃: one more is counted
    if (not unit and _is_counted(sight)) or (sight.spoken and len(sight.words) < 2 and not after["scale"]):
        return None
    return _led(sight, unit)


def _unit_behind(after: re.Match[str]) -> str:
    """The unit of the words behind a price; a piece of something has none."""
    if after["half"]:
        return _half(after["half"])
    return next((name for name, _ in UNIT_WORDS if after[name]), "none" if after["each"] else "")


def _half(words: str) -> str:
    """The unit of half a time: half an hour is a lesson, half a year a term; half a day or a month has none."""
    if "年" in words:
        return "term"
    return "lesson" if "时" in words or "钟" in words else "none"


def _for_time(sight: Sight) -> str:
    """The unit of a price that is paid for so long or so many, empty when neither follows."""
    if sight.text[sight.end : sight.end + 1] not in FOR_TIME:  # most numbers: one look
        return ""
    if sight.value >= 30 and SITTING.match(sight.text, sight.end):
        return "lesson"  # 100/90min
    share = SHARE.match(sight.text, sight.end)
    return "package" if share and sight.value >= max(100, LEAST_SHARE * int(share["count"])) else ""


def _at_once(sight: Sight) -> str:
    """The unit of a price before 一次付清 and its kin, empty when none of them follows."""
    if sight.text[sight.end : sight.end + 1] not in _ONCE:  # most numbers: one look
        return ""
    lump = LUMP.match(sight.text, sight.end)
    if not lump:
        return ""
    return "package" if lump["sure"] or sight.value >= LEAST_LUMP else "lesson"


def _is_remainder(sight: Sight) -> bool:
    """1w5问题不大, 3k2一个月: a sum whatever follows, if it is no letter; nobody counts so but followers."""
    behind = sight.text[sight.end : sight.end + 1]
    if not sight.after["more"] or sight.after["high"] or sight.value < LEAST_MONTHLY:
        return False
    return not (behind in _FOLLOWERS or (behind.isascii() and behind.isalnum())) and not TALLIED.search(
        sight.before
    )


def _is_rate(sight: Sight) -> bool:
    """80/h, 60一次; below ten it is 2次/周, and 八十一节 is no price."""
    if sight.after["scale"]:
        return True
    if sight.spoken:
        return (sight.value >= 100 or _is_said_rate(sight)) and not sight.before.endswith(("第", "年"))
    if (sight.after["each"] or "") in ("孩", "娃") and sight.value < LEAST_CHILD:
        return False
    if YEAR.fullmatch(sight.words) and sight.after["year"]:
        return False
    weekly = sight.after["week"] and not is_strong(sight.before)
    return (
        (sight.value >= 10 or "." in sight.words)
        and not (weekly and sight.value < 50)
        and not re.search(r"(?:\d[-:/.]|每[天日晚周])$", sight.before)
    )


def _is_said_rate(sight: Sight) -> bool:
    """五十五一晚: 五十五一 is no number. 九十一次 may be ninety-one times; by itself between two stops it is ninety each."""
    whole, per = amount(sight.words + "一"), sight.after["per"] or ""
    alone = (
        not sight.before
        and per[-1:] in HEADED
        and not per.endswith("课时")
        and bool(STOP.match(sight.text, sight.end))
    )
    return sight.value >= LEAST_APIECE and (
        whole is None or (alone and whole != sight.value and sight.value >= LEAST_HEADED)
    )


def _led(sight: Sight, unit: str) -> str | None:
    before, after = sight.before, sight.after
    high, stopped = sight.high, _is_stopped(sight)
    if YEAR.fullmatch(sight.words) and re.match(r"[年届级.\-/]", sight.text[sight.end : sight.end + 1]):
        return None
    if (
        is_strong(before)
        and not (sight.spoken and sight.value < 20 and not (stopped and before.endswith(_HOURLY)))
        and not COUNTED_SOON.match(sight.text[sight.end : sight.end + 8])
    ):
        return _unit_of(sight, unit)
    rate = _rate(before)
    if rate and (sight.value >= 8 and not (high and plain(high) <= 24)) and (stopped or not sight.spoken):
        return unit or _rated(sight, rate)
    if (after["scale"] in ("k", "w") or after["scale2"]) and (scaled := _scaled(sight, unit, stopped)):
        return scaled
    behind = sight.text[sight.end : sight.end + 2]
    known = sight.words in FEW and not (sight.words in CALLED and _is_paid_for(before))
    if (
        (not before or (sight.spoken and _SAID_SO.search(before) and behind == "起步"))
        and sight.value >= LEAST_PAID_SO
        and not known
        and (_OPENLY if sight.spoken else PAID_SO).match(sight.text, sight.end)
    ):
        return _unit_of(sight, unit)
    found = _stopped(sight, unit) if stopped and sight.value >= 5 and not known else None
    return found or (_unit_of(sight, unit) if _is_sum(sight, stopped) or is_told_beside(sight) else None)


def _is_sum(sight: Sight, stopped: bool) -> bool:
    """六千八, 1.6万 and 2.5万起 are sums of money where nothing is said to be counted by them."""
    large = (
        re.search("[百千万]", sight.words) if sight.spoken else (sight.after["scale"] or "").strip() == "万"
    )
    if not large or sight.words in _NO_SUMS or sight.value < LEAST_SUM or TALLIED.search(sight.before):
        return False
    return stopped or bool(WITHIN.match(sight.text, sight.end))


def _is_paid_for(before: str) -> bool:
    """Who is taught for 120, or for two hours at 120, calls no ambulance."""
    return bool(_SCHOOLING.search(before) or _BULK.search(before) or _WEAK.search(before))


def _is_counted(sight: Sight) -> bool:
    """Whether what the number counts stands behind it: 3600 字, not 3600 学期中可插班."""
    if sight.text[sight.end - 1] == "+":  # 底薪4500+课时费
        return False
    return bool((BLANK_COUNT if sight.blank else COUNT).match(sight.text, sight.end))


def _is_stopped(sight: Sight) -> bool:
    """Whether the number ends its clause. A blank on either side of it is typography."""
    if STOP.match(sight.text, sight.end):
        return True
    run_on = sight.blank and (not sight.before.endswith(" ") or bool(ONE_TO_ONE.search(sight.before)))
    return run_on and not BLANK_COUNT.match(sight.text, sight.end)


def _rate(before: str) -> re.Match[str] | None:
    return _RATE.search(before)


def _stopped(sight: Sight, unit: str) -> str | None:
    """What the words before say of a number that stands at the end of its clause, or before 出 and 起."""
    before = sight.before
    if _BULK.search(before) and sight.value >= 30:
        return "package"
    if sight.value >= LEAST_MONTHLY and _MONTHLY.search(before) and not YEAR.fullmatch(sight.words):
        return "month"
    if (
        _WEAK.search(before)
        or _CARD.search(before)
        or (sight.value >= LEAST_APIECE and _APIECE.search(before))
    ):
        return _unit_of(sight, unit)
    if sight.value >= 30 and _SCHOOLING.search(before) and not YEAR.fullmatch(sight.words):
        return _unit_of(sight, unit)
    sold = SALE.match(sight.text, sight.end) and (not before or before[-1] in " 现价我她他")
    least = LEAST_SPOKEN_RANGE if sight.spoken else LEAST_RANGE
    ranged = sight.high and sight.value >= least and not YEAR.match(sight.words)
    sold = sold or is_let_go(sight)
    ranged = ranged or (not before and sight.high and is_bargained(sight))
    return _unit_of(sight, unit) if sold or ranged else None


def _scaled(sight: Sight, unit: str, stopped: bool) -> str | None:
    """5-8k and 1.2w are sums, unless they count followers or dots of a screen."""
    if sight.before.endswith(_READ):
        return None
    if not stopped and not _SCALED_SO.match(sight.text, sight.end) and not _is_remainder(sight):
        return None
    monthly = bool(sight.after["high"]) and (sight.after["scale2"] or sight.after["scale"]) == "k"
    return unit or ("month" if monthly or _MONTHLY.search(sight.before) else "none")


def _unit_of(sight: Sight, unit: str) -> str:
    """The unit that follows; else the one that the words before name."""
    if unit:
        return unit
    rate = _rate(sight.before)
    if rate:
        return _rated(sight, rate)
    if _before_at_once(sight):
        return "package"
    led = [(name, found.end()) for name, words in LEAD_UNITS if (found := words.search(sight.before))]
    return next((name for name, end in led if not NEXT_OFFER.search(sight.before, end)), "none")


def _before_at_once(sight: Sight) -> bool:
    """Whether 一次付 and its kin stand before the number: 一次付9600 is everything, 一次收80 a lesson."""
    lump = AT_ONCE.search(sight.before)
    return lump is not None and (sight.value >= LEAST_LUMP or lump["sure"] is not None)


def _rated(sight: Sight, rate: re.Match[str]) -> str:
    """The unit that a rate names; half a year is a term."""
    unit = next(name for name, _ in UNIT_WORDS if rate[name])
    if unit == "none" and "小时" in rate[0]:
        return "hour"  # 一个娃一小时50
    if unit == "lesson" and _before_at_once(sight):
        return "package"
    return _half(rate[0]) if rate[0].startswith("半") else unit
