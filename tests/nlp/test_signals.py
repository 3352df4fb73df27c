"""Words of the lists are found where they are words, not by accident inside others."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.rules import Signal, Violation
from nlp.signals import Signals


@pytest.fixture(scope="module")
def signals(rules: list[Violation], words: Path) -> Signals:
    return Signals(rules, words)


@pytest.mark.parametrize(
    ("text", "group", "places"),
    [
        ("可拨打12345反映", "@news", [(3, 8)]),
        ("电话13812345678", "@news", []),
        ("热线123456", "@news", []),
        ("985高校在读", "@outcome", [(0, 3)]),
        ("电话13985001122", "@outcome", []),
    ],
)
def test_a_number_speaks_by_itself_and_not_inside_another(
    signals: Signals, text: str, group: str, places: list[tuple[int, int]]
) -> None:
    assert signals.find(text).get(group) == places


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("上门辅导数学", "@subjects", ["数学"]),  # no 导数
        ("上门辅导数学", "HOME_TUTOR.subject", ["数学"]),  # nor in a rule that borrows the group's words
        ("高三导数专题", "HOME_TUTOR.subject", ["导数"]),
        ("初二数学家教", "@subjects", ["数学"]),
        ("零投诉好评多", "@news", []),
        ("有没有老师教物理", "@nonteaching", []),
        ("本店没有老师", "@nonteaching", ["没有老师"]),
        ("考研上岸学姐带初中英语", "@adult", []),
        ("考研英语班", "@adult", ["考研"]),
        ("周末有人上门吗", "HOME_TUTOR.home", ["上门"]),
        ("来我这里，不上门", "HOME_TUTOR.home", []),
        ("只线下不线上", "UNLICENSED_ONLINE.remote", []),
        ("线上勿扰", "UNLICENSED_ONLINE.remote", []),
        ("线上线下都可以", "UNLICENSED_ONLINE.remote", ["线上"]),
        ("离住家近的优先", "LIVE_IN_TUTOR.at_home", []),
        ("可住家，包食宿", "LIVE_IN_TUTOR.at_home", ["住家"]),
        ("【要求】女生，有经验", "HOME_TUTOR.seek", []),
        ("求一位英语老师", "HOME_TUTOR.seek", ["求"]),
        ("大学生求一份家教", "HOME_TUTOR.seek", []),
        ("退休一线老师", "IN_SERVICE_TEACHER.employed", []),
        ("非在职教师", "IN_SERVICE_TEACHER.employed", []),
        ("现任外企职员", "IN_SERVICE_TEACHER.employed", []),
        ("现任实验中学数学老师", "IN_SERVICE_TEACHER.employed", ["现任实验中学数学老师"]),
        ("娃在学校上课听不懂", "IN_SERVICE_TEACHER.employed", []),
        ("我白天在学校上课，晚上带几个", "IN_SERVICE_TEACHER.employed", ["我白天在学校上课"]),
        ("在编教师周末带班", "IN_SERVICE_TEACHER.employed", ["在编教师"]),
        ("小班课 4人", "ONE_TO_ONE.few", ["小班课 4人"]),
        ("满6人开班", "ONE_TO_ONE.few", ["满6人"]),
        ("满6人以上优惠", "ONE_TO_ONE.few", []),
    ],
)
def test_a_word_speaks_where_it_means_what_the_rule_says(
    signals: Signals, text: str, key: str, said: list[str]
) -> None:
    assert [text[start:end] for start, end in signals.find(text).get(key)] == said


def test_what_two_patterns_of_a_signal_find_is_quoted_once_and_from_left_to_right(words: Path) -> None:
    signal = Signal(name="fee", patterns=("学费.{0,3}现金", "现金", "学费", "只收"))
    rule = Violation.model_construct(id="FEE_VIOLATION", signals=(signal,), excuses=())
    text = "学费只收现金，现金付，只收现金"
    found = [text[start:end] for start, end in Signals([rule], words).find(text).get("FEE_VIOLATION.fee")]
    assert found == ["学费只收现金", "现金", "只收", "现金"]
