"""The glossary of a bundle: coded words apart from plain ones, one a line, and nothing false."""

from __future__ import annotations

from casework.glossary import CODED, PLAIN, Glossary
from core.model import Reason, Span


def written(*told: tuple[str, str | None]) -> str:
    glossary = Glossary()
    for quoted, meaning in told:
        span = Span(start=0, end=len(quoted), text=quoted)
        glossary.learn(Reason(signal="s", span=span, weight=1.0, meaning=meaning))
    return glossary.written().decode()


def test_a_coded_word_in_a_picture_is_a_coded_word() -> None:
    text = written(
        ("jj", "图中文字：“jj”即“家教”；家教、家庭教师"), ("jj", "“jj”即“家教”"), ("上门", "图中文字")
    )
    assert text == f"{CODED}\n\njj\t“jj”即“家教”\n"


def test_a_word_written_downwards_stays_on_its_line() -> None:
    text = written(("数\n学", "“数\n学”即“数学”；学校科目"), ("一\t对\r\n二", "两人\u2028一组"))
    assert text.splitlines()[2] == "数↵学\t“数↵学”即“数学”"
    assert text.splitlines()[-1] == "一 对↵二\t两人↵一组"


def test_only_the_disguise_within_a_quotation_is_a_coded_word() -> None:
    one, two = written(("老shi上门", "“老shi”即“老师”；到学生家里授课"), ("上门", "到学生家里授课")).split(
        f"\n{PLAIN}"
    )
    assert one == f"{CODED}\n\n老shi\t“老shi”即“老师”\n"
    assert two.splitlines()[2:] == ["上门\t到学生家里授课", "老shi上门\t到学生家里授课"]


def test_a_word_that_hides_two_is_told_twice_and_an_acrostic_by_its_way() -> None:
    text = written(
        ("sw", "“sw”即“生物”"), ("sw", "“sw”即“思维”"), ("补一补\n课时", "各行首字连读即“补课”；补课"), ("数学", None),
    )  # fmt: skip
    assert text.splitlines()[2:] == [
        "sw\t“sw”即“思维”",
        "sw\t“sw”即“生物”",
        "各行首字连读\t各行首字连读即“补课”",
    ]


def test_no_word_is_said() -> None:
    assert written() == f"{CODED}：没有\n"
