from __future__ import annotations

import pytest

from nlp.entities import find_entities


def values(text: str, kind: str) -> list[str]:
    return [item.value for item in find_entities(text) if item.kind == kind]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("欢迎加入启明教育科技有限公司", "institution", "启明教育科技有限公司"), ("【松鼠教员】单号12", "institution", "松鼠教员"), ("我是小树家教网", "institution", "小树家教网"),
        ("地址：文化路88号3楼", "address", "文化路88号3楼"), ("位于滨江花园3栋", "address", "滨江花园3栋"), ("联系王老师", "person", "王老师"), ("找陈晓女士", "person", "陈晓女士"),
    ],
)  # fmt: skip
def test_a_name_is_found(text: str, kind: str, value: str) -> None:
    assert value in values(text, kind)


@pytest.mark.parametrize(
    "text", ["素质教育和家庭教育", "教育局通报", "家政服务员", "老师好", "一条路", "我在小区里"]
)
def test_ordinary_words_are_no_names(text: str) -> None:
    assert find_entities(text) == ()


@pytest.mark.parametrize("unit", ["路", "号", "教育", "有限公司", "王", "小区", "【", "老师", "路1号"])
def test_a_page_of_nothing_but_endings_gets_an_answer(unit: str) -> None:
    found = find_entities(unit * (60_000 // len(unit)))
    assert all(item.value for item in found)
