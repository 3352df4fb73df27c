from __future__ import annotations

from pathlib import Path

import pytest

from core.rules import Violation
from nlp.reading import Reader


@pytest.fixture(scope="module")
def reader(rules: list[Violation], words: Path) -> Reader:
    return Reader(rules, words)


def numbers(reader: Reader, text: str) -> dict[str, float]:
    return reader.read(text).numbers


def test_what_is_named_counts_with_falling_gain(reader: Reader) -> None:
    one, two, none = (numbers(reader, text) for text in ("学数学", "学数学和物理", "去散步"))
    assert one["@subjects"] == 0.5
    assert two["@subjects"] == 0.75
    assert "@subjects" not in none


def test_nearness_falls_with_the_characters_between(reader: Reader) -> None:
    near = numbers(reader, "数学辅导")
    far = numbers(reader, "数学" + "，今天天气很好" * 5 + "辅导")
    assert near["subjects~teaching"] == 1.0
    assert far["subjects~teaching"] < 0.1


def test_order_does_not_matter_to_nearness(reader: Reader) -> None:
    assert (
        numbers(reader, "辅导，数学")["subjects~teaching"]
        == numbers(reader, "数学，辅导")["subjects~teaching"]
    )


def test_two_groups_together_are_the_mean_of_both(reader: Reader) -> None:
    found = numbers(reader, "数学辅导")
    together = found.get("subjects*teaching", found.get("teaching*subjects"))
    assert together == pytest.approx((found["@subjects"] * found["@teaching"]) ** 0.5)


def test_what_a_post_opens_and_closes_with_is_told_apart(reader: Reader) -> None:
    story = "，".join(["今天做了一锅酸菜鱼，鱼片薄，汤也鲜"] * 3)
    first, last, middle = (
        numbers(reader, text)
        for text in (f"家教老师说：{story}", f"{story}，求家教", f"{story}，家教，{story}")
    )
    assert ("open:service" in first, "close:service" in first) == (True, False)
    assert ("open:service" in last, "close:service" in last) == (False, True)
    assert not {"open:service", "close:service"} & middle.keys()


@pytest.mark.parametrize(
    ("group", "text", "neighbour"),
    [
        ("past", "那几年在机构教数学，后来改行卖花", "现在在机构教数学，周末卖花"),
        ("refused", "问了三家补习班，最后没报，娃他舅来教", "问了三家补习班，最后报了一家"),
        ("witness", "随手拍：二楼窗户里讲二元一次方程", "二楼窗户边讲二元一次方程"),
        ("schoolday", "高一课表：周一语数英，晚自习物理", "高一周一语数英，晚上物理"),
        ("university", "热力学期末串讲，25元一位", "初三物理期末串一遍，25元一位"),
        ("grown", "我爸62了想学英语，求老师上门", "我家娃想学英语，求老师上门"),
    ],
)
def test_voices_that_offer_nothing_to_children_are_heard(
    reader: Reader, group: str, text: str, neighbour: str
) -> None:
    assert f"@{group}" in numbers(reader, text)
    assert f"@{group}" not in numbers(reader, neighbour)


@pytest.mark.parametrize(
    ("group", "text"),
    [
        ("past", "现在开班招生，记得加微信"),
        ("refused", "打算了解课程的家长，绝不放弃任何一个孩子"),
        ("witness", "中考听说训练，课后反馈，不管孩子基础如何，欢迎来看看"),
        ("schoolday", "不同班型可选"),
        ("university", "数学一对一，数学二年级，大一点的孩子也收"),
        ("grown", "199元体验，日本人"),
    ],
)
def test_the_words_of_advertisements_are_no_such_voice(reader: Reader, group: str, text: str) -> None:
    assert f"@{group}" not in numbers(reader, text)


def test_a_negation_before_teaching_is_seen_and_one_after_it_is_not(reader: Reader) -> None:
    assert numbers(reader, "本店不辅导")["negated"] > 0
    assert "negated" not in numbers(reader, "辅导，不贵")


def test_disguise_questions_and_numbers_are_forms(reader: Reader) -> None:
    assert numbers(reader, "数🍠辅导")["disguised"] > 0
    assert "disguised" not in numbers(reader, "数学辅导")
    assert numbers(reader, "数学难吗?")["asks"] == 1.0
    assert numbers(reader, "电话13800001111")["numbers"] == 0.5


def test_a_subject_inside_another_word_is_none(reader: Reader) -> None:
    for text in ("生物技术公司", "开学季历史最低价", "她是一位数学家", "化学品仓库"):
        assert "@subjects" not in numbers(reader, text), text
    assert numbers(reader, "历史最低价，还补历史")["@subjects"] == 0.5
    assert numbers(reader, "生物技术公司旁边补生物")["@subjects"] == 0.5


def test_a_serving_teacher_is_no_adult_learner(reader: Reader) -> None:
    assert "@trade_exam" not in numbers(reader, "在职教师授课")
    assert "@trade_exam" in numbers(reader, "在职研究生辅导")


def test_an_offer_in_earnest_is_told_from_talk_and_from_offers_to_adults(reader: Reader) -> None:
    assert numbers(reader, "舞蹈、美术、作业辅导开始报名")["sold:service"] == 1.0
    assert "sold:service" not in numbers(reader, "作业辅导班值得报名吗")
    assert numbers(reader, "成绩不好怎么办？作业辅导热线13800001111")["sold:service"] == 1.0
    assert "sold:subjects" not in numbers(reader, "考研英语数学，报名热线")
    assert "sold:teaching" not in numbers(reader, "本店不辅导，欢迎咨询")
    assert numbers(reader, "舞蹈报名")["sold:arts"] == 1.0
    assert "sold:arts" not in numbers(reader, "舞蹈、数学报名")


def test_who_hires_is_told_apart(reader: Reader) -> None:
    shop = numbers(reader, "小学英语教师招聘（培训机构-学科辅导）")
    school = numbers(reader, "小学英语教师招聘（民办-小学）")
    assert (shop.get("hires:tuition"), shop.get("hires:school")) == (1.0, None)
    assert (school.get("hires:tuition"), school.get("hires:school")) == (None, 1.0)


@pytest.mark.parametrize("text", ["", "。", "\n\n", "数学" * 3000])
def test_every_number_lies_between_nought_and_one(reader: Reader, text: str) -> None:
    assert all(0 < value <= 1 for value in numbers(reader, text).values())
