from __future__ import annotations

from pathlib import Path

import pytest

from nlp.disguise import DOWN, Disguise


@pytest.fixture(scope="module")
def disguise(words: Path) -> Disguise:
    return Disguise(words)


@pytest.mark.parametrize(
    ("hidden", "plain"),
    [
        ("薯学提高", "数学提高"), ("初二数🍠", "初二数学"), ("英🐟作业", "英语作业"), ("yu文阅读", "语文阅读"), ("高kao冲刺", "高考冲刺"),
        ("小学fudao", "小学辅导"), ("V信abc", "微信abc"), ("车甫导", "辅导"), ("1⃣对1⃣", "一对一"), ("老浉", "老师"), ("堁程", "课程"), ("家孝攵初巾物埋", "家教初中物理"),
        ("数孛、敉学 甫岛", "数学、数学 辅导"), ("补×课", "补课"), ("补讠果", "补课"), ("3×4=12", "3×4=12"), ("看🍊绩", "看成绩"),
        ("教.育 补.课", "教.育 补课"), ("一 对 一", "一对一"), ("輔導", "辅导"), ("高栲", "高考"), ("渶语", "英语"), ("初二JJ上门", "初二家教上门"),
        ("sheng学规划，zhuan学代办", "升学规划,转学代办"), ("xue位难求", "学位难求"),
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
    [change] = [change for change in plain.changes if change.end == len(text)]
    assert (text[change.start : change.end], change.plain) == ("数🍠", "数学")
    assert len(plain.text) == len(plain.starts) == len(plain.ends)


@pytest.mark.parametrize(
    "text",
    [
        "女生身高165，教初二数学一对一", "身高180，教初二数学", "男老师身高1米8，教小学", "净高1.65，可作教室",
        "小学数学老师，薇 yy_sx2020", "小学数学老师，wuli_laoshi", "快手号 lily_math66，教小学", "微信 sx188，教小学语文",
        "邮箱sx@qq.com，教小学", "看 www.math.com 学英语", "11v11足球，小学老师", "@math66 小学老师", "抖音号：yy-2020，语文老师",
    ],
)  # fmt: skip
def test_accounts_and_measures_hide_no_word(disguise: Disguise, text: str) -> None:
    assert [change.plain for change in disguise.undo(text).changes if change.plain not in {"微信"}] == []


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("初3sx150一节", "初三数学150一节"), ("高1数学", "高一数学"), ("高1、高2物理", "高一、高二物理"), ("薇 abc123，sx辅导", "薇 abc123，数学辅导"),
        ("sx yy老师200/h", "数学英语老师200/h"), ("shuxue1对1", "数学一对一"), ("1v1200元", "一对一200元"), ("+v13800001111", "微信13800001111"),
        ("f_u_dao", "辅导"), ("初1.初2数学", "初一.初二数学"),
    ],
)  # fmt: skip
def test_what_stands_beside_figures_is_undone(disguise: Disguise, text: str, plain: str) -> None:
    assert disguise.undo(text).text == plain.replace("，", ",")


@pytest.mark.parametrize(
    "mark",
    ["\u200b", "\u00ad", "\u034f", "\u3164", "\u2062", "\u2066", "\ufe01", "\U000e0101", "\u20dd", "\u0336"],
)
def test_an_officer_is_told_of_what_he_cannot_see_inside_a_word(disguise: Disguise, mark: str) -> None:
    text = f"数学提高{mark}考试成绩，周末补{mark}课"
    plain = disguise.undo(text)
    assert plain.text == "数学提高考试成绩,周末补课"
    assert [(change.plain, text[change.start : change.end]) for change in plain.changes] == [
        ("补课", f"补{mark}课")
    ]
    assert [change.told for change in plain.changes] == ["补课（字间夹有看不见的字符）"]


@pytest.mark.parametrize("text", ["數學\u200b語文補習", "❤️数学❤️", "輔導", "\ufeff初二数学\u200b一对一"])
def test_marks_between_words_and_traditional_writing_are_no_disguise(disguise: Disguise, text: str) -> None:
    assert disguise.undo(text).changes == ()


LINES = "{0}语感要从小培养\n{0}文字多积累\n{0}补短板靠坚持\n{0}课后多陪伴\n加微信liwei2024"


@pytest.mark.parametrize("lead", ["", "🌟", "1. ", "①", "（2）", "一、", "▶️ ", "【", "1️⃣"])
def test_lines_spell_a_word_whatever_stands_before_them(disguise: Disguise, lead: str) -> None:
    plain = disguise.undo(LINES.format(lead))
    assert plain.spelled == "语文补课"
    assert plain.text.endswith("\n语文补课")
    assert [(change.plain, change.how) for change in plain.changes if change.how == DOWN] == [
        ("语文补课", DOWN)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "语文\n数学\n英语\n物理", "1. 语文\n2. 数学\n3. 英语\n4. 物理", "1月\n2月\n3月\n4月", "家里\n校园\n教室\n老师\n师生",
        "家访\n教研\n会议\n老师\n师生",
    ],
)  # fmt: skip
def test_other_lists_spell_nothing_certain(disguise: Disguise, text: str) -> None:
    assert disguise.undo(text).spelled == ""


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("czsx、gzwl都可以带，一次两小时300", "初中数学、高中物理都可以带,一次两小时300"), ("接gzhx，晚上七点后", "接高中化学,晚上七点后"),
        ("有czsx单，男女不限", "有初中数学单,男女不限"), ("gzsxwl家教", "高中数学物理家教"), ("九年级wlhx照旧", "九年级物理化学照旧"),
        ("xxyy一节80", "小学英语一节80"), ("c3sx260一次", "初三数学260一次"), ("接gzjj，女大学生", "接高中家教,女大学生"),
    ],
)  # fmt: skip
def test_joined_initials_are_undone(disguise: Disguise, text: str, plain: str) -> None:
    assert disguise.undo(text).text == plain


@pytest.mark.parametrize(
    "text",
    [
        "薇 gzsx2020，小学老师",
        "gzwl这个缩写谁懂",
        "abczsx接单",
        "小学老师，快手号 gz_sx",
        "swlhxy",
        "微信:gzwlhx 教小学",
        "zzzz呼噜",
    ],
)
def test_initials_of_something_else_stay(disguise: Disguise, text: str) -> None:
    assert [change.plain for change in disguise.undo(text).changes if change.plain != "微信"] == []


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("暑假课补，有需要私", "暑假补课,有需要私"), ("导辅小学生，晚上", "辅导小学生,晚上"), ("学数、文语", "数学、语文"), ("教家单来啦", "家教单来啦"),
        ("招师老，要求女生", "招老师,要求女生"), ("小学数🍠，导辅", "小学数学,辅导"), ("导辅业作", "辅导作业"),
    ],
)  # fmt: skip
def test_swapped_neighbours_are_undone(disguise: Disguise, text: str, plain: str) -> None:
    assert disguise.undo(text).text == plain


@pytest.mark.parametrize(
    "text",
    [
        "上课补充几句", "大学数学", "上网课补生物", "把那一课补回来", "学数学要耐心", "老师老是说", "律师老王", "宗教家庭", "教家长拍照",
        "家教家风", "指导辅导员", "语文语法", "整理物品", "学化妆", "课补上了", "教师老张家", "学数数", "年级年末",
    ],
)  # fmt: skip
def test_neighbours_of_two_words_stay(disguise: Disguise, text: str) -> None:
    assert disguise.undo(text).text == text
