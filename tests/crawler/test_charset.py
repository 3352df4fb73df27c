from __future__ import annotations

import pytest

from crawler.charset import declared, decode, plausibility

ADVERT = "北京海淀高中数学一对一辅导，名师上门，电话联系。" * 3


@pytest.mark.parametrize(
    ("said", "sent"), [("utf-8", "gbk"), ("gbk", "utf-8"), ("gb2312", "gb18030"), ("", "gbk"), ("", "utf-8")]
)
def test_the_bytes_win_over_the_claim(said: str, sent: str) -> None:
    text, used = decode(f"text/html; charset={said}" if said else "text/html", ADVERT.encode(sent))
    assert text == ADVERT
    assert used == ("utf-8" if sent == "utf-8" else "gb18030")


def test_a_byte_order_mark_wins_and_is_no_text() -> None:
    assert decode("text/html; charset=gbk", b"\xef\xbb\xbf" + ADVERT.encode()) == (ADVERT, "utf-8")


def test_traditional_chinese_is_read_by_its_claim() -> None:
    text = "數學補習家教老師一對一"
    assert decode("text/html; charset=big5", text.encode("big5"))[0] == text


def test_the_meta_tag_counts_and_unknown_names_do_not() -> None:
    assert declared("text/html; charset=martian", b"<meta charset='gb2312'>") == ["gb18030"]


def test_broken_text_is_less_plausible_than_whole() -> None:
    assert plausibility(ADVERT) > plausibility(ADVERT.encode("gbk").decode("utf-8", "replace"))
    assert plausibility("plain ascii") == 0
