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
        "数学+english2", "语文 + python3basic", "今天9点comfort班", "上午8点net课", "我们v5.0.1版", "e.g. cn/abc", "加我微信聊", "b+windows10",
        "数学➕英语➕science1",
    ],
)  # fmt: skip
def test_what_is_no_contact_stays_none(text: str) -> None:
    assert [item for item in find_entities(text) if item.kind in ("wechat", "url", "email", "phone")] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("➕薇 nx tuo 8866", "nxtuo8866"), ("加V nx tuo 886 623", "nxtuo886623"), ("➕wei bcxiaoxiong", "bcxiaoxiong"), ("详聊➕V ow dive 21", "owdive21"), ("微❤ liu cheng 0925", "liucheng0925"), ("加V p y a b c 0 6", "pyabc06"), ("加薇 ow·dive·21", "owdive21"),
        ("vx a.b.c.1.2.3.4", "abc1234"), ("V信：li.na.2020", "lina2020"), ("加V nx tuo 88 66，备注", "nxtuo8866"), ("微信 liucheng 0925", "liucheng0925"), ("加微ｎｘ ｔｕｏ ８８６６", "nxtuo8866"),
        ("➕薇 nx tuo ⑧⑧⑥⑥", "nxtuo8866"), ("加v nx tuo 8️⃣8️⃣6️⃣6️⃣", "nxtuo8866"),
        ("想试听加微 bcxiaoxiong", "bcxiaoxiong"), ("加v bcxiaoxiong", "bcxiaoxiong"), ("想试听\n加v bcxiaoxiong", "bcxiaoxiong"), ("想试听\n\n➕wei bcxiaoxiong", "bcxiaoxiong"), ("简历发微 hzbj7702", "hzbj7702"), ("加V领券，mmwz2266", "mmwz2266"),
        ("v➕ liuy_2231", "liuy_2231"), ("V 同：door2027", "door2027"), ("加个微信一起，xx_tuifei2024", "xx_tuifei2024"), ("绿🟢泡泡 qy_niu3", "qy_niu3"), ("加我喂信 gsh_shuxue8", "gsh_shuxue8"),
        ("加微亻言 ddq_0x7", "ddq_0x7"), ("挖：laowu_7", "laowu_7"), ("➕芯 pilates66", "pilates66"), ("薇芯abc123x", "abc123x"), ("v信axiaoge_yw", "axiaoge_yw"),
        ("想来的 lh_yuwen77", "lh_yuwen77"), ("直接加 dili_meow", "dili_meow"), ("感兴趣加 jms_js03", "jms_js03"), ("想报名的加lily_88，备注年级", "lily_88"), ("要的滴我👉 shuijing_y", "shuijing_y"),
        ("80一节，加 yunmeng_an", "yunmeng_an"), ("感兴趣的加 lily88", "lily88"), ("家长加 lily_math🌸", "lily_math"), ("感兴趣的朋友加 jms_js03", "jms_js03"), ("详情加 lh_yuwen77", "lh_yuwen77"), ("找我 lh_yuwen77", "lh_yuwen77"),
        ("加我微bcxiaoxiong", "bcxiaoxiong"), ("我薇bcxiaoxiong", "bcxiaoxiong"), ("微信xiaoxiong.66", "xiaoxiong66"), ("薇xiao.xiong.66", "xiaoxiong66"),
        ("加v nova lin 8866", "novalin8866"), ("微信 nova8866", "nova8866"), ("微信 ky_xxx2026", "ky_xxx2026"), ("微 li na 2019", "lina2019"), ("加v li na 1899", "lina1899"),
    ],
)  # fmt: skip
def test_an_account_in_groups_or_behind_an_invitation_is_found(text: str, expected: str) -> None:
    assert values(text, "wechat") == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "加微信 lily 80一小时", "加V lily 150元一节", "加V lily 150", "微信 windows 10", "微信 ios 8.0.33", "新版微信 v8.0.33",
        "加微 lily 88886666", "皇马 v man city 2019", "Taylor v Smith 2019", "微信 lily 2023级", "加v amy 3 5 岁", "加V jack 12班",
        "微信 mate 60 5999", "微信 mate60 5999元", "微 covid 2019 12", "微信 note 12 1899", "加微 am 9 30 12", "加V unit b 1203 室", "加V lou b 1203室", "微信 huawei 5999", "微信 redmi 13",
        "加v english", "加v online", "数学+v lesson", "加微 please contact", "加V xxxxxxx", "加V nx tuo xxxx", "微信 lily_xxxx", "wx同号l38xxxx2290", "加v：abcxxxx88", "想来的 lily_xxxx",
        "直接加 max_len 参数", "想要的 note_v2.pdf", "感兴趣的看 github 上 my_repo", "想来的加 xx_yy88 开黑", "直接加 user_id", "加 windows10", "直接加 python3", "请 snake_eyes",
        "预约 room_302", "预约：room_302", "#打卡# 加 day_37", "报名 ielts_mo", "想看的 read_along 课程", "抖音搜 想学的 lily_math", "想要的 img_0231.jpg", "单号 想接的 gy_1186", "你要的 padding_left", "想改的 some_thing", "我想要的 lily_cup", "语文加 english22",
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
        "折扣 9 8 7 6 5 4 3", "扣 1 2 3 4 5", "想要的扣1", "扣500000元", "扣20260815", "罚款，扣100000000", "纽扣 1 2 3 4 5 6 7 8", "qq 2.5 3.5 4.5",
        "扣扣3_1_5*7_7_2", "企鹅参加一二", "扣叁佰元", "扣扣 1.5.2.5元",
    ],
)  # fmt: skip
def test_marks_and_figures_that_are_no_qq_number(text: str) -> None:
    assert values(text, "qq") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("V同 13800001111", ["13800001111"]), ("V、电同号13800001111", ["13800001111"]), ("微信不同 13800001111", []), ("电话13800001111，V同号", ["13800001111"]),
        ("微信 xiaoxiong66，备用 xiaoxiong77", ["xiaoxiong66", "xiaoxiong77"]),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("群号是 638 274 019", "638274019"), ("扣：1973 0482 6", "197304826"), ("QQ名字叫“小帮手”，号是2605917748", "2605917748"), ("留QQ吧 86 0213 759", "860213759"),
        ("企鹅号：二二零、七六一、四八三、九", "2207614839"), ("扣❤ 2 3 9 4 0 0 1 7 5 6", "2394001756"), ("二群Q号 七一六 零四八 三三五", "716048335"), ("企.鹅 1 9 2 6 6 0 4 8 3 1", "1926604831"),
        ("发企鹅也可以 8 4 4 0 1 9 6 2", "84401962"), ("Q群 3 2 7 - 9 0 5 - 1 4 8", "327905148"), ("Q：289 O 4 7 6 6 1 3 中间那个是零", "2890476613"), ("私Q 六六 二零 一九 三八 五", "662019385"),
        ("QQ：9、9、8、1、1、1、6", "9981116"), ("扣➕：307729349", "307729349"), ("🐧46.46.92.18.0", "464692180"), ("群号638 274 019 一起学", "638274019"), ("企.鹅 638 274 019 100元", "638274019"),
        ("企鹅群的 638 274 019，一对一", "638274019"), ("QQ微信都是 1583 0097 26", "1583009726"), ("战队Q群号 638 274 019", "638274019"), ("电话/企.鹅 638 274 019", "638274019"),
        ("企.鹅 8 4 4 0 1 9 6 2 每周六", "84401962"), ("群号 638 274 019 期待你", "638274019"), ("群号638 274 019一对一", "638274019"), ("群号 1274 5670 019一起", "12745670019"), ("企.鹅 6 3 8 2 7 4 0 1 九，", "638274019"),
        ("群号 638 274 019 9月开课", "638274019"), ("群号 8 4 4 0 1 9 6 2 三缺一", "84401962"), ("QQ 12345678 一对一", "12345678"), ("QQ 12345678 三缺一", "12345678"), ("QQ12345678五年级", "12345678"), ("加QQ 12345678 9月开课", "12345678"),
        ("QQ 12345678 每周", "12345678"), ("交流群号码：715 203 884", "715203884"), ("家长Q群（2）：7 1 2 - 0 0 9 - 3 3 5", "712009335"), ("Q我 六六 二零 一九 三八 五", "662019385"),
        ("QQ12345678天天在线", "12345678"), ("QQ12345678月底开课", "12345678"), ("QQ12345678节假日也在", "12345678"), ("QQ12345678对接", "12345678"), ("QQ12345678人工回复", "12345678"), ("群号638274019节前开课", "638274019"),
        ("群号 638 274 019天天打卡", "638274019"), ("群号 638 274 019人多", "638274019"), ("群号 8 4 4 0 1 9 6 2天天在线", "84401962"), ("QQ 12345678 9月底开课", "12345678"), ("QQ 12345678 12天", "12345678"), ("QQ 12345678 100人", "12345678"),
        ("群号638274019 500人", "638274019"), ("QQ 12345678 1对1", "12345678"), ("🐧叁肆柒捌零壹贰玖 100人", "34780129"), ("扣 8 4 4 0 1 9 6 2 100人", "84401962"), ("扣群主3·1·9·0·5·7·2·8节前", "31905728"), ("企.鹅12345678", "12345678"), ("企.鹅 12345678 天天在线", "12345678"), ("企❤鹅：66554433", "66554433"), ("QQ12345678-2人", "12345678"),
    ],
)  # fmt: skip
def test_a_qq_number_in_groups_or_behind_a_few_words_is_found(text: str, expected: str) -> None:
    assert values(text, "qq") == [expected]


def test_two_numbers_of_groups_stay_two() -> None:
    assert values("群号 638274019、638274020", "qq") == ["638274019", "638274020"]


@pytest.mark.parametrize(
    "text",
    [
        "扣分 300 200 100", "扣款 300 200 1 笔", "扣费 1 2 3 4 5 6 7", "扣 ✨ 2 0 2 6 0 8 1 5", "订单号 638 274 019", "卡号 6222 0213 800", "会议号 888 666 999",
        "加QQ群报名 会议号 888 666 999", "钉钉群号 3456 7890 1", "抖音群号 638 274 019", "群里 500 人 2000 人", "人群号称 2 0 0 0 0 0 0", "扣扣：80/100/120 三档", "企鹅号：99/199/299/399",
        "QQ咨询电话 8888 6666", "QQ：138 0013 8000", "Q：小升初 2025 2026 2027 三年政策", "faq 1 2 3 4 5 6 7", "企.鹅 400 820 8820", "群号 8 4 4 0 1 9 6 2月开课", "群号 638 274 019 3期", "群号 638 274 2000人", "QQ12345678元", "QQ群 50000人", "企鹅3·1·9·0·5·7·2·8年", "企鹅 400 820 8820", "企业鹅 12345678", "企鹅发 20000 份",
    ],
)  # fmt: skip
def test_fines_orders_meetings_and_prices_are_no_qq_number(text: str) -> None:
    assert values(text, "qq") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("❤我 Teacher-Qiao88", ["Teacher-Qiao88"]), ("v心 zy-guihua-he", ["zy-guihua-he"]), ("微信聊 Kq_xiaozuowen", ["Kq_xiaozuowen"]), ("V〉ielts-xiaoqi", ["ielts-xiaoqi"]), ("微💬: soprano_zhou1988", ["soprano_zhou1988"]),
        ("微信就是 mianbao12zhuang", ["mianbao12zhuang"]), ("加我拉你 wq2024ft", ["wq2024ft"]), ("加我拉你进群 wq2024ft", ["wq2024ft"]), ("薇信同步电话 17760 428 351", ["17760428351"]), ("V❤/电话一个号：一七六 四四二零 九幺五三", ["17644209153"]),
        ("老板娘微信同手机 1 8 6 7 2 0 5 9 4 1 3", ["18672059413"]), ("QQ微信都是 1583 0097 26", ["1583009726"]), ("微信和电话是同一个号 17760428351", ["17760428351"]),
        ("微信和电话不是一个号 17760428351", []), ("谁❤我 windows10", []), ("微信就是 facebook", []), ("❤我 python3基础", []),
    ],
)  # fmt: skip
def test_an_account_behind_hearts_and_words_or_the_telephone_itself(text: str, expected: list[str]) -> None:
    assert values(text, "wechat") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("手机拆开发：156 / 5728 / 044 / 1", ["15657280441"]), ("电话一三九、八零七、七六六、二零", ["13980776620"]), ("乘 138、5、6、13、8、00、01 路", []), ("电话1、3、8、0、0、1、3、8、0、0、0", []),
    ],
)  # fmt: skip
def test_one_short_group_may_be_left_over(text: str, expected: list[str]) -> None:
    assert values(text, "phone") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("班主任微 mianyang_jp ，家长群里别艾特我", ["mianyang_jp"]), ("王姐微：wangjie_yw", ["wangjie_yw"]), ("我的微 huahua0512", ["huahua0512"]),
        ("安徽 abc_12345", []), ("W：yuwen_lin8", ["yuwen_lin8"]), ("加w yuwen_lin8", ["yuwen_lin8"]), ("围脖信 yuwen_lin8", ["yuwen_lin8"]), ("绿色泡泡 yuwen_lin8", ["yuwen_lin8"]),
        ("口碑看朋友圈，加 cc·sheng·xue·01", ["ccshengxue01"]), ("加cc.sheng.xue.01，备注", ["ccshengxue01"]), ("语文+english·math·2024", []), ("看 cc·sheng·xue·01", []), ("加 x.y.z.2", []),
        ("jia薇xin wfziyuan二零二四", ["wfziyuan2024"]), ("微信 teacher_wang八八", ["teacher_wang88"]), ("微信lily2020三四年级", ["lily2020"]), ("微信lilylily一对一", ["lilylily"]),
        ("加 weiqi_fz3", ["weiqi_fz3"]), ("➕wei weiqi_fz3", ["weiqi_fz3"]), ("可加vx~lily_zhu88", ["lily_zhu88"]), ("加weixin888_a", ["weixin888_a"]),
        ("vx💌lily_zhu88", ["lily_zhu88"]), ("微信“yuwenlin8”", ["yuwenlin8"]), ("【微信】lilyzhu88", ["lilyzhu88"]), ("（微信）english_2020 学习", []), ("微信🎁100000积分", []), ("微❤391746208", ["391746208"]), ("🛰zhanglaoshi", ["zhanglaoshi"]), ("vx❤ zhanglaoshi", ["zhanglaoshi"]), ("微信👉zhanglaoshi", ["zhanglaoshi"]), ("加🛰️id8841", ["id8841"]), ("微|信 lilyzhu88", ["lilyzhu88"]),
        ("加lily_zhu88领资料", ["lily_zhu88"]), ("联系方式：yuwen_lin8", ["yuwen_lin8"]), ("加好友yuwen_lin8", ["yuwen_lin8"]), ("➕🌟 lily_zhu88", ["lily_zhu88"]), ("报名联系小助手 lily_zhu88", ["lily_zhu88"]), ("请联系老师 chapter_12", []), ("v xlin_zj2", ["xlin_zj2"]), ("v xiaolin_88", ["xiaolin_88"]), ("V•X lily_88", ["lily_88"]), ("w-x lessons", []),
        ("微信号在这：xlin_zj2", ["xlin_zj2"]), ("维❤芯:xlin_zj2", ["xlin_zj2"]), ("QQ同微信 391746208", ["391746208"]), ("好友 my_friend 游戏", []),
    ],
)  # fmt: skip
def test_an_account_behind_a_title_or_in_syllables_is_found(text: str, expected: list[str]) -> None:
    assert values(text, "wechat") == expected


@pytest.mark.parametrize(
    "text",
    [
        "微信就是手机13911520748", "微信即手机号，13911520748", "v信=手机 13911520748", "手机=微信 13911520748", "微信号也是手机号13911520748", "13911520748（微信即手机）", "电话（微信同）13911520748", "微信或电话：13911520748",
        "13911520748微信搜手机号就行", "电话13911520748，vx一样", "电话13911520748 vx:同号", "电话13911520748 加微信备注年级", "13911520748 可微", "13911520748加微聊", "139 1152 0748 电话微信都行", "☎微信同号☎13911520748",
        "张老师v13911520748", "微 一三九一一五二零七四八", "加v幺三九幺幺五二零七四八", "电话同V:I39 ll52 O748",
        "13911520748（电话/微信）", "13911520748 微信", "13911520748 v", "139-1152-0748，手机微信一致", "微信手机通用：13911520748", "微信（同手机）13911520748",
    ],
)  # fmt: skip
def test_the_number_is_the_account_too(text: str) -> None:
    assert values(text, "phone") == values(text, "wechat") == ["13911520748"]


@pytest.mark.parametrize(
    "text",
    [
        "电话13911520748，不加微信，只打电话", "支付宝 13911520748 不能加微信", "电话13911520748，微信不一样", "电话13911520748，微信一样能付款", "微信不是手机13911520748", "手机号=会员号13911520748",
        "支付宝账号13911520748，支付宝微信都行", "微信群满了 13911520748", "电话13911520748，微信搜索公众号",
        "13911520748 微信支付", "13911520748，通用", "电话13911520748，支付宝，微信，都收", "电话13911520748（短信/微信不用）",
    ],
)  # fmt: skip
def test_the_number_alone_is_no_account(text: str) -> None:
    assert (values(text, "phone"), values(text, "wechat")) == (["13911520748"], [])


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("电话 l5827lO6634", "phone", ["15827106634"]), ("电话同V:I58 27IO 6634", "phone", ["15827106634"]), ("手机i582 7IO66 34", "phone", []), ("i5 8265 iil oo 10", "phone", []), ("I58 27IO 6634元", "phone", []), ("l5lo looo iiol", "phone", []),
        ("先进群看单 391746208（扣扣群）", "qq", ["391746208"]), ("391746208(QQ)", "qq", ["391746208"]), ("13911520748（QQ群）", "qq", []), ("加群：391746208", "qq", ["391746208"]), ("群335577889", "qq", ["335577889"]),
        ("一群335577889 二群335577890", "qq", ["335577889", "335577890"]), ("QQ裙：391746208", "qq", ["391746208"]), ("加裙 391746208", "qq", ["391746208"]), ("连衣裙 391746208", "qq", []), ("裙子加裙 39.9", "qq", []), ("鹅群335577889", "qq", ["335577889"]), ("天鹅号 39174620", "qq", []),
        ("加群 20260815", "qq", []), ("钉钉加群：391746208", "qq", []), ("抖音 进群 391746208", "qq", []), ("一群12345678人", "qq", []), ("三群 39174620 只羊", "qq", []), ("QQ33557788，V同号", "wechat", ["33557788"]),
    ],
)  # fmt: skip
def test_letters_for_digits_and_groups_that_one_joins(text: str, kind: str, expected: list[str]) -> None:
    assert values(text, kind) == expected
