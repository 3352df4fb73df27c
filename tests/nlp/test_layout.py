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


def column(text: str, left: int, top: int = 30, wide: int = 55, high: int = 0) -> Line:
    return Line(text, left, top, wide, high or 44 * len(text))


def test_columns_are_read_from_right_to_left_in_their_place() -> None:
    found = (
        column("每小时两百元", 68, 136),
        column("初中数学一对一", 468, 134),
        line("名师辅导", 30),
        line("电话", 900),
    )
    assert read(*found) == "|名师辅导|初中数学一对一|每小时两百元|电话"


def test_a_word_broken_at_the_lower_end_of_a_column_is_whole_again() -> None:
    assert (
        read(column("班，七人。", 170), column("小学语文阅读写作辅导", 233))
        == "|小学语文阅读写作辅导班，七人。"
    )


def test_a_page_that_lies_on_its_left_side_begins_at_the_left() -> None:
    """Its lines all begin at the lower edge: what stands upright in a picture is a page turned by a quarter."""
    lying = (
        column("收费1800元", 300, 480, 38, 220),
        column("暑假数学提高班", 52, 200, 92, 500),
        column("李老师", 400, 580, 40, 120),
    )
    assert read(*lying) == "|暑假数学提高班|收费1800元|李老师"
    found = {item.text: (item.left, item.top, item.width, item.height) for item in laid_out(lying)}
    assert found == {item.text: (item.left, item.top, item.width, item.height) for item in lying}


def test_numbers_of_a_list_and_single_letters_are_no_columns() -> None:
    numbers = (Line("1、", 40, 100, 24, 40), Line("2、", 40, 160, 24, 40), Line("数", 300, 200, 20, 44))
    assert read(*numbers, line("语文", 104, 80), line("数学", 164, 80)) == "|1、|语文|2、|数学|数"
