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


@pytest.mark.parametrize(
    "claim", ["base64", "utf-16", "utf-16le", "undefined", "rot13", "zlib", "idna", "uu", "x-user-defined"]
)
def test_a_claim_that_no_browser_heeds_hides_nothing(claim: str) -> None:
    meta = f"<meta charset={claim}>{ADVERT}"
    assert decode("text/html", meta.encode()) == (meta, "utf-8")
    if not claim.startswith("utf"):
        assert decode(f"text/html; charset={claim}", ADVERT.encode()) == (ADVERT, "utf-8")


def test_a_header_that_says_utf_16_is_believed_where_it_fits() -> None:
    assert decode("text/html; charset=utf-16le", ADVERT.encode("utf-16-le"))[0] == ADVERT
