from __future__ import annotations

import pytest

from core.model import Entity
from nlp.entities import find_entities


def found(text: str, kind: str) -> list[Entity]:
    entities = [entity for entity in find_entities(text) if entity.kind == kind]
    assert all(text[entity.span.start : entity.span.end] == entity.span.text for entity in entities)
    return entities


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("电话13800001111找李老师", "phone", "13800001111"), ("手机 138-0000-1111", "phone", "13800001111"),
        ("打１３８００００１１１１", "phone", "13800001111"), ("一三八零零零零一一一一", "phone", "13800001111"),
        ("座机0571-88887777", "phone", "057188887777"), ("热线400-820-1111", "phone", "4008201111"),
        ("微信：lxm_teacher8", "wechat", "lxm_teacher8"), ("➕薇 math2024a", "wechat", "math2024a"), ("V信号 abc12345", "wechat", "abc12345"),
        ("vx：zhang_9988", "wechat", "zhang_9988"), ("QQ：123456789", "qq", "123456789"), ("加q群 87654321", "qq", "87654321"),
        ("邮箱hr@example.com。", "email", "hr@example.com"), ("看https://a.example/x?y=1，谢谢", "url", "https://a.example/x?y=1"),
        ("地址：文化路88号3楼", "address", "文化路88号3楼"), ("启明辅导中心欢迎您", "institution", "启明辅导中心"),
    ],
)  # fmt: skip
def test_a_contact_is_found_in_its_plain_form(text: str, kind: str, value: str) -> None:
    values = [entity.value for entity in found(text, kind)]
    assert value in values or (
        kind in {"address", "institution"} and any(item.endswith(value) for item in values)
    )


def test_one_number_for_both_stands_under_both() -> None:
    text = "联系13800001111（微信同号）"
    assert [entity.value for entity in found(text, "phone")] == ["13800001111"]
    assert [entity.value for entity in found(text, "wechat")] == ["13800001111"]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("80元/小时", "80", "hour"), ("80-100元一小时", "80-100", "hour"), ("￥200/节", "200", "lesson"), ("课时费120", "120", "lesson"),
        ("学费3980元/学期", "3980", "term"), ("月薪1.2万", "12000", "month"), ("9.9元试听", "9.9", "none"), ("1200元每月", "1200", "month"),
        ("150/h", "150", "hour"), ("年卡9800元一年", "9800", "year"),
    ],
)  # fmt: skip
def test_a_price_is_found_with_its_unit(text: str, value: str, unit: str) -> None:
    assert [(entity.value, entity.unit) for entity in found(text, "price")] == [(value, unit)]


@pytest.mark.parametrize("text", ["2026年9月1日", "每周2次/周", "订单号123456789012345", "高三5班", "13800"])
def test_numbers_that_are_nothing_of_the_kind(text: str) -> None:
    assert find_entities(text) == ()
