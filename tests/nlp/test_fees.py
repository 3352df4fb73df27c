from __future__ import annotations

import pytest

from nlp.entities import find_entities
from nlp.fees import FeeFact, fee_facts, fee_reasons


def facts(text: str) -> list[FeeFact]:
    found = fee_facts(text, find_entities(text))
    for fact in found:
        assert all(text[span.start : span.end] == span.text for span in fact.spans)
    return list(found)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("英语120课时打包9800元", "lessons", 120), ("班课120元/课时，48课时共5760元", "lessons", 48), ("共三十节课，2400元", "lessons", 30),
        ("九十课时，收费7200", "lessons", 90), ("年卡9800元，不限次", "months", 12), ("交半年3600元", "months", 6), ("三个月2980元", "months", 3),
        ("学费3980元/学期", "months", 4), ("两年卡8800元", "months", 24), ("终身会员1999元", "months", 120), ("英语120课时打包9800元", "sum", 9800),
        ("１２０课时打包９８００元", "lessons", 120),
    ],
)  # fmt: skip
def test_a_fact_is_read(text: str, kind: str, value: float) -> None:
    assert (kind, value) in [(fact.kind, fact.value) for fact in facts(text)]


@pytest.mark.parametrize(
    "text",
    [
        "120课时的教材", "教龄三年，月薪9000元", "每周3节课，80元一节", "第12节一次函数，资料15元", "合同一年，底薪4500元", "剩73课时，原价130/节",
        "一小时100元，带过三年级", "错题视频讲解 189元 初中三年都有", "涨不够终身免单，980元", "被骗走8000元", "房租一年12000元", "",
    ],
)  # fmt: skip
def test_what_is_no_prepayment_is_no_fact_over_the_limit(text: str) -> None:
    assert [fact for fact in facts(text) if fact.over] == []


def test_a_sum_that_is_not_written_is_worked_out() -> None:
    found = [fact for fact in facts("数学130元/节，一次报90节课") if fact.kind == "sum"]
    assert [fact.value for fact in found] == [11700]
    assert [span.text for span in found[0].spans] == ["130元/节", "90节课"]
    assert fee_reasons(found)[0].meaning == "一次收费11700元（单价乘以数量），超过5000元"


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("60课时3000元", set()), ("61课时3000元", {"lessons"}), ("三个月3000元", set()), ("四个月3000元", {"months"}), ("全科5000元", set()),
        ("全科5001元", {"sum"}), ("一年120课时，共9800元", {"lessons", "months", "sum"}),
    ],
)  # fmt: skip
def test_the_limits_are_three_months_sixty_lessons_and_five_thousand_yuan(text: str, over: set[str]) -> None:
    assert {fact.kind for fact in facts(text) if fact.over} == over


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("初二英语暑期班 原价6800元 早鸟价2680元 20课时", [2680]), ("市场价6999元 团购价1999元", [1999]), ("现价2680元（原价6800元）", [2680]), ("外面机构收8000元，我只要3000元", [3000]),
        ("英语暑假班，原价6800元，现在打5折", [3400]), ("送价值6800元大礼包", []), ("立省6000元", []), ("最高减6000元", []), ("预存5000元抵6000元", [5000]), ("充5000元得6000元", [5000]),
        ("本人带学生一年赚了20万元", []), ("英语暑假班1800元，送您6000元课程", [1800]), ("报名领6800元礼包", []), ("满6000元减500元", []), ("年入20万元", []), ("花八千报了个班，喊了一年", []), ("教师课酬8000元", []), ("一万八的契税", []),
        ("原价200元/节，现150元/节，一次买48节", [7200]),
    ],
)  # fmt: skip
def test_an_old_price_a_gift_and_a_saving_are_no_fee(text: str, sums: list[float]) -> None:
    assert [fact.value for fact in facts(text) if fact.kind == "sum"] == sums


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("原价6800元", [6800]), ("原价9800元现价6800元", [6800]), ("原价6800元，定金500元", [6800]), ("原价6800元，资料费200元", [6800, 200]), ("原价6800元，80元/节", [6800]),
        ("四年级5000元，五年级原价6800元", [5000, 6800]), ("江苏省 6800元全年班", [6800]), ("名额已满5800元", [5800]), ("接送6800元", [6800]), ("奥数一等奖，报名费6800元", [6800]),
        ("英语暑假班6800元，送6000元礼包", [6800]), ("英语暑假班6800元，报名立减500元", [6300]),
    ],
)  # fmt: skip
def test_what_stands_beside_them_is_still_the_fee(text: str, sums: list[float]) -> None:
    assert [fact.value for fact in facts(text) if fact.kind == "sum"] == sums


@pytest.mark.parametrize(
    ("text", "total", "quoted"),
    [
        ("原价6800立减800", 6000, "6800立减800"), ("原价6800元，现在报名立减800元", 6000, "6800元，现在报名立减800元"), ("学费6800，直降一千", 5800, "6800，直降一千"),
        ("原价6800打8折", 5440, "6800打8折"), ("原价6800元，限时八五折优惠", 5780, "6800元，限时八五折"), ("原价６８００，85折", 5780, "６８００，85折"),
        ("学费7800，满6000减500", 7300, "7800，满6000减500"), ("学费6300，立减1500", 4800, "6300，立减1500"),
    ],
)  # fmt: skip
def test_what_a_discount_leaves_is_worked_out(text: str, total: float, quoted: str) -> None:
    [fact] = [fact for fact in facts(text) if fact.kind == "sum"]
    assert (fact.value, [span.text for span in fact.spans]) == (total, [quoted])
    if fact.over:
        assert fee_reasons([fact])[0].meaning == f"一次收费{total}元（价格减去优惠），超过5000元"


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        # what only some get, ladders, and what is left is said
        ("学费6800，老生立减800", [6800]), ("学费6800，两人同行8折", [6800]), ("学费6800，8折起", [6800]), ("学费6800，每满1000减100", [6800]), ("学费5800，满6000减500", [5800]),
        ("学费6800，8折券一张", [6800]), ("学费6800，立减800再减500", [6800]), ("学费6800，立减800-1500", [6800]), ("原价6800立减800，券后五千五", [5500]), ("原价6800，立减800，到手5500", [5500]), ("原价9800，立减3000，到手6800", [6800]),
        ("原价9800立减3000到手价6800元", [6800]), ("原价6800，8折，5440元", [5440]),
        # read in two ways: the new price, or what is taken off it; cash that comes back later; another course; no money
        ("原价6800优惠800", [6800]), ("学费6800，返现800", [6800]), ("一期6800元，二期8折", [6800]), ("学费6800，减3科", [6800]), ("原价200/节，8折", []),
    ],
)  # fmt: skip
def test_a_discount_that_some_get_or_that_is_unclear_is_not_worked_out(text: str, sums: list[float]) -> None:
    assert [fact.value for fact in facts(text) if fact.kind == "sum"] == sums


def test_reasons_are_made_for_what_is_over_only_and_quote_the_text() -> None:
    text = "语文年卡，48课时，6800元"
    reasons = fee_reasons(facts(text))
    assert [(reason.signal, reason.span.text) for reason in reasons] == [
        ("prepaid_months", "年卡"),
        ("prepaid_sum", "6800元"),
    ]
    assert all(reason.clause and reason.meaning for reason in reasons)


@pytest.mark.parametrize(
    "unit", ["60课时", "9", "年卡1元", "一", "三个月5000元。", "6800立减800", "原价6800，满"]
)
def test_a_page_of_nothing_else_gets_an_answer(unit: str) -> None:
    assert isinstance(facts(unit * (20_000 // len(unit))), list)


@pytest.mark.parametrize(
    "text",
    [
        "120课时一次交清，优惠八千，", "补课能给到9000，", "违法所得三万六，", "悬赏六千找猫，", "机器999一台，保修两年，",
    ],
)  # fmt: skip
def test_what_is_given_found_or_kept_in_repair_is_no_fee(text: str) -> None:
    assert [fact for fact in facts(text) if fact.over and fact.kind != "lessons"] == []


@pytest.mark.parametrize(("text", "total"), [("一对一三万八，", 38000), ("全年费用19,800，", 19800), ("高中两万四封顶，", 24000)])  # fmt: skip
def test_a_sum_is_a_fee_however_it_is_written(text: str, total: float) -> None:
    assert [fact.value for fact in facts(text) if fact.kind == "sum"] == [total]
