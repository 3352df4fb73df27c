from __future__ import annotations

import pytest

from nlp.entities import find_entities


def prices(text: str) -> list[tuple[str, str | None]]:
    return [(item.value, item.unit) for item in find_entities(text) if item.kind == "price"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一次80，先试", [("80", "lesson")]), ("三百一次", [("300", "lesson")]), ("一小时一百五", [("150", "hour")]), ("月薪八千到一万", [("8000-10000", "month")]),
        ("5-8K/月", [("5000-8000", "month")]), ("全科2.8万，", [("28000", "none")]), ("9块9试听", [("9.9", "none")]), ("原价3680，现价1980", [("3680", "none"), ("1980", "none")]),
        ("月卡600，季卡1500", [("600", "month"), ("1500", "term")]), ("七天六晚4280，", [("4280", "package")]), ("小学50起、初中70起", [("50", "none"), ("70", "none")]),
        ("100/90min", [("100", "lesson")]), ("年薪22-38万", [("220000-380000", "year")]), ("¥1,299，", [("1299", "none")]), ("两千八一个月", [("2800", "month")]),
        ("卷子全套，15", [("15", "none")]), ("0元试听", [("0", "none")]),
        ("一次收取60课时费用9000元", [("9000", "package")]), ("费用一次性收取9800", [("9800", "package")]), ("一次交60节9000元", [("9000", "package")]), ("一次收取3个月费用3600元", [("3600", "package")]),
        ("一次收费80", [("80", "lesson")]), ("课时费80元", [("80", "lesson")]), ("一次交一年9800，", [("9800", "year")]), ("月费1680，", [("1680", "month")]), ("一次性付清优惠3000元", [("3000", "none")]),
        ("每课时壹佰伍拾元", [("150", "lesson")]), ("学费叁仟陆佰元整", [("3600", "none")]), ("80到100元每小时", [("80-100", "hour")]),
    ],
)  # fmt: skip
def test_a_price_is_read(text: str, expected: list[tuple[str, str]]) -> None:
    assert prices(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "一元一次方程", "985,211优先", "考了58，急", "语文101，数学76，英语112", "第3章第12节", "130平", "满分150，考了132", "元旦快乐", "一块学习", "每次90分钟",
        "一节课40分钟", "每天20道题", "2026年", "高三(12)班", "4K高清", "词汇量8000词", "每周三次", "免费100天", "80分以上", "12345", "如何评价 2023 杭州", "仅需9毫秒", "拾金不昧", "陆续报名",
    ],
)  # fmt: skip
def test_a_number_that_counts_something_else_is_no_price(text: str) -> None:
    assert prices(text) == []


@pytest.mark.parametrize(
    "unit", ["1", "1,", "元", "1元", "一", "百", "1万", "每月", "1-", "8/h ", "¥", "费", "一次"]
)
def test_a_page_of_nothing_but_numbers_and_money_gets_an_answer(unit: str) -> None:
    found = prices(unit * (60_000 // len(unit)))
    assert all(value for value, _ in found)
