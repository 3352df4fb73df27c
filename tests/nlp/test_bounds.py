"""Each rule of the bounds with a text that it must touch and one that it must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.model import Channel
from core.rules import Violation
from nlp.bounds import DOUBT, LIFTED, LIFTED_ROOM, lifted, tempered
from nlp.reading import Reader

SURE = 0.9


@pytest.fixture(scope="module")
def reader(rules: list[Violation], words: Path) -> Reader:
    return Reader(rules, words)


@pytest.mark.parametrize(
    "text",
    ["代办择校，名额有限，定金两千", "志愿填报收费一对一，498元"],
)
def test_brokered_places_are_lifted(reader: Reader, text: str) -> None:
    assert lifted(0.1, reader.read(text)) == LIFTED
    assert lifted(SURE, reader.read(text)) == SURE


@pytest.mark.parametrize(
    "text",
    [
        "教室出租，适合补课", "办学许可证转让，可辅导班挂靠授课", "教室短租，带课老师看过来", "教室按天租，给名师补课团队用的",
        "共享教室，补课老师按小时算", "时租自习室，可授课",
    ],
)  # fmt: skip
def test_rooms_offered_to_tutors_are_lifted(reader: Reader, text: str) -> None:
    assert lifted(0.1, reader.read(text)) == LIFTED_ROOM
    assert lifted(SURE, reader.read(text)) == SURE


@pytest.mark.parametrize("word", ["语文补课", "数学家教", "小班数学补课", "英语一对一"])
def test_tuition_spelled_by_the_beginnings_of_lines_is_lifted(reader: Reader, word: str) -> None:
    text = "\n".join(f"{character}，免费看看" for character in word)
    assert lifted(0.1, reader.read(text)) == LIFTED
    assert lifted(SURE, reader.read(text)) == SURE


@pytest.mark.parametrize("word", ["小学数学", "家访教研老师", "补丁课程数学"])
def test_other_beginnings_of_lines_are_not_lifted(reader: Reader, word: str) -> None:
    assert lifted(0.1, reader.read("\n".join(f"{character}，你看" for character in word))) == 0.1


@pytest.mark.parametrize(
    "text",
    [
        "教育局提醒：谨防代办择校骗局，定金不退", "志愿填报讲座免费", "择校要考虑离家多远", "教室出租，禁止补课", "自习室出租座位，安静",
        "房管所提醒：出租人发现承租人在屋内办补课点、可授课的，要报告", "合租，楼上是补课班，太吵", "求租一间房，接受跟补习班做邻居",
        "教室出租，原租客可补课被查走人", "择校代办，定金六万被骗", "瑜伽教室出租，可授课", "房子出租，近地铁", "市招生办9月19日起受理志愿填报，信息有误到学校办理", "",
    ],
)  # fmt: skip
def test_warnings_free_help_and_other_rooms_are_not_lifted(reader: Reader, text: str) -> None:
    assert lifted(0.1, reader.read(text)) == 0.1


@pytest.mark.parametrize(
    ("doubted", "plain"),
    [
        ("古筝一对一教学，零基础", "古筝一对一教学，也教数学"),
        ("学员多为白领，晚上上课", "初二孩子晚上上课"),
        ("旧课本打包，包邮", "旧课本和录播课程打包，包邮"),
        ("两室整租，近学校", "两室整租，可作教室补课"),
        ("出版社招教辅编辑，兼职", "出版社编辑带学员，辅导作文"),
        ("晚托只管看护和接送", "晚托只管看护，另加数学提优"),
        ("美术集训，文化课不含", "美术集训，文化课全包"),
        ("英语培训机构转型开了家咖啡馆，来坐坐", "英语培训机构改做咖啡，楼上照常讲初三英语"),
        ("数语培训改行开面馆", "数语培训改行开面馆，一对一名额留了两个"),
        ("三（2）班课程表\n周一\n周二\n数学\n语文\n体育\n班会", "三人小班课程表\n周一\n周二\n数学\n语文\n体育\n班会\n每节80元"),
        ("今日作业：语文抄写生字，数学口算两页，家长签字", "今日作业：语文抄写生字，数学口算两页，不会的有人讲，包月六百"),
        ("三年级座位表，讲台，语文课代表李子涵，数学课代表王一诺", "三年级数学小班座位表，已占座位八个，试听免费"),
        ("七年级数学上册目录，第一章有理数", "七年级数学上册目录，第一章有理数，录播课全套，九十九元"),
        ("一年级期末复习提纲，语文：看拼音写词语；数学：100以内加减法", "一年级期末复习提纲，语文数学都带，300一期"),
        ("今年高考分数线：文科538、理科512", "今年高考分数线：文科538、理科512，没过线的来找我，高四数学名额三个"),
        ("大学生义务辅导，全程免费", "大学生辅导，全程免费试听后80元一小时"),
        ("要不要给孩子补数学", "给孩子补数学找我"),
        ("周围都在偷偷补课，我们不想补", "周围都在偷偷补课，不想补就落后，电话13800001111"),
        ("隔壁娃天天补课到十点，数学物理英语一个不落，我家就晚饭后散步", "隔壁娃天天补课到十点，数学物理英语一个不落，你家也来，报名"),
        ("我侄女每天补课四小时，周末还有奥数，看着心疼", "我侄女每天补课四小时，周末还有奥数，再收两个"),
        ("教育局通报某机构违规补课", "某机构初中补课，名额有限"),
    ],
    ids=["arts", "grown", "goods", "house", "employer", "care", "own regime", "other trade", "other trade, one to one", "week of a school", "note to a class", "seats", "contents of a book", "what to revise", "line of points", "free", "talk", "talk of others", "gossip", "gossip of kin", "official"],
)  # fmt: skip
def test_each_doubt_touches_its_own_and_not_the_offer_beside_it(
    reader: Reader, doubted: str, plain: str
) -> None:
    expected = SURE / (SURE + (1 - SURE) * DOUBT)
    assert tempered(SURE, reader.read(doubted), "other") == pytest.approx(expected)
    assert tempered(SURE, reader.read(plain), "other") == SURE


@pytest.mark.parametrize("channel", ["news", "gov"])
def test_who_leaves_a_number_offers_even_in_the_news(reader: Reader, channel: Channel) -> None:
    text = "初二数学辅导班开课"
    assert tempered(SURE, reader.read(text), channel) < SURE
    assert tempered(SURE, reader.read(f"{text}，电话13800001111"), channel) == SURE
    assert tempered(SURE, reader.read(text), "forum") == SURE
