from __future__ import annotations

import pytest

from nlp.places import find_region


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("北京市 海淀区", "110108"), ("坐标长沙岳麓，找家教", "430104"), ("杭州滨江区附近", "330108"), ("海淀附近上门", "110108"),
        ("南京市鼓楼区", "320106"), ("福州市鼓楼区", "350102"), ("上海浦东新区", "310115"), ("在深圳", "4403"),
    ],
)  # fmt: skip
def test_a_place_is_understood(text: str, code: str) -> None:
    region = find_region(text)
    assert region is not None
    assert region.code == code


@pytest.mark.parametrize("text", ["北京师范大学毕业", "南京路步行街", "", "和平时期", "今天天气好"])
def test_a_name_within_another_name_is_no_place(text: str) -> None:
    assert find_region(text) is None


def test_the_first_text_that_names_a_place_decides() -> None:
    region = find_region("", "杭州市 余杭区", "北京市海淀区")
    assert region is not None
    assert region.name == "余杭区"
