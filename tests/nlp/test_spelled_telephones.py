"""Mobile numbers that are told by sound, in words and scripts, or with something between their figures."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.text import fold_many
from nlp.digits import MOBILE
from nlp.entities import find_entities
from nlp.lookout import signs_of
from nlp.spelled_telephones import spelled_telephones

PIECES = st.sampled_from(
    ["电话", "号码:", "yi", "san", " ", "one", "seven", "-", "幺", "拐", "勾", "洞", "要", "三久", "流", "把", "伞", "1", "38", "0000", "(数)", "【广告】", "\n", "四个5", "二十五", "Ⅸ", "ii", "然后", "字母", "去掉", "a1b2", "倒着念", "٣", "⚂"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=2), max_size=24).map("".join)


def telephones(text: str) -> list[str]:
    return [item.value for item in find_entities(text) if item.kind == "phone"]


@pytest.mark.parametrize(
    "text",
    [
        "打我电话 幺三八 洞洞勾 六拐两 三四", "出售二手琴 幺三八 洞洞勾 六拐两 三四", "联系：药伞把，灵领旧，流起尔，山寺", "电话 药伞把灵领旧流起尔山寺就行", "电话照着念就懂：要伞把，灵领旧，流起尔，山寺", "电话 yi san ba, ling ling jiu, liu qi er, san si",
        "tel: one three eight, zero zero nine, six seven two, three four", "王师傅 one-three-eight zero-zero-nine six-seven-two three-four", "☎ Ⅰ-Ⅲ-Ⅷ-〇-〇-Ⅸ-Ⅵ-Ⅶ-Ⅱ-Ⅲ-Ⅳ", "电话138《0096》《7234》吴先生", "手机：138（哈）0096（哈）7234", "手机138【广告】0096【广告】7234",
        "电话138-删掉我-0096-删掉我-7234", "打138加0096加7234", "手机：138，两个0，然后967234", "电话：一三八、零零、九十六、七十二、三十四", "竖着看我电话\n1\n3\n8\n0\n0\n9\n6\n7\n2\n3\n4", "电话从上往下念\n1\n38\n009\n67\n234", "Tel 13:80:09:67:23:4", "打我 1 3 8 / 0 0 9 6 / 7 2 3 4",
        "号码 1/3/8/0/0/9/6/7/2/3/4", "【1】【3】【8】【0】【0】【9】【6】【7】【2】【3】【4】打这个电话", "把字母去掉就是电话：1k3m8a0b0r9d6u7e2f3h4", "电话倒着念：43276900831", "手机号 43276900831（从右往左读）",
        "电话 ١٣٨٠٠٩٦٧٢٣٤", "电话 ۱۳۸۰۰۹۶۷۲۳۴", "电话用外国数字写：๑๓๘๐๐๙๖๗๒๓๔", "打这个〡〣〨00〩〦〧〢〣〤", "电话 1⚂8 00🀏 67🀚 ⚂⚃", "老王电话 l38 OO96 7234", "电话 l38O O9 67234", "老王电话 138O 096 7234",
        "手机138开头，中间四位0096，尾号7234", "手机前：138 中：0096 后：7234", "打我手机，138开头，接着0096，末尾7234",
    ],
)  # fmt: skip
def test_a_number_that_is_spelled_out_is_read(text: str) -> None:
    assert telephones(text) == ["13800967234"]


@pytest.mark.parametrize(
    "text",
    [
        "卡号 6221 2690 1841 3419 811", "卡号 1380 0967 2341 8000", "一二三四五六七八九十，大家数一数", "一起去吧，就是要五个三", "one two three four five six seven eight nine ten", "比分 1:3 8:0 0:9 6:7 2:3 4", "手机尾号 三 八 五", "倒着念：上海自来水来自海上",
        "密码 a1b3c8d0e0f9g6h7i2j3k4", "打卡：1\n3\n5\n7\n9\n11\n13\n15\n17", "乘电话1、5、6、8、15、22、201路", "编号 1/3/8/0/0/9/6/7/2/3/4", "电话会议记录：药伞把，灵领旧", "竖着看电话\n1\n3\n8\n0\n0\n9\n6\n7\n2\n3\n4\n5", "电话 1/3/8/0/0/9/6/7/2/3/4元",
        "去掉字母：abc123def456ghi", "yi san ba ling ling jiu liu qi er san si", "班里八个人，三个一组，玩骰子⚀⚂⚄⚅",
    ],
)  # fmt: skip
def test_what_only_sounds_like_one_is_none(text: str) -> None:
    assert telephones(text) == []


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_what_is_found_is_a_mobile_number_and_the_lookout_let_it_be_sought(text: str) -> None:
    folded = fold_many([text])
    plain = folded.text(0)
    found = list(spelled_telephones(plain))
    signs = signs_of(folded)[0]
    assert not found or signs.dialled or "call" in signs.searches
    for kind, value, start, end in found:
        assert kind == "phone"
        assert MOBILE.fullmatch(value)
        assert 0 <= start < end <= len(plain)


@pytest.mark.parametrize(
    "text", ["电话" + "1-" * 25_000, "电话" + "要三久 " * 12_000, "yi " * 16_000, "1(数)" * 10_000, "去掉字母" + "1a" * 25_000, "三个3，" * 12_000]
)  # fmt: skip
def test_a_long_row_of_figures_is_no_number(text: str) -> None:
    assert list(spelled_telephones(text)) == []
