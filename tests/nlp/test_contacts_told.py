"""Accounts and numbers that are told: piece by piece, in pinyin, with marks that mean something, with their neighbours."""

from __future__ import annotations

import pytest

from nlp.entities import find_entities


def values(text: str, kind: str) -> list[str]:
    return [item.value for item in find_entities(text) if item.kind == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("V是 dili_96 后面再接 scnu", "dili_96scnu"), ("薇:apple打头，后面是0816，再来一个下划线er", "apple0816_er"), ("卫星号 zhuli 三个6 abc，连着打", "zhuli666abc"),
        ("VX小写 jihe 然后 520 然后 wang", "jihe520wang"), ("v❤：mumu后面跟八八六六零", "mumu88660"), ("v我，账号是 hljyc 加 零四五八", "hljyc0458"), ("微信是全拼 zhou lao shi 再加 3 个 6", "zhoulaoshi666"),
        ("搜V，账号是 三个小写的a + youxiao + 06", "aaayouxiao06"), ("微/信 w-u-l-i（去掉杠），后面跟6021", "wuli6021"), ("微-信是大写LPYY再加四个数字0571", "LPYY0571"), ("薇 → ronggui加en加88", "ronggui en 88"), ("葳：xinxin 后面跟 5 2 0 1 3", "xinxin52013"),
        ("加薇 wuli杠zheng杠xm", "wuli-zheng-xm"),
        ("或+ 薇 yw苏苏的拼音susu 数字0312 连起来 susu0312", "susu0312"), ("薇❤️心：tina石牌 不对，是 tina_shipai", "tina_shipai"), ("私V：dazi 零 four 28？错！是 dazi0428", "dazi0428"),
    ],
)  # fmt: skip
def test_an_account_is_put_together(text: str, expected: str) -> None:
    assert [value.lower() for value in values(text, "wechat")] == [expected.replace(" ", "").lower()]


def test_all_pieces_of_an_account_are_quoted_and_so_masked() -> None:
    text = "或+ 薇 yw苏苏的拼音susu 数字0312 连起来 susu0312，备注"
    (found,) = (item for item in find_entities(text) if item.kind == "wechat")
    assert found.span.text == "yw苏苏的拼音susu 数字0312 连起来 susu0312"
    (found,) = (
        item for item in find_entities("VX小写 jihe 然后 520 然后 wang，备注") if item.kind == "wechat"
    )
    assert found.span.text == "jihe 然后 520 然后 wang"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("微信 lily_2020，加课 3 节", "lily_2020"), ("微信abc123 然后再说", "abc123"), ("微信：lily2020 加群看", "lily2020"), ("微信 lily_2020 后面两节课", "lily_2020"), ("微信 lily2020，加2个名额", "lily2020"), ("微信 lily2020 再加50元", "lily2020"),
        ("微信小学拼音课", ""), ("微信 老师教全拼打字", ""), ("微信：小学拼音 100", ""), ("微信号是公众号：lily2020", ""), ("变量 a 后面再加 b_2020", ""), ("单词 apple 后面跟 pie", ""),
    ],
)  # fmt: skip
def test_what_follows_an_account_is_no_piece_of_it(text: str, expected: str) -> None:
    assert values(text, "wechat") == [expected] * bool(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("🛰️：yang师9年（\"师\"\"年\"打拼音，9是数字）", "yangshi9nian"), ("对接人 薇 qingqing妈2016（妈=ma）", "qingqingma2016"), ('付款找 薇 "刘一刀"全拼＋yw', "liuyidaoyw"), ("葳：数学俩字全拼＋0802", "shuxue0802"), ("v信：physics＋老唐全拼", "physicslaotang"),
        ("微 信:liu laoshi 5dong (中间没空格)", "liulaoshi5dong"), ("威信：fan fan 1994 x，空格吃掉", "fanfan1994x"), ("V号→da du kou_xk（连起来）", "dadukou_xk"), ("vx 把星号去掉：l*a*n*l*a*n*k*t", "lanlankt"),
        ("微信 ipad·chu·chu（点去掉）", "ipadchuchu"), ("家长微❤️aoshu丶lp（丶是下划线）", "aoshu_lp"), ("加V❤ piano_miao喵miao（喵不打）", "piano_miaomiao"), ("薇信看这里➡️ shuxue乚you乚kong /（乚是下划线哈）", "shuxue_you_kong"), ("薇·信·号：kai乄qiang乄pu（乄不要）", "kaiqiangpu"),
        ("vvv：d-l-l-s-0-0-3（横线不要）", "dlls003"), ("薇芯：kefu九九_shuxue（九九写成数字）", "kefu99_shuxue"),
        ("V: xuewei——520——a", "xuewei520a"), ("加我w❤x：hou🐒lao🐒shi66", "houlaoshi66"), ("绿泡泡🔍 mm丶math丶08", "mmmath08"), ("找 huiwen—5209（vx，破折号不要）", "huiwen5209"), ("联系 l i u m 0 7 3 6（微）", "lium0736"), ("扫码不方便就搜 zk丨yuwen丨2009，注明", "zkyuwen2009"),
    ],
)  # fmt: skip
def test_marks_and_pinyin_are_read_as_the_writer_tells(text: str, expected: str) -> None:
    assert values(text, "wechat") == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "微信·小程序", "微信 android|ios", "老师说a乚b（乚是偏旁）", "单词 good丶morning（丶是顿号）", "车牌 A乚B88（乚不要）", "函数 foo——bar——2020（v2）",
    ],
)  # fmt: skip
def test_marks_between_words_make_no_account(text: str) -> None:
    assert values(text, "wechat") == []


@pytest.mark.parametrize(
    "written",
    [
        "〔威〕 lily_2020", "V〖lily_2020〗", "微…信…号…：lily_2020", "(威)(信)＝lily_2020", "微（w）信（x）：lily_2020", "V看这里：lily_2020", "V、X、：lily_2020", "V-X-hao: lily_2020", "胃❤：lily_2020", "葳❤ 信 ：lily_2020", "w x i n ＝ lily_2020",
        "加 🅥🅧 lily_2020", "ṿẋ：lily_2020", "W❌: lily_2020", "vX·lily_2020", "加微商量 lily_2020", "微信号却是lily_2020", "WeChat ID is: lily_2020", "WeChat有：lily_2020", "滴我wei～ID：lily_2020", "wx账户：lily_2020", "微信客服号 lily_2020", "微信预订 lily_2020", "加 V 不迷路：lily_2020", "微信号是老师名字：lily_2020", "约车加溦 lily_2020", "卫星📡 lily_2020", "威-信-号:lily_2020", "微—信—lily_2020", "加我微[信]:lily_2020", "微伩:lily_2020", "w_xin:lily_2020", "wei xin hao：lily_2020", "V_❤_X ➡️ lily_2020", "V信 ‖ lily_2020",
    ],
)  # fmt: skip
def test_more_ways_to_write_the_label(written: str) -> None:
    assert values(f"想约的{written}，备注年级", "wechat") == ["lily_2020"]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("手机一三七五七三，后面六零四八二", "phone", "13757360482"), ("手机139跟着 7375 最后 0826", "phone", "13973750826"), ("1 5 8 丨 5 3 0 6 丨 7 7 2 9", "phone", "15853067729"), ("加我扣扣，前五位 27381 后四位 0456", "qq", "273810456"),
        ("加q 七位数：3 6 4 0 8 8 1", "qq", "3640881"), ("企鹅⭕️⭕️号：3——3——1——7——0——5——4——9", "qq", "33170549"), ("扣wo：贰叁〇9捌陆柒1肆伍", "qq", "2309867145"), ("＋企鹅＊3＊1＊0＊7＊5＊5＊2＊8＊6", "qq", "310755286"), ("丘丘群 二二六 八零九 五四三", "qq", "226809543"), ("社长q-q号：八八二三，零五一，四九", "qq", "882305149"), ("V：ncxiaoben，或扣2253018846", "qq", "2253018846"), ("私我：扣 3067 1182 45", "qq", "3067118245"), ("Q也行 1436620871", "qq", "1436620871"),
        ("QQ 12345678，100元", "qq", "12345678"), ("2026 最后 0826 名", "phone", ""), ("游戏编号1837402956，一把5块", "phone", ""), ("139 页后面 7375 题，最后 0826", "phone", ""),
    ],
)  # fmt: skip
def test_numbers_in_parts(text: str, kind: str, expected: str) -> None:
    assert values(text, kind) == [expected] * bool(expected)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("v电同步 13679841125", "13679841125"), ("加微xin 就是手机号 13318345590", "13318345590"), ("微信就搜我电话13286590147", "13286590147"), ("微❤/☎️ 都是 1-9-9-9-3-4-1-5-0-2-8", "19993415028"),
        ("她QQ就是她微信：2318806745", "2318806745"), ("wx同QQ：80617725", "80617725"), ("Q/V同号：四零六八一七二九〇", "406817290"), ("q同v：一一八三七零二九四六", "1183702946"), ("客服小桃 Q 同 V：77310254", "77310254"), ("我Ｑ和微都是 98 2163 074", "982163074"),
    ],
)  # fmt: skip
def test_the_number_is_the_account_too(text: str, number: str) -> None:
    assert values(text, "wechat") == [number]
    assert values(text, "phone") + values(text, "qq") == [number]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("微信lily2020,最后3天", "lily2020"), ("微信lily2020,加20送资料", "lily2020"), ("微信lily2020,再加qq群", "lily2020"), ("微信lily2020 三个a级老师", "lily2020"), ("微信lily2020老师,我是lily", "lily2020"), ("微信lily_2020,下划线不要漏", "lily_2020"), ("微信lily_2020 下划线不要忘了", "lily_2020"), ("微信lily-2020,没有空格", "lily-2020"), ("微信lily2020|qq2345678", "lily2020"), ("微信:lily2020——200", "lily2020"), ("微信lilyzhang·tutor", "lilyzhang"), ("微信lily2020,y是1班家长", "lily2020"),
    ],
)  # fmt: skip
def test_an_account_that_is_whole_takes_nothing_more(text: str, expected: str) -> None:
    assert values(text, "wechat") == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "a b c d e f g h i j k l m n o p q r s t u v w x y z", "选项 a b c d e f v", "W: Can you sing a song?", "微信:wei xin", "微信群里老师说苹果的拼音pingguo", "微信支付的下单接口就是unified_order", "微信web版,我是mac", "通知已发微信群:登录账号是学生姓名全拼", "账号root+123456，微信", "支付方式:微信|alipay|visa", "开锁密码 135后面7924最后6801", "扣1200然后3400,我卡里没钱了", "社保扣 412 356 128", "1号群:20260302开始打卡", "QQ六位数 888888 值多少钱", "微信预约disney门票", "微信号是可以改的:settings", "wechat id is missing", "喂:morning!", "想看的直接搜game_of_thrones", "java和python都学,和不要写成逗号,微信", "word我excel你,我不用ppt，微信", "我wei shenme要学这个",
    ],
)  # fmt: skip
def test_everyday_sentences_name_nobody(text: str) -> None:
    assert [kind for kind in ("phone", "wechat", "qq") if values(text, kind)] == []
