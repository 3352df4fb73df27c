from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.entities import find_entities


def values(text: str, kind: str) -> list[str]:
    return [item.value for item in find_entities(text) if item.kind == kind]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("一三八零零零零一一一一", "phone", ["13800001111"]), ("幺三八洞洞洞洞幺幺幺幺", "phone", ["13800001111"]), ("138🌸0000🌸1111", "phone", ["13800001111"]),
        ("➊➌➑⓿⓿⓿⓿➊➊➊➊", "phone", ["13800001111"]), ("+86 138 0000 1111", "phone", ["13800001111"]), ("13800001111一对一", "phone", ["13800001111"]),
        ("13800001111、13900002222", "phone", ["13800001111", "13900002222"]), ("（0571）8888 7777转801", "phone", ["057188887777"]), ("电话87654321", "phone", ["87654321"]),
        ("VX：Teacher_Lin88", "wechat", ["Teacher_Lin88"]), ("薇 x x y y 8 8 8", "wechat", ["xxyy888"]), ("lin_2031（微信）", "wechat", ["lin_2031"]),
        ("微 信：math八八九九", "wechat", ["math8899"]), ("扣扣：三一五七七二零", "qq", ["3157720"]), ("🐧:88776655", "qq", ["88776655"]),
        ("扣:1234567", "qq", ["1234567"]), ("一对一，扣号：3157720", "qq", ["3157720"]), ("折扣:1234567", "qq", []), ("纽扣：1234567", "qq", []), ("扣:500000", "qq", []), ("扣：200000元", "qq", []),
        ("QQ：88776655，微信同号", "wechat", ["88776655"]), ("看https://Pan.example/s/1aB，好", "url", ["https://Pan.example/s/1aB"]), ("登录abc.com/x看", "url", ["abc.com/x"]),
        ("Li.Ming@Mail.example收", "email", ["Li.Ming@Mail.example"]),
    ],
)  # fmt: skip
def test_a_disguised_contact_is_found_plain(text: str, kind: str, expected: list[str]) -> None:
    assert values(text, kind) == expected


@pytest.mark.parametrize(
    "remark", ["微信同号", "（微信同步）", "同v", "，加微信也是这个号", "微电同号", "(V)", " 可加微信"]
)
def test_a_remark_after_the_number_makes_it_the_account_too(remark: str) -> None:
    assert values(f"电话13800001111{remark}", "wechat") == ["13800001111"]


@pytest.mark.parametrize(
    "remark", ["电话/微信：", "微信电话同号 ", "电话（微信）", "手机号就是微信", "VX同号 "]
)
def test_a_remark_before_the_number_makes_it_the_account_too(remark: str) -> None:
    assert values(f"{remark}13800001111", "wechat") == ["13800001111"]


@pytest.mark.parametrize(
    "text",
    [
        "银行卡 6222 0213 8000 1111 234", "身份证330106201005120012", "13xxxxxxxxx", "138****1111", "订单202608150012345678", "周一三五 18:30-20:30",
        "电话13800001111，微信不同号另加", "微信公众号 mathclub2024", "微信步数180000", "微信 4.0", "qq空间2008年", "python3和vscode1", "V8引擎", "微信支付100000元", "微信xxxxxxxxxxx", "乘电话1、5、6、8、15、22、201路",
    ],
)  # fmt: skip
def test_what_looks_like_a_contact_and_is_none(text: str) -> None:
    kinds = {item.kind for item in find_entities(text.replace("13800001111", ""))} | {
        item.kind for item in find_entities(text) if item.kind != "phone"
    }
    assert not kinds & {"phone", "wechat", "qq"}


@pytest.mark.parametrize(
    "unit",
    ["1", "138", "13800001111", "1一", "零", "a", "v:", "微信", "q", "@", "a@", "a.", "a.b@", "www.", "- ", "1-", "微", "abc_1", "加v ", "1@a.b ", "加v a ", "扣_1", "想来的a_", "a_", "扣1 ", "微a.", "群号1 1", "q 1、", "加a·b", "l58", "1(q", "微信🌸"],
)  # fmt: skip
def test_a_book_of_anything_gets_an_answer(unit: str) -> None:
    """No measure of time: a pattern that looks back over the whole text would not end within the test's limit."""
    found = find_entities(unit * (200_000 // len(unit) if len(unit) < 3 else 10_000))
    assert all(item.span.end > item.span.start for item in found)


@given(st.text(alphabet="13800一幺零vVq微信薇:： -.@a_元/小时每月块路号老师教育\u200b\u20e3\ud800"))
def test_spans_are_true_whatever_is_written(text: str) -> None:
    for item in find_entities(text):
        assert text[item.span.start : item.span.end] == item.span.text
        assert item.value
