"""What one payment covers, in the ways a stranger's review found to be misread."""

from __future__ import annotations

import pytest

from nlp.entities import find_entities
from nlp.fees import FeeFact, fee_facts
from nlp.judge import Judge


def facts(text: str) -> list[FeeFact]:
    found = fee_facts(text, find_entities(text))
    for fact in found:
        assert all(text[span.start : span.end] == span.text for span in fact.spans)
    return list(found)


def values(text: str) -> set[tuple[str, float]]:
    return {(fact.kind, fact.value) for fact in facts(text)}


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("72课时10800一次交清，现金", 10800), ("60课时9000一次交清", 9000), ("数学全年课包100课时，8000一次付", 8000), ("48课时5760一次性付清", 5760),
        ("物理80课时12000元一次性缴纳", 12000), ("英语共70节，6300一次缴清", 6300), ("化学66课时，7920一次结清", 7920),
    ],
)  # fmt: skip
def test_a_lump_sum_is_not_multiplied(text: str, total: float) -> None:
    assert [fact.value for fact in facts(text) if fact.kind == "sum"] == [total]
    assert [item.unit for item in find_entities(text) if item.kind == "price"] == ["package"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("180一节，48节一次付清，分期免息", {("lessons", 48), ("sum", 8640)}), ("一对一，180一节，一次买40节，扫个人收款码", {("lessons", 40), ("sum", 7200)}),
        ("150一节课，试听1节，打包50节课", {("lessons", 50), ("sum", 7500)}), ("130/课时，打包73课时", {("lessons", 73), ("sum", 9490)}),
        ("每月1200一月，一次交6个月", {("months", 6), ("sum", 7200)}), ("1500/月，半年起交", {("months", 6), ("sum", 9000)}), ("1200/月，6个月一交", {("months", 6), ("sum", 7200)}),
        ("语文半学年4500元", {("months", 6), ("sum", 4500)}), ("英语一学年9800元", {("months", 12), ("sum", 9800)}),
        ("全年48周、每周两节，一次交9600", {("lessons", 96), ("months", 12), ("sum", 9600)}), ("每周3次课，共30周，打包8100元", {("lessons", 90), ("sum", 8100)}),
    ],
)  # fmt: skip
def test_what_is_charged_at_a_time_is_worked_out(text: str, expected: set[tuple[str, float]]) -> None:
    assert expected <= values(text)
    assert len([fact for fact in facts(text) if fact.kind == "sum"]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "90课时，分三次交，每次30课时2400元", "每季度收费一次，每季度24课时2400元，全年96课时", "全年120课时9600元，按月交费", "80课时，一课一结，130/课时", "全程90节课7200元，分两期缴",
        "全年班，每月收一次，每月800元", "电话0571-88886666转8003，英语年卡", "180一节，累计上课200节", "1200/月，带过半年", "130/节，每周2节，每次2节", "月薪9000，试用六个月",
        "1200/月，开班6个月了", "十次卡2500，年卡不卖", "一次三百，朋友家孩子已经跟了半年",
    ],
)  # fmt: skip
def test_what_the_text_denies_is_not_stated(text: str) -> None:
    assert [fact for fact in facts(text) if fact.over] == []


def test_a_lump_sum_beside_instalments_is_still_offered() -> None:
    assert {("lessons", 90), ("sum", 9000)} <= values("90课时9000元，一次付清，也可分三次付")


def test_instalments_of_another_class_deny_nothing() -> None:
    assert ("sum", 9800) in values("初一数学按月收1200元\n初三全年班9800元")


def test_an_instalment_over_the_limit_is_stated() -> None:
    assert values("140课时，分两次交，每次70课时5600元") == {("lessons", 70), ("sum", 5600)}


def codes(judge: Judge, text: str) -> set[str]:
    (verdict,) = judge.judge_texts([(text, "", "other")])
    for suspicion in verdict.suspicions:
        if suspicion.code == "FEE_VIOLATION":
            assert any(reason.signal.startswith("prepaid_") for reason in suspicion.reasons)
    return set(verdict.codes)


@pytest.mark.parametrize(
    "text",
    [
        "数学报名费5800元",
        "四年级语文半年班，5600元",
        "初三物理，全年48周、每周两节，一次交9600",
        "初二数学暑假班火热招生，学费6800元",
    ],
)
def test_what_the_text_charges_names_the_fee_violation(judge: Judge, text: str) -> None:
    assert codes(judge, text) == {"FEE_VIOLATION"}


@pytest.mark.parametrize(
    "text",
    [
        "初二数学暑假班火热招生，学费1800元",
        "三至六年级英语秋学期补习班开班，学费每学期980",
        "转学去省实验？走我这，七万，三天到位",
        "初二英语暑期班火热招生 原价6800元 早鸟价2680元 20课时",
        "初二英语暑期班火热招生，学费1800元，送价值6800元大礼包",
    ],
)
def test_what_is_within_the_limits_or_no_tuition_names_none(judge: Judge, text: str) -> None:
    (verdict,) = judge.judge_texts([(text, "", "other")])
    assert "FEE_VIOLATION" not in verdict.codes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("72课时数学10800一次交清，现金", [("lessons", "72", "72课时")]), ("四年级语文半年班，5600元", [("months", "6", "半年")]), ("初二数学补习，每月1200一月，一次交6个月", [("months", "6", "6个月")]),
        ("初中物理补习，学费980一学期", []), ("初中数学补习90课时，分三次交，每次30课时2400元", [("lessons", "30", "30课时")]),
    ],
)  # fmt: skip
def test_lessons_and_months_are_entities_of_what_is_suspected(
    judge: Judge, text: str, expected: list[tuple[str, str, str]]
) -> None:
    (verdict,) = judge.judge_texts([(text, "", "other")])
    found = [
        (item.kind, item.value, item.span.text)
        for item in verdict.entities
        if item.kind in ("lessons", "months")
    ]
    assert verdict.decision == "flagged"
    assert found == expected
    assert list(verdict.entities) == sorted(verdict.entities, key=lambda item: item.span.start)
