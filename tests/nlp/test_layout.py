"""Lines in the order of reading; sentences that the edge of the paper broke."""

from __future__ import annotations

from nlp.layout import Line, laid_out


def line(text: str, top: int, left: int = 40, height: int = 36) -> Line:
    return Line(text, left, top, 34 * len(text), height)


def read(*lines: Line) -> str:
    return "".join(("" if item.runs_on else "|") + item.text for item in laid_out(lines))


FULL = "高一生物辅导，一轮复习，照考纲一块块"


def test_a_word_broken_at_the_edge_is_whole_again() -> None:
    assert read(line(FULL, 100), line("讲过。", 148)) == f"|{FULL}讲过。"
    # The box of a short line is half as high again, and begins a little to the left.
    assert read(line(FULL, 100), line("过。", 140, left=29, height=54)) == f"|{FULL}过。"


def test_what_ends_before_the_edge_was_meant_to_end() -> None:
    found = read(line(FULL, 100), line("数学一对一上门家教", 148), line("语文", 196))
    assert found == f"|{FULL}数学一对一上门家教|语文"


def test_ends_of_sentences_headlines_and_paragraphs_part() -> None:
    assert read(line(FULL + "。", 100), line("语文", 148)) == f"|{FULL}。|语文"
    assert read(line(FULL, 100, height=72), line("语文", 180)) == f"|{FULL}|语文"  # smaller letters
    assert read(line(FULL, 100), line("语文", 200)) == f"|{FULL}|语文"  # further down
    assert read(line(FULL, 100), line("语文", 148, left=200)) == f"|{FULL}|语文"  # elsewhere on the paper
    assert read(line("语文数学", 100), line("英语", 148)) == "|语文数学|英语"  # a list


def test_what_stands_side_by_side_is_read_from_left_to_right() -> None:
    lines = (line("周六", 102, left=300), line("数学", 100), line("周日", 160, left=300), line("英语", 160))
    assert read(*lines) == "|数学|周六|英语|周日"


def test_single_letters_of_drawings_are_dropped_and_codes_stand_last() -> None:
    code = Line("https://u.example", 0, 0, 90, 90, "code")
    assert read(code, line("C", 10), line("教", 50), line("8", 90)) == "|教|https://u.example"
    assert laid_out([]) == ()
