"""Accounts behind homophones, hearts, lines and signs, with their neighbours that are none."""

from __future__ import annotations

import pytest

from nlp.entities import find_entities


def values(text: str, kind: str) -> list[str]:
    return [item.value for item in find_entities(text) if item.kind == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v❤x→ Think-er88，中间那杠不要", ["thinker88"]), ("VX l-a-o-w-a-n-g-8-8 去掉杠", ["laowang88"]), ("微信 lily_2020（不要下划线）", ["lily2020"]), ("微信 lily-2020，不要闲聊", ["lily-2020"]), ("微信 lily-2020，不要迟到早退划线", ["lily-2020"]),
        ("懂的敲 w_x:chahui_5", ["chahui_5"]), ("V♡X：pl_piano_z", ["pl_piano_z"]), ("v♡x pl_piano_z", ["pl_piano_z"]), ("报名找我，💬：chem_queen", ["chem_queen"]), ("💬 python课程", []), ("群聊💬english_day", []),
        ("发我主页的威：suan_shu_ge", ["suan_shu_ge"]), ("卫：hiphop_ts", ["hiphop_ts"]), ("教练卫：hiphop_ts", ["hiphop_ts"]), ("老板的维：hiphop_ts", ["hiphop_ts"]), ("加队长大兰微号：dalan1962，备注", ["dalan1962"]),

        ("朋友圈看反馈：coach_nan", ["coach_nan"]), ("朋友圈看反馈：coach_nan的课", []), ("微信（去掉空格）q w e r 1 2 3", ["qwer123"]),
        ("抖音号：math_panda99，微信见主页", []), ("快手 ID：lao_tie_666，微信在简介", []), ("math_panda99，微信", ["math_panda99"]),
    ],
)  # fmt: skip
def test_an_account_behind_more_homophones_and_with_marks_that_go(text: str, expected: list[str]) -> None:
    assert values(text, "wechat") == expected


@pytest.mark.parametrize(
    "text", ["微信=手机=139 1152 0748", "微信搜手机号 13911520748", "电（微）13911520748"]
)
def test_the_number_is_said_to_be_the_account_by_signs(text: str) -> None:
    assert values(text, "phone") == values(text, "wechat") == ["13911520748"]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("进裙 7714 0092 5，裙主改价", "qq", ["771400925"]), ("进群 300 400 5", "qq", []), ("进群 2026 1 10", "qq", []), ("进群 2026 0301 9", "qq", []), ("咨询：2026-2027学年课表", "phone", []), ("电话咨询 2026-03-15", "phone", []), ("咨询：2026-3027", "phone", ["20263027"]), ("报名费微信：300000", "wechat", []), ("微信 20260315 聊天记录", "wechat", []), ("微信：391746208", "wechat", ["391746208"]), ("钉钉进群 7714 0092 5", "qq", []), ("连衣裙 7714 0092 5", "qq", []),
        ("资料群：813377204", "qq", ["813377204"]), ("钉钉资料群：813377204", "qq", []), ("资料群 813377204 人", "qq", []), ("扣扣裙（免费领资料）813377204", "qq", ["813377204"]), ("QQ（客服热线）88886666", "qq", []),
        ("老陈138×1294×7703", "phone", ["13812947703"]), ("135#6220#1478", "phone", ["13562201478"]), ("135=6220=1478", "phone", ["13562201478"]), ("1380×1294×770毫米", "phone", []), ("1380*1294*770毫米", "phone", []), ("15+63=47+26=81+91", "phone", []),
        ("6 5 3 3 0 9 2 7（座机）", "phone", ["65330927"]), ("86552310（办公室电话）", "phone", ["86552310"]), ("86552310（电话费）", "phone", []), ("86552310（订单）", "phone", []),
        ("电话加区号0510再拨 8798 3361", "phone", ["051087983361"]), ("区号0571 电话86552310", "phone", ["057186552310"]), ("小区号0571 电话86552310", "phone", ["86552310"]),
    ],
)  # fmt: skip
def test_groups_to_join_products_and_numbers_with_their_name_behind(
    text: str, kind: str, expected: list[str]
) -> None:
    assert values(text, kind) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("微信添加 renshi-wu，注明应聘", ["renshi-wu"]), ("微信直接加一下 lily_2020", ["lily_2020"]), ("微信小号：lily_2020", ["lily_2020"]), ("微信（备注姓名）lily_2020", ["lily_2020"]), ("微信……lily_2020", ["lily_2020"]), ("微信｜lily_2020", ["lily_2020"]), ("留薇 lily_2020", ["lily_2020"]),
        ("w信 lily_2020", ["lily_2020"]), ("V·X lily_2020", ["lily_2020"]), ("V-X lily_2020", ["lily_2020"]), ("微x lily_2020", ["lily_2020"]), ("味信：lily_2020", ["lily_2020"]), ("蔚心lily_2020", ["lily_2020"]), ("佳V：lily_2020", ["lily_2020"]), ("+ 我的小号 lily_2020", ["lily_2020"]), ("新威: lily_2020", ["lily_2020"]), ("围♥：lily_2020", ["lily_2020"]), ("lily_2020 ←微信", ["lily_2020"]), ("lily_2020 ⬅️ V", ["lily_2020"]), ("lily_2020 ←微信公众号", []), ("微信在这👇\nlily_2020", ["lily_2020"]), ("微信↓\nlily_2020", ["lily_2020"]), ("微信：\nlily_2020", ["lily_2020"]), ("➕个V吧 lily_2020", ["lily_2020"]), ("今天用微信\nlesson_2020 讲什么", []), ("加围 lily_2020", ["lily_2020"]), ("绿色App：lily_2020", ["lily_2020"]),
        ("解压密码 lily_2020，微信问我要链接", []), ("微信小号 3 个，都在 windows10 上", []), ("💬 client_2024 版本更新", []), ("微信（公众号）lily_2020", []),
        ("王者ID lily_2020 微信区", []), ("文件 lesson_07，微信里打不开", []), ("lily_2020微信公众号", []), ("lily_2020 微信", ["lily_2020"]), ("lily_2020（微信）", ["lily_2020"]),
    ],
)  # fmt: skip
def test_more_ways_to_write_the_label_and_words_behind_an_account(text: str, expected: list[str]) -> None:
    assert values(text, "wechat") == expected


@pytest.mark.parametrize(
    "text",
    [
        "13911520748，微信号就是手机号",
        "电薇13911520748",
        "电V：13911520748",
        "13911520748 加V请说明年级",
        "13911520748（林教练，微信可）",
        "薇同电139 1152 0748",
        "13911520748 ✓微信",
    ],
)
def test_the_number_is_the_account_behind_one_letter(text: str) -> None:
    assert values(text, "phone") == values(text, "wechat") == ["13911520748"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("我的Q是1938475620", ["1938475620"]), ("我的Q是个谜", []), ("扣号二八四七一零三三六五", ["2847103365"]), ("扣号一二三四", []), ("IQ是1938475", []), ("班级群：813377204（答疑）", ["813377204"]), ],
)  # fmt: skip
def test_a_letter_that_is_a_number_and_another_programs_groups(text: str, expected: list[str]) -> None:
    assert values(text, "qq") == expected


@pytest.mark.parametrize(
    "text",
    [
        "卡号 6221 2690 1841 3419 811", "卡号 6217 1380 0138 000", "二手主机i5-12400 3060 16G", "i7 12700 3060 出", "服务器地址 139.196.12.123", "中央财政拨款56000000元", "采购询价 3600000",
        "学校电话费用5000000", "咨询人数2300000", "电话会议20260315", "订单5678901(电话)下单", "为新: version2024",
    ],
)  # fmt: skip
def test_cards_machines_sums_and_titles_are_nobodys_contact(text: str) -> None:
    assert not any(item.kind in {"phone", "wechat", "qq"} for item in find_entities(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("胃心：fangzhuang_mama", ["fangzhuang_mama"]), ("加我 v兴：fanfan_6685", ["fanfan_6685"]), ("加卫❤星 tiyan0guan", ["tiyan0guan"]), ("绿🫧 zk_beike_lead", ["zk_beike_lead"]),
        ("可约薇杏dongdong_hanfu 约档期", ["dongdong_hanfu"]), ("加教练swim_dalin看视频", ["swim_dalin"]), ("教练写的swim_dalin函数", []),
        ("加 z-h-l-5-2-0-t-t 备注年级", ["zhl520tt"]), ("加 a-b-c 备注年级", []), ("为新生：english_2024", []), ("绿叶 zk_beike_lead 画", []),
        ("搜微信：yuwen下划线lin", ["yuwen_lin"]), ("领队微信 camp（下划线）leo（下划线）77", ["camp_leo_77"]), ("微信文章下划线lin", []),
        ("vx：zx二四六八ok", ["zx2468ok"]), ("VX → A C E 5 8 0 gk", ["ace580gk"]), ("V: xuewei——52088", ["xuewei52088"]),
        ("入群加小助手 jiajiao_paidan_mm", ["jiajiao_paidan_mm"]), ("加V前先报学校年级：biolian_sai", ["biolian_sai"]), ("老师的代码 biolian_sai", []),
        ("电话微信都是这个号 139 1180 4625", ["13911804625"]), ("电话，微信不是这个号 139 1180 4625", []),
    ],
)  # fmt: skip
def test_what_sounds_like_the_label_what_is_read_out_and_whom_a_clause_tells_to_add(
    text: str, expected: list[str]
) -> None:
    assert values(text, "wechat") == expected
