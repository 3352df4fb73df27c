"""Contacts and prices in forms that a stranger's review found missed, with their neighbours that are none."""

from __future__ import annotations

import pytest

from nlp.entities import find_entities


def values(text: str, kind: str) -> list[str]:
    return [item.value for item in find_entities(text) if item.kind == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("数学一对一，➕ lily88teach", "lily88teach"), ("详聊+我 mathli_01", "mathli_01"), ("加薇xin：mathli_01", "mathli_01"), ("w❤：mathli_01", "mathli_01"),
        ("w e i：zhangls2024", "zhangls2024"), ("V：一三八零零零零一一一一", "13800001111"), ("微：1 3 8 0 0 0 0 1 1 1 1", "13800001111"), ("微xin: teacher_wu7", "teacher_wu7"),
        ("加我teacher_88", "teacher_88"), ("扫码https://u.wechat.com/kAbc123进群", "https://u.wechat.com/kAbc123"),
    ],
)  # fmt: skip
def test_an_account_is_found(text: str, expected: str) -> None:
    assert values(text, "wechat") == [expected]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("电话138oo13ooo1", "phone", ["13800130001"]), ("138ooo01111", "phone", ["13800001111"]), ("math_lily#qq.com", "email", ["math_lily@qq.com"]),
        ("邮箱zhang88#163.com", "email", ["zhang88@163.com"]), ("lihua艾特163点com", "email", ["lihua@163.com"]), ("看www点xuexi点com", "url", ["www.xuexi.com"]),
        ("v.douyin.com/iJ8abc/", "url", ["v.douyin.com/iJ8abc/"]), ("http短链t.cn/A6abc", "url", ["t.cn/A6abc"]), ("m.xuexi.com/abc", "url", ["m.xuexi.com/abc"]),
        ("看 abc.com#qq.com", "email", []), ("电话0571-88886666转8003", "phone", ["057188886666"]), ("400-820-8820 转 12", "phone", ["4008208820"]),
    ],
)  # fmt: skip
def test_a_disguised_address_or_number_is_found(text: str, kind: str, expected: list[str]) -> None:
    assert values(text, kind) == expected


@pytest.mark.parametrize("text", ["加我qq88776655详聊", "+qq88776655", "➕q88776655", "加我tel13800001111"])
def test_a_named_label_is_no_part_of_an_account(text: str) -> None:
    assert values(text, "wechat") == []


def test_an_address_is_nothing_else_besides() -> None:
    assert values("math_lily#qq.com", "url") == values("lihua艾特163点com", "url") == []
    assert values("扫码https://u.wechat.com/kAbc123进群", "url") == []


@pytest.mark.parametrize(
    "text",
    [
        "数学+english2", "语文 + python3basic", "c++ programming2", "1+project2024", "foo138oo", "今天9点comfort班", "上午8点net课", "我们v5.0.1版", "e.g. cn/abc", "加我微信聊", "b+windows10",
        "数学➕英语➕science1",
    ],
)  # fmt: skip
def test_what_is_no_contact_stays_none(text: str) -> None:
    assert [item for item in find_entities(text) if item.kind in ("wechat", "url", "email", "phone")] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("初二数学上门，两小时260，地铁口", [("260", "package")]), ("晚托月3000，", [("3000", "month")]), ("数学15O一节", [("150", "lesson")]), ("一节15O", [("150", "lesson")]), ("定金200，", [("200", "deposit")]),
        ("押金500元", [("500", "deposit")]), ("每次2OO元", [("200", "lesson")]), ("交定金100元占位", [("100", "deposit")]),
    ],
)  # fmt: skip
def test_a_price_is_read(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(item.value, item.unit) for item in find_entities(text) if item.kind == "price"] == expected


@pytest.mark.parametrize(
    "text",
    ["两小时260人", "8月3000人", "每天两小时30分", "开学月2025，", "15O班一节课", "岁月3000字"],
)
def test_what_is_no_price_stays_none(text: str) -> None:
    assert values(text, "price") == []
