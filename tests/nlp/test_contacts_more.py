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
        ("➕薇 nx tuo 8866", "nxtuo8866"), ("详聊➕V ow dive 21", "owdive21"), ("微❤ liu cheng 0925", "liucheng0925"), ("加V p y a b c 0 6", "pyabc06"), ("加薇 ow·dive·21", "owdive21"),
        ("vx a.b.c.1.2.3.4", "abc1234"), ("V信：li.na.2020", "lina2020"), ("加V nx tuo 88 66，备注", "nxtuo8866"), ("微信 liucheng 0925", "liucheng0925"), ("加微ｎｘ ｔｕｏ ８８６６", "nxtuo8866"),
        ("➕薇 nx tuo ⑧⑧⑥⑥", "nxtuo8866"), ("加v nx tuo 8️⃣8️⃣6️⃣6️⃣", "nxtuo8866"),
        ("想试听加微 bcxiaoxiong", "bcxiaoxiong"), ("加v bcxiaoxiong", "bcxiaoxiong"), ("➕wei bcxiaoxiong", "bcxiaoxiong"), ("简历发微 hzbj7702", "hzbj7702"), ("加V领券，mmwz2266", "mmwz2266"),
        ("v➕ liuy_2231", "liuy_2231"), ("V 同：door2027", "door2027"), ("加个微信一起，xx_tuifei2024", "xx_tuifei2024"), ("绿🟢泡泡 qy_niu3", "qy_niu3"), ("加我喂信 gsh_shuxue8", "gsh_shuxue8"),
        ("加微亻言 ddq_0x7", "ddq_0x7"), ("挖：laowu_7", "laowu_7"), ("➕芯 pilates66", "pilates66"), ("薇芯abc123x", "abc123x"), ("v信axiaoge_yw", "axiaoge_yw"),
        ("想来的 lh_yuwen77", "lh_yuwen77"), ("直接加 dili_meow", "dili_meow"), ("感兴趣加 jms_js03", "jms_js03"), ("想报名的加lily_88，备注年级", "lily_88"), ("要的滴我👉 shuijing_y", "shuijing_y"),
        ("80一节，加 yunmeng_an", "yunmeng_an"), ("感兴趣的加 lily88", "lily88"), ("家长加 lily_math🌸", "lily_math"), ("感兴趣的朋友加 jms_js03", "jms_js03"), ("详情加 lh_yuwen77", "lh_yuwen77"), ("找我 lh_yuwen77", "lh_yuwen77"),
        ("加我微bcxiaoxiong", "bcxiaoxiong"), ("我薇bcxiaoxiong", "bcxiaoxiong"), ("微信xiaoxiong.66", "xiaoxiong66"), ("薇xiao.xiong.66", "xiaoxiong66"),
    ],
)  # fmt: skip
def test_an_account_in_groups_or_behind_an_invitation_is_found(text: str, expected: str) -> None:
    assert values(text, "wechat") == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "加V price from 80 to 100", "加微信 lily 80一小时", "加V lily 150元一节", "加V lily 150", "微信 chen lao shi 100", "微信 windows 10", "微信 for mac 2024", "微信 ios 8.0.33", "新版微信 v8.0.33",
        "v lily 13800001111", "加微 lily 88886666", "皇马 v man city 2019", "Taylor v Smith 2019", "微信 lily 2023级", "加v amy 3 5 岁", "微信 li na 2020 english", "➕ english grade 35", "加V jack 12班",
        "加v english", "加v online", "数学+v lesson", "加微 please contact", "微 shanghai", "加V xxxxxxx", "加V nx tuo xxxx",
        "直接加 max_len 参数", "想要的 note_v2.pdf", "感兴趣的看 github 上 my_repo", "想来的加 xx_yy88 开黑", "直接加 user_id", "再加 padding_left", "加 windows10", "直接加 python3", "请 snake_eyes",
        "预约 room_302", "预约：room_302", "#打卡# 加 day_37", "报名 ielts_mo", "想看的 read_along 课程", "抖音搜 想学的 lily_math", "想要的 img_0231.jpg", "单号 想接的 gy_1186", "你要的 padding_left", "想改的 some_thing", "想在这里加 margin_top", "我想要的 lily_cup", "语文加 english22",
    ],
)  # fmt: skip
def test_words_versions_prices_files_and_code_are_no_account(text: str) -> None:
    assert values(text, "wechat") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("扣7_3_0_2_6_6_1_5", "73026615"), ("扣群主 6 1 0 4 4 2 7 8 5", "610442785"), ("想要的扣 7·3·0·2·6·6·1·5", "73026615"), ("扣❗扣❗3190572846", "3190572846"), ("q❗q❗3190572846", "3190572846"),
        ("Q.Q 3·1·9·0·5·7·2·8", "31905728"), ("扣3190572846", "3190572846"), ("扣叁肆柒捌零壹贰玖", "34780129"), ("扣扣叁肆柒捌零壹贰玖六", "347801296"), ("QQ③①⑨⓪⑤⑦②⑧", "31905728"),
        ("扣扣！叁_肆_柒_捌_零_壹", "347801"), ("扣🔥扣🔥3190572846", "3190572846"), ("扣群主610442785", "610442785"), ("扣我3190572846", "3190572846"), ("扣７３０２６６１５", "73026615"),
        ("扣叁四柒捌零1贰玖六", "347801296"), ("q：叁肆柒捌零壹贰玖六", "347801296"), ("扣扣參肆柒捌零壹貳玖陸", "347801296"), ("扣扣3157720·1对1", "3157720"), ("QQ 12345678.一节课80", "12345678"),
    ],
)  # fmt: skip
def test_a_qq_number_parted_by_marks_is_found(text: str, expected: str) -> None:
    assert values(text, "qq") == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "折扣 9 8 7 6 5 4 3", "扣 1 2 3 4 5", "想要的扣1", "扣500000元", "扣20260815", "罚款，扣100000000", "纽扣 1 2 3 4 5 6 7 8", "扣一二三四五六七八", "扣 20 30 40 50 60", "qq 2.5 3.5 4.5",
        "qq:123*456_789", "扣扣3_1_5*7_7_2", "企鹅参加一二", "扣叁佰元", "扣扣 1.5.2.5元",
    ],
)  # fmt: skip
def test_marks_and_figures_that_are_no_qq_number(text: str) -> None:
    assert values(text, "qq") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("V同 13800001111", ["13800001111"]), ("V、电同号13800001111", ["13800001111"]), ("微信不同 13800001111", []), ("电话13800001111，V同号", ["13800001111"]),
        ("微信 xiaoxiong66，备用 xiaoxiong77", ["xiaoxiong66", "xiaoxiong77"]), ("V:xiaoxiong66/xiaoxiong77", ["xiaoxiong66", "xiaoxiong77"]), ("V:xiaoxiong66/english", ["xiaoxiong66"]),
        ("V:xiaoxiong66，备用 电话", ["xiaoxiong66"]),
    ],
)  # fmt: skip
def test_the_same_account_and_a_second_one(text: str, expected: list[str]) -> None:
    assert values(text, "wechat") == expected


def test_several_contacts_in_one_post_are_each_found_once() -> None:
    text = "加我V：abc_12，QQ：3_1_9_0_5_7_2_8，电话13800001111，感兴趣加 lily_88"
    found = [(item.kind, item.value) for item in find_entities(text)]
    assert found == [
        ("wechat", "abc_12"),
        ("qq", "31905728"),
        ("phone", "13800001111"),
        ("wechat", "lily_88"),
    ]


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
