from __future__ import annotations

from pathlib import Path

import pytest

from nlp.disguise import DOWN, Disguise
from nlp.words import read_table


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


def test_no_class_of_the_list_is_believed_without_a_list_of_places_around_it(
    disguise: Disguise, words: Path
) -> None:
    listed = [
        form for plain, forms in read_table(words, "disguise").items() if "年级" in plain for form in forms
    ]
    assert len(listed) == 100
    for form in listed:
        assert disguise.undo(f"大家说{form}很好").text == f"大家说{form}很好"
        assert "年级" in disguise.undo(f"{form} 周二晚 空1").text


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


@pytest.mark.parametrize(
    "text",
    [
        "数学，加微信mathlee88", "数学，+微信 mathlee88", "数学，＋微信mathlee88", "数学，➕微信mathlee88", "扫码加微信群，数学", "添加微信 数学", "加 微信 abc1234",
        "增加微信好友", "参加微课学习",
    ],
)  # fmt: skip
def test_to_add_wechat_is_no_disguise(disguise: Disguise, text: str) -> None:
    plain = disguise.undo(text)
    assert plain.changes == ()
    assert "微信信" not in plain.text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("数学，加V信mathlee88", "V信"), ("数学，加薇信mathlee88", "薇信"), ("数学，加vx信mathlee88", "vx信"), ("数学，+wei信 mathlee88", "wei信"),
        ("数学，+weixin mathlee88", "weixin"), ("数学，加微❤mathlee88", "微❤"), ("数学，加薇xx8820", "加薇"), ("数学，➕V xxa88", "➕V"), ("数学，加微abc1234", "加微"),
        ("加微\u200b信abc", "微\u200b信"), ("加薇心看图", "加薇心"), ("有事加威信", "威信"), ("威信:abc12345", "威信"), ("威信同号", "威信"),
    ],
)  # fmt: skip
def test_a_disguise_of_wechat_is_undone_once(disguise: Disguise, text: str, written: str) -> None:
    plain = disguise.undo(text)
    assert [(text[change.start : change.end], change.plain) for change in plain.changes] == [
        (written, "微信")
    ]
    assert plain.text.count("微信") == 1
    assert "微信信" not in plain.text


@pytest.mark.parametrize(
    "text", ["在家长中很有威信", "树立威信,号召力强", "增加威信", "威信县,数学", "在同学里威信高"]
)
def test_the_esteem_of_a_teacher_is_no_wechat(disguise: Disguise, text: str) -> None:
    assert disguise.undo(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "上门家教 初三物理 小🍠私信我", "🍠友推荐的英语老师", "🍠号同名,英语课", "大🍠 英语老师", "红🍠学名番薯", "小🍠学习笔记", "英语老师,🍠主页有课表",
        "gz天河 大学生 英语", "gz番禺,英语老师", "gz·越秀 英语课", "英语老师 sw大厦3楼", "英语课 yy语音见", "wl科技 招聘老师", "sx公司招老师",
        "求jj单曲,老师也爱听", "去机场接jj,晚点", "代购jj耳机,满三单包邮", "jj单身", "zk 转卡", "日中k线冲刺", "初中k12冲刺班", "加班k歌",
    ],
)  # fmt: skip
def test_what_stands_beside_shows_something_else(disguise: Disguise, text: str) -> None:
    assert disguise.undo(text).text == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("初二🍠私教", "初二数学私教"), ("数🍠，私信", "数学,私信"), ("gz英语", "高中英语"), ("英语yy语法", "英语英语语法"), ("jj公司招老师", "家教公司招老师"),
        ("女生接jj单 90一小时", "女生接家教单 90一小时"), ("大三女生接jj，90/h", "大三女生接家教,90/h"), ("接jj，小初都行", "接家教,小初都行"),
        ("jj单（淄博）小五", "家教单(淄博)小五"), ("zk冲刺", "中考冲刺"), ("gk复习", "高考复习"), ("中k冲刺", "中考冲刺"), ("高k 押题", "高考 押题"),
    ],
)  # fmt: skip
def test_what_stands_beside_shows_the_word(disguise: Disguise, text: str, plain: str) -> None:
    assert disguise.undo(text).text == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("语W数X英Y", "语文数学英语"), ("语w/数x/英y", "语文/数学/英语"), ("数x 英y", "数学 英语"), ("数X+英Y 提前跑完", "数学+英语 提前跑完"),
        ("高①物l，时价", "高1物理,时价"), ("初二数x一节80", "初二数学一节80"), ("化x/生w，替课", "化学/生物,替课"), ("五年级英y", "五年级英语"), ("gao中数x", "高中数学"),
    ],
)  # fmt: skip
def test_a_subject_with_half_its_name_in_initials_is_undone(
    disguise: Disguise, text: str, plain: str
) -> None:
    assert disguise.undo(text).text == plain


@pytest.mark.parametrize(
    "text",
    [
        "求英y老师,六级", "自然数x,初二", "初二函数x", "初二 数x=3", "高考分数x月公布", "奥数x年级", "英语w班", "生物l", "配件化x200", "石英y轴",
    ],
)  # fmt: skip
def test_a_quantity_and_half_a_word_stay(disguise: Disguise, text: str) -> None:
    assert disguise.undo(text).text == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("七英 周二晚 空1", "七年级英语 周二晚 空1"), ("还剩：八物周四7点 1位", "还剩:八年级物理周四7点 1位"), ("六上语的坑", "六年级语文的坑"), ("9化约满", "九年级化学约满"),
        ("九上物 二/四19:30", "九年级物理 二/四19:30"), ("c1本周四开课 数学", "初一本周四开课 数学"), ("C1照常上课 数学", "初一照常上课 数学"), ("三语/满", "三年级语文/满"), ("五数六早空2", "五年级数学六早空2"),
        ("1:1辅导", "一对一辅导"), ("数学1：1教学", "数学一对一教学"), ("1 : 1 上课", "一对一 上课"), ("1∶1授课", "一对一授课"), ("1:1线上辅导", "一对一线上辅导"),
        ("英语1:1，一小时150", "英语一对一,一小时150"), ("1:1家教", "一对一家教"),
    ],
)  # fmt: skip
def test_one_teacher_to_one_pupil(disguise: Disguise, text: str, plain: str) -> None:
    assert disguise.undo(text).text == plain


@pytest.mark.parametrize(
    "text",
    [
        "第七英里", "7英寸平板 周二晚到", "六英寸 满减", "三语教学 周末", "三语早教中心招生", "三语中心", "双语、三语日常", "三语/双语幼儿园", "六英周杰伦", "三英的位置", "八物归一", "九化妆品", "四数之和", "唐三语录 周二更", "三英战吕布", "9英镑", "c1科二 周三晚 空1", "c2驾照 5000元",
        "比例1:1", "1:1还原", "按1:1教学楼制作", "1:1补货", "英语1:1比例", "师生比1:1教学", "比分1:1 教练换人", "1:12辅导", "11:1上课", "1:15上课",
        "1:1家具模型", "1:1教具", "1:1辅助线", "1:1班车", "1:1家庭影院",
    ],
)  # fmt: skip
def test_a_scale_a_score_and_an_hour_stay(disguise: Disguise, text: str) -> None:
    assert disguise.undo(text).text == text
