"""What is said of coded words is read back as it was said."""

from __future__ import annotations

import pytest

from core.meanings import FIRSTS, Coded, joined, parted


@pytest.mark.parametrize(
    ("coded", "own"),
    [
        ([], "学校科目"),
        ([Coded("jj", "家教")], ""),
        ([Coded("老shi", "老师")], "到学生家里授课"),
        ([Coded("数\n学", "数学"), Coded("佳“教", "家教")], "学校科目；又一说"),
        ([Coded(FIRSTS, "招生数学")], "学校科目"),
    ],
)
@pytest.mark.parametrize("mark", ["", "图中文字："])
def test_said_and_read_back(coded: list[Coded], own: str, mark: str) -> None:
    assert parted(mark + (joined(coded, own) or "")) == (coded, own)


def test_the_words_that_officers_read() -> None:
    assert joined([Coded("老shi", "老师")], "到学生家里授课") == "“老shi”即“老师”；到学生家里授课"
    assert joined([Coded(FIRSTS, "招生数学")], None) == "各行首字连读即“招生数学”"
    assert joined([], None) is None
    assert parted(None) == parted("图中文字") == ([], "")


def test_a_meaning_of_its_own_is_no_coded_word() -> None:
    assert parted("“初升高”是升学衔接") == ([], "“初升高”是升学衔接")
