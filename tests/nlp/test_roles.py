from __future__ import annotations

from pathlib import Path

import pytest

from core.rules import Violation
from nlp.reading import Reader
from nlp.roles import Fields, find_fields


@pytest.fixture(scope="module")
def reader(rules: list[Violation], words: Path) -> Reader:
    return Reader(rules, words)


def fields(reader: Reader, text: str) -> Fields:
    return find_fields(reader.read(text), violating=True)


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("科目：英语，周六，初二", "英语"), ("外语 一对一", "英语"), ("英语、物理", "英语 物理"), ("英语物理，初三", "英语 物理"), ("语文/英语", "语文 英语"),
        ("科目：数英", "数学 英语"), ("语、数、英", "语文 数学 英语"), ("数/英/物化", "数学 英语 物理 化学"), ("语数英物理化", "语文 数学 英语 物理 化学"),
        ("晚托，陪孩子写作业", ""), ("写作班招生", "语文"), ("声音标准", ""), ("英语音标", "英语"), ("努力学习，好好写作业", ""), ("力学专题课", "物理"), ("大多数学生都来了", ""), ("高二数学生物", "数学 生物"),
        ("文化学校", ""), ("语文化学一对一", "语文 化学"), ("工作文档", ""), ("作文辅导", "语文"), ("全国学生都爱", ""), ("国学启蒙", "语文"),
    ],
)  # fmt: skip
def test_the_subjects_are_those_that_are_written(reader: Reader, text: str, subjects: str) -> None:
    assert sorted(fields(reader, text).subjects) == sorted(subjects.split())


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("期中考试", ""), ("中考冲刺", "初中"), ("入学前体检", ""), ("学前班", "学前"), ("18-45岁", ""), ("16岁", ""), ("3-6岁", "学前"), ("成绩提高一点", ""), ("高一数学", "高中"),
        ("数学考试", ""), ("学考冲刺", "高中"), ("今年初三", "初中"), ("升高一", "高中"), ("上学前班", "学前"), ("正月初三开班", ""), ("初三开班", "初中"), ("提高考试成绩", ""), ("高考冲刺", "高中"), ("小一点的房间", ""), ("小一数学", "小学"),
        ("五年级", "小学"), ("八年级", "初中"), ("复读机", ""), ("复读班", "高中"),
    ],
)  # fmt: skip
def test_the_stages_are_those_that_are_written(reader: Reader, text: str, stages: str) -> None:
    assert sorted(fields(reader, text).stages) == sorted(stages.split())
