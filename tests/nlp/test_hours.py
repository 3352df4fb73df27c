from __future__ import annotations

import pytest

from nlp.entities import find_entities


def found(text: str, kind: str) -> list[str]:
    entities = [item for item in find_entities(text) if item.kind == kind]
    assert all(text[item.span.start : item.span.end] == item.span.text for item in entities)
    return [item.value for item in entities]


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("五年级数学", ["五年级"]), ("5年级", ["五年级"]), ("小三英语", ["三年级"]), ("初二，周六", ["初二"]), ("新初1", ["初一"]), ("八年级", ["初二"]), ("升高一", ["高一"]), ("高3冲刺", ["高三"]),
        ("三到六年级", ["三年级-六年级"]), ("3-6年级", ["三年级-六年级"]), ("初三五年级都教", ["初三", "五年级"]), ("3个五年级", ["五年级"]), ("四、五年级", ["四年级、五年级"]), ("初一到初三", ["初一", "初三"]), ("今年初三", ["初三"]),
        ("成绩提高一点", []), ("高一些", []), ("小一点", []), ("小三百人", []), ("大年初一", []), ("初步", []), ("最高二百", []), ("11年级", []), ("学前班", []),
    ],
)  # fmt: skip
def test_a_year_of_school_has_one_name(text: str, grades: list[str]) -> None:
    assert found(text, "grade") == grades


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("每周六下午2:00-4:00", ["每周六下午2:00-4:00"]), ("一三五晚上", ["一三五晚上"]), ("初二，一三五晚上有空", ["一三五晚上"]), ("周六日上午", ["周六日上午"]), ("周二、四、六 19点到21点", ["周二、四、六19点到21点"]),
        ("每周三一次", ["每周三"]), ("周六上午九点半", ["周六上午九点半"]), ("周二四晚", ["周二四晚"]), ("周一到周五晚六点半到八点半", ["周一到周五晚六点半到八点半"]), ("周三次", []), ("每周三次", []), ("每周六天", []), ("周末一对一", []), ("周末一天", []), ("周一至周五", ["周一至周五"]), ("上课时间：14:00-16:00", ["14:00-16:00"]), ("每天18：30-20：30", ["每天18:30-20:30"]), ("晚上7点到9点", ["晚上7点到9点"]), ("周末下午2点半", ["周末下午2点半"]),
        ("数学小班，晚7点半，地点祠堂", ["晚7点半"]), ("晚上七点开课", ["晚上七点"]), ("每晚七点半，微信群里讲", ["每晚七点半"]), ("每天晚上八点讲题", ["每天晚上八点"]), ("晚七点到九点", ["晚七点到九点"]),
        ("晚7点半前都在", []), ("晚上九点后别打", []), ("每晚九点半前睡", []), ("晚上九点半下班", []), ("今晚八点直播", []), ("每晚七点开门", []), ("营业至晚八点，", []), ("每天四点起床", []), ("昨晚七点到九点", []),
        ("营业时间：9:00-21:00", []), ("客服 周一至周五 9:00-17:00", []), ("周六聚餐", []), ("晚上八点前都在", []), ("周三三个人", []), ("比分3:2", []), ("每天晚上", []), ("十一二十人", []), ("一二三上学", []),
    ],
)  # fmt: skip
def test_the_hours_of_lessons_are_found_with_their_days(text: str, times: list[str]) -> None:
    assert found(text, "time") == times


@pytest.mark.parametrize("unit", ["周一", "一", "年级", "1", "1:00-", "每周六下午"])
def test_a_page_of_nothing_but_days_gets_an_answer(unit: str) -> None:
    assert all(item.value for item in find_entities(unit * (50_000 // len(unit))))


def test_no_blank_is_quoted_behind_a_part_of_the_day() -> None:
    [time] = [item for item in find_entities("周日上午 2位") if item.kind == "time"]
    assert time.span.text == "周日上午"
