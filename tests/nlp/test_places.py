from __future__ import annotations

import pytest

from core.regions import load_regions
from nlp.place_names import PlaceNames
from nlp.place_words import LANDMARKS, LARGEST, PLACED_ONLY, SAID, TOWNS
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
        ("营地在安吉山里", "330523"), ("底薪1.6万，静安", "310106"), ("武侯这片他都跑", "510107"), ("离雨花近点", "430111"), ("仅限北碚", "500109"), ("位置灞桥", "610111"), ("坐标碑林", "610103"),
        ("周村，加我", "370306"), ("，汉阳王家湾，", "420105"), ("急，福田岗厦附近", "440304"), ("丰台科丰桥，六十", "110106"), ("台州路桥", "331004"), ("在台州路桥找老师", "331004"), ("家住海盐，初三", "330424"), ("在蓝田找老师", "610122"), ("📍红谷滩 🕕一三五", "360113"), ("翔安➡小1女", "350213"), ("【回收单】武侯，两次", "510107"), ("江宁大学城", "320115"), ("萧山优先", "330109"),
        ("坐标南山", "440305"), ("去南山区上课", "440305"), ("住白云区，初二", "440111"), ("贵阳白云区，初二", "520113"), ("鹤岗南山区", "230404"), ("合肥滨湖", "3401"),
        ("坐标安定团结，初三", "621102"), ("，光明光明附近，", "440311"), ("住在光明光明，", "440311"), ("我们光明公明，初三", "440311"), ("能带，大兴黄村，上门", "110115"), ("，龙华民治，", "440309"), ("我家龙华民治片区可上门", "440309"),
        ("坐标杭州，教师来自北京、上海、武汉", "3301"), ("杭州家教，老师毕业于北京、上海、武汉高校", "3301"), ("坐标上海！武汉、南京、西安、杭州都有同学", "31"), ("上海家教，老师来自武汉、南京、成都", "31"), ("坐标浙江杭州，服务过北京、上海、武汉的学生", "3301"), ("坐标杭州西湖区，校友在北京、上海、武汉", "330106"), ("坐标杭州，西湖区，对比过北京海淀区、上海浦东新区、武汉洪山区", "330106"), ("湖南长沙家教，校友在杭州、上海、武汉", "4301"), ("老家长沙，武汉附近上门", "4201"), ("老师来自武汉，武汉校区，北京也有", "4201"), ("老家长沙", "4301"),
        ("坐标玄武，初三", "320102"), ("玄武附近，初三", "320102"), ("仅限浦东，英语", "310115"), ("限浦东，英语", "310115"), ("急招，限浦东，", "310115"),
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
        ("招老师，白云区嘉禾", "嘉禾街道"), ("家住乐清虹桥", "虹桥镇"), ("西湖区古荡", "古荡街道"), ("宝山大场", "大场镇"), ("大兴黄村", "黄村地区"), ("南山西丽", "西丽街道"),
        ("南翔这边的晚托", "南翔镇"), ("常平镇附近", "常平镇"), ("浦沿的妈妈看过来", "浦沿街道"), ("关山街道两公里内", "关山街道"), ("一晚七十，洪家楼", "洪家楼街道"), ("虎门这边", "虎门镇"),
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
        "寿比南山，福如东海", "周末去南山，看日出", "南山寺祈福", "蓝天、白云、草地", "天河部落", "海珠新村", "请@静安 看一下", "萧山中学毕业", "福田汽车，九成新", "丰台老师讲得好", "姑苏城外寒山寺", "糖、海盐、黄油", "蓝田，再坐一会", "在白云上飘", "安吉游戏理念", "在安吉游戏中成长", "静安老师讲得好", "主讲：静安，十年", "思明，你晚上来", "在静安寺烧香",
        "中山路步行街", "教培是朝阳产业", "东城、朝阳都去", "老家乐清，教数学", "来自义乌的老师", "籍贯：义乌", "越秀·星汇城", "洪山菜薹", "南翔小笼包", "虎门销烟", "盛泽面料", "容桂路38号", "民治公司",
        "星火镇小学招老师", "鼓楼区湖东街道", "城东附近", "住滨湖这边", "走特长【通道】", "师大英语专业优先", "合作优先", "六(2)武安;六(3)何泽", "家离太平洋百货不远", "只教《姑苏行》", "住西湖区",
        "北京、上海、河南、四川、乐清、湖北均有校区", "上海静安、北京朝阳、深圳南山、杭州西湖均有校区",
        "安定团结", "祝大家平安平安", "祝大家光明光明", "祝大家前进和平", "友谊建设，靠你我", "在和平建设时期", "这次西湖留下了回忆", "讲新华八一故事", "来自光明光明",
        "坐标北京、上海、广州、武汉", "坐标北京，上海，广州，武汉", "北京家教，上海家教，武汉家教，广州家教", "地址：上海静安、北京朝阳、深圳南山、杭州西湖", "北京 上海 广州 武汉家教", "老师来自北京、上海、武汉、杭州", "北京，上海，广州，武汉家教", "去北京玩过，还有上海、武汉、广州",
        "玄武、白虎", "玄武，朱雀，青龙，白虎", "无限浦东", "不限浦东的", "期限安吉，", "青龙、朱雀",
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


def test_every_town_is_one_of_its_county_and_every_name_said_alone_has_one_county() -> None:
    names = PlaceNames(load_regions())
    assert all(names.is_town(town) for towns in TOWNS.values() for town in towns.split())
    assert all(len(load_regions().get(code).code) in (6, 9) for code in LARGEST.values())
    assert {
        name for name in SAID | PLACED_ONLY if len(names.county_codes(name)) != 1
    } == SAID & LARGEST.keys()


@pytest.mark.parametrize("unit", ["路", "北京", "街道", "杭州市西湖区", "朝阳", "市南区青岛"])
def test_a_page_of_nothing_but_names_gets_an_answer(unit: str) -> None:
    region = find_region(unit * (50_000 // len(unit)))
    assert region is None or region.name
