from __future__ import annotations

import pytest

from core.regions import load_regions
from nlp.place_words import LANDMARKS
from nlp.sheet import find_region
from tests.nlp.labelled import read_half, region_right


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("北京市 海淀区", "110108"), ("坐标长沙岳麓，找家教", "430104"), ("杭州滨江区附近", "330108"), ("海淀附近上门", "110108"),
        ("南京市鼓楼区", "320106"), ("福州市鼓楼区", "350102"), ("上海浦东新区", "310115"), ("在深圳", "4403"),
        ("北京朝阳，英语", "110105"), ("辽宁朝阳找老师", "2113"), ("大连中山，英语", "210202"), ("湖南长沙", "4301"), ("長沙岳麓區", "430104"),
        ("青岛市南区", "370202"), ("海淀中关村", "110108"), ("上海莘庄，数学", "310112"), ("家住义乌", "330782"), ("恩施市家教", "422801"),
        ("衡水模式全封闭管理 武汉校区", "4201"), ("衡水中学名师 郑州校区", "4101"), ("衡水金卷 石家庄", "1301"), ("衡水找家教", "1311"), ("衡水中学附近上门", "1311"), ("河北衡水家教", "1311"),
        ("长沙岳麓总部，武汉校区招生", "4201"), ("武汉校区：洪山区珞喻路", "420111"), ("郑州中原校区", "410102"), ("济南历下区上门，山东大学威海校区大三", "370102"), ("济南历下区家教，威海校区在读", "370102"), ("北京总部，上海分校", "31"),
        ("海淀五棵松", "110108"), ("海淀初三数学", "110108"), ("【家教单】海淀初三数学", "110108"), ("石景山初三", "110107"), ("丰台科技园 数学", "110106"), ("大兴亦庄", "110115"), ("朝阳望京，英语", "110105"), ("南山科技园", "440305"), ("南山区科技园", "440305"), ("天通苑初二", "110114"), ("海曙五年级", "330203"), ("普陀真如", "310107"),
        ("鼓楼区附近，坐标南京", "320106"), ("主要在河南郑州", "4101"), ("天通苑附近，初二物理", "110114"),
        ("gz天河 大学生 英语", "440106"), ("gz番禺，家教", "440113"),
    ],
)  # fmt: skip
def test_a_place_is_understood(text: str, code: str) -> None:
    region = find_region(text)
    assert region is not None
    assert region.code[: len(code)] == code


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("杭州市余杭区仓前街道某小区", "仓前街道"), ("天河车陂，数学", "车陂街道"), ("东莞市虎门镇", "虎门镇"), ("上海市静安区大宁路街道", "大宁路街道"),
        ("浦东新区张江镇", "张江镇"), ("广东省汕头市潮南区峡山", "峡山街道"), ("杭州，仓前街道", "仓前街道"),
    ],
)  # fmt: skip
def test_the_street_is_understood_where_it_is_named(text: str, name: str) -> None:
    region = find_region(text)
    assert region is not None
    assert region.name == name


@pytest.mark.parametrize(
    "text",
    [
        "北京师范大学毕业", "南京路步行街", "", "和平时期", "今天天气好", "长白山滑雪", "在朝阳下读书", "王朝阳同学", "鼓楼区附近", "黄冈密卷九成新",
        "衡水模式", "衡水中学名师团队", "黄冈金卷全套", "南开高三学生", "光明初三", "和平初三数学", "城西高一女生", "滨湖三年级", "今天全市七年级都考", "大兴土木", "海淀真题初三", "科技园初三",
        "地址湖滨大酒店", "城厢镇步行街", "重庆火锅", "各位来宾", "成都某某大学毕业",
    ],
)  # fmt: skip
def test_a_name_within_another_name_is_no_place(text: str) -> None:
    assert find_region(text) is None


def test_the_first_text_that_names_a_place_decides() -> None:
    region = find_region("", "杭州市 余杭区", "北京市海淀区")
    assert region is not None
    assert region.name == "余杭区"


@pytest.mark.parametrize("held_back", [False, True], ids=["built-on", "held-back"])
def test_places_of_our_own_posts_are_understood(held_back: bool) -> None:
    posts = [post for post in read_half(held_back) if post.region is not None]
    named = [post for post in posts if post.region]
    assert len(named) >= 40
    assert sum(region_right(post, find_region(post.text)) for post in named) >= 0.9 * len(named)
    unnamed = [post for post in posts if not post.region]
    assert sum(region_right(post, find_region(post.text)) for post in unnamed) >= 0.97 * len(unnamed)


def test_every_landmark_lies_in_a_county_that_there_is() -> None:
    assert all(len(load_regions().get(code).code) == 6 for code in LANDMARKS.values())


@pytest.mark.parametrize("unit", ["路", "北京", "街道", "杭州市西湖区", "朝阳", "市南区青岛"])
def test_a_page_of_nothing_but_names_gets_an_answer(unit: str) -> None:
    region = find_region(unit * (50_000 // len(unit)))
    assert region is None or region.name
