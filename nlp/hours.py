"""School years and hours of lessons that a text names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from core.pattern import late
from nlp.scan import Scan

Found = tuple[str, str, int, int]  # kind, value, start, end

_YEARS = "一二三四五六七八九"
_HAN, _DIGIT = f"[{_YEARS}]", "[1-9]"
_LIST = "|".join(f"{one}(?:、?{one}){{0,5}}|{one}[-~至到]{one}" for one in (_HAN, _DIGIT))
# 三四年级, 1-6年级, 小三, 新初二, 高一; 高一点, 提高一百分, 小三百 and 大年初一 are none.
_GRADE = late(
    rf"(?<![0-9第十])(?!1[0-9])(?P<years>{_LIST})年级|小(?P<primary>[一二三四五六])(?![时百点些号寸千万十个张间只对口件条步门岁])"
    r"|(?<!大年)(?<!正月)初(?P<junior>[一二三123])(?![步0-9个])|(?<![提更最])高(?P<senior>[一二三123])(?![层点些筹截倍等档0-9个米度])"
)
_DAY = "[一二三四五六日]"
_COUNTED = "[个名对节位岁年月点次元天场家起直些口回遍趟堂]|小时|课时"  # 每周三次 is three times a week
_MORE = rf"(?:[、和到至~\-/]?(?:周|星期|礼拜){_DAY}|(?<![末天日])[、和到至~\-/]?{_DAY}(?!{_COUNTED}))"
_WEEK = rf"(?:周|星期|礼拜)[一二三四五六日天末](?!{_COUNTED})"
_DAYS = rf"(?:{_WEEK}{_MORE}{{0,6}}|双休日)"
_SHORT = r"(?<![\u4e00-\u9fff0-9])[一二三四五六日]{2,6}"  # 一三五, before a part of the day only
_PART = "(?:早上|早晨|上午|中午|下午|傍晚|晚上|晚间|放学后)"
_THEN = rf"(?:{_PART}|晚|早)"
_CLOCK = (
    r"(?:(?<![0-9.])(?<![0-9]:)(?:[01]?[0-9]|2[0-4])(?::[0-5][0-9](?![0-9:])|点(?![名题心单评赞])(?:半|[0-5][0-9]分?)?)"
    r"|[一二三四五六七八九十两]{1,3}点(?![名题心单评赞钟])(?:半|一刻|[一二三四五]?十五?分?)?)"
)
_HOURS = rf"{_CLOCK}[-~到至—]{{1,2}}{_PART}?{_CLOCK}"
# Before nine, after nine and about nine are bounds: when somebody sleeps or answers.
_UNTIL = "(?!半|一刻|[0-9零一二三四五]|以?之?[前后]|左右|多|才|就?睡|下班|[关开]门|打烊|截止|[一准时起]{0,2}(?:下|关))"
# An hour of the evening that is all its clause says (晚7点半，), or at which a lesson begins.
_EVENING = rf"(?:(?<![\u4e00-\u9fff])晚上?{_CLOCK}(?![^,。;!)\s])|(?<![今昨明当前])晚上?{_CLOCK}(?=准?时?(?:上课|开课|开讲|开班)))"
# A bare hour needs its end and what it is the time of: 晚上八点前都在 says when the telephone is answered.
_TIME = late(
    rf"每?{_DAYS}的? ?{_THEN}(?:[和、]?{_THEN})? ?(?:{_HOURS}|{_CLOCK})?|每?{_DAYS} ?(?:{_HOURS}|{_CLOCK})"
    rf"|{_SHORT}的?{_PART} ?(?:{_HOURS}|{_CLOCK})?|每{_WEEK}{_MORE}{{0,6}}|{_WEEK}{_MORE}{{1,6}}"
    rf"|每[天晚日]{_PART}? ?{_HOURS}|(?:每晚|每[天日]晚上?) ?{_CLOCK}{_UNTIL}|{_PART} ?{_HOURS}|(?<![今昨明当前])晚 ?{_HOURS}|{_EVENING}|时间[: ]{{0,2}}(?P<bare>{_HOURS})"
)
PATTERNS = {"grade": _GRADE, "time": _TIME}
_GRADES, _TIMES = Scan(_GRADE), Scan(_TIME)
# Hours of a shop, an office or a telephone are none of lessons.
_OTHER = late("营业|咨询|接听|办公|工作|上班|服务|开放|客服|值班|热线|发货|直播")
_BEFORE = 8  # characters before the hours that may say whose they are
_LATIN = str.maketrans("123456789", _YEARS)
_SECONDARY = {"七": "初一", "八": "初二", "九": "初三"}  # one name for one year of school
_RANGE = late("[-~至到]")


def find_hours(text: str, searches: Collection[str]) -> Iterator[Found]:
    """Years of school (grade) and days with hours (time) of folded `text`; `searches` names the patterns that may match."""
    if "grade" in searches:
        for match in _GRADES.finditer(text):
            yield "grade", _grade(match), *match.span()
    if "time" in searches:
        for match in _TIMES.finditer(text):
            start, end = match.span("bare" if match["bare"] else 0)
            if not _OTHER.search(text, max(0, match.start() - _BEFORE), match.start()):
                found = text[start:end].rstrip()  # a blank at its end was for hours that do not follow
                yield "time", found.replace(" ", ""), start, start + len(found)


def _grade(match: re.Match[str]) -> str:
    """五年级, 初二 or 高一; a range (三年级-六年级) keeps its ends, of a list each is named."""
    if listed := match["years"]:
        joint = "-" if _RANGE.search(listed) else "、"
        return joint.join(_year(year) for year in listed.translate(_LATIN) if year in _YEARS)
    if match["primary"]:
        return f"{match['primary']}年级"
    return match[0].translate(_LATIN)


def _year(year: str) -> str:
    return _SECONDARY.get(year, f"{year}年级")
