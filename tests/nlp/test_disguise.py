from __future__ import annotations

from pathlib import Path

import pytest

from nlp.disguise import Disguise, change_at


@pytest.fixture(scope="module")
def disguise(words: Path) -> Disguise:
    return Disguise(words)


@pytest.mark.parametrize(
    ("hidden", "plain"),
    [
        ("薯学提高", "数学提高"), ("初二数🍠", "初二数学"), ("英🐟作业", "英语作业"), ("yu文阅读", "语文阅读"), ("高kao冲刺", "高考冲刺"),
        ("小学fudao", "小学辅导"), ("V信abc", "微信abc"), ("车甫导", "辅导"), ("1⃣对1⃣", "一对一"), ("老浉", "老师"), ("堁程", "课程"),
        ("教.育 补.课", "教.育 补课"), ("一 对 一", "一对一"), ("輔導", "辅导"), ("高栲", "高考"), ("渶语", "英语"), ("初二JJ上门", "初二家教上门"),
    ],
)  # fmt: skip
def test_a_disguise_is_undone(disguise: Disguise, hidden: str, plain: str) -> None:
    assert disguise.undo(hidden).text == plain


@pytest.mark.parametrize(
    "text",
    [
        "高中 考试",
        "小雪初霁",
        "莫忘初衷",
        "教室里",
        "JJ林俊杰演唱会",
        "shuxueabc",
        "今天的书写得好",
        "输出中断",
        "mathjjxyz",
    ],
)
def test_ordinary_writing_stays(disguise: Disguise, text: str) -> None:
    assert disguise.undo(text).text == text.lower()


def test_offsets_lead_back_to_the_original(disguise: Disguise) -> None:
    text = "📚找老 师，辅🌟导数🍠"
    plain = disguise.undo(text)
    place = plain.text.index("数学")
    assert plain.span(place, place + 2).text == "数🍠"
    change = change_at(plain, text.index("🍠"), text.index("🍠") + 1)
    assert change is not None
    assert change.plain == "数学"
    assert change_at(plain, 0, 1) is None
    assert len(plain.text) == len(plain.starts) == len(plain.ends)
