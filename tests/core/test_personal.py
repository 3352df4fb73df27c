"""Personal parts are told by their shape, in addresses and out of them; a post's own numbers, dates and prices are none."""

from __future__ import annotations

import pytest

from core import personal
from core.mask import mask_address, mask_words


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://a.test/13800138000", "http://a.test/138******00"),
        ("http://a.test/u-138-0013-8000.html", "http://a.test/u-138********00.html"),
        ("http://a.test/8613800138000", "http://a.test/861********00"),
        ("http://a.test/%E7%94%B513800138000", "http://a.test/%E7%94%B5138******00"),
        ("http://13800138000.a.test/x", "http://138******00.a.test/x"),
        ("https://wa.example/?phone=13800138000&x=1", "https://wa.example/?phone=138******00&x=1"),
        ("https://a.test/?wx=zhang_88#top", "https://a.test/?wx=zh****88#top"),
        ("https://a.test/?WeChat=zhang_88", "https://a.test/?WeChat=zh****88"),
        ("https://a.test/?to=laoshi88%40qq.com", "https://a.test/?to=lao************om"),
        ("https://wpa.qq.com/msgrd?v=3&uin=123456789&site=qq", "https://wpa.qq.com/msgrd?v=3&uin=12*****89&site=qq"),
        ("https://wa.me/8613800138000", "https://wa.me/861********00"),
        ("https://t.me/zhang_88", "https://t.me/zh****88"),
        ("tel:057188150008", "tel:057*******08"),
        ("weixin://dl/chat?zhang_88", "weixin://dl/***********88"),
        ("http://a.test/１３８００１３８０００", "http://a.test/１３８******００"),
    ],
)  # fmt: skip
def test_an_address_says_where_it_leads_and_not_to_whom(address: str, shown: str) -> None:
    assert mask_address(address) == shown
    assert mask_address(f"见{address}，") == f"见{shown}，"


@pytest.mark.parametrize(
    "address",
    [
        "http://tutor.test/info/1234567890123.html", "https://tieba.test/p/9012345678", "http://a.test/2026-11-22/100.html",
        "http://a.test/?page=3&tel=1", "http://a.test/hotel:book", "http://a.test/12345678901", "http://content.me/abcdef",
    ],
)  # fmt: skip
def test_a_posts_own_address_stays(address: str) -> None:
    assert mask_address(address) == address


@pytest.mark.parametrize(
    "text",
    ["20260901至20260930", "2026-09-01 2026-09-30", "1000-15000元", "8:00-20:00", "邮编310000", "电话：微信同号", "@所有人 家长"],
)  # fmt: skip
def test_dates_prices_and_hours_stay(text: str) -> None:
    assert personal.in_text(text) == []


@pytest.mark.parametrize(
    "number",
    ["33010619900101121X", "330106 19900101 121X", "6222021234567890013", "6222 0212 3456 7890 014", "6222-0212-3456-7890"],
)  # fmt: skip
def test_numbers_of_identity_and_bank_cards_are_personal(number: str) -> None:
    assert personal.in_text(f"号{number}。") == [(1, 1 + len(number))]


def test_places_that_overlap_are_masked_as_one() -> None:
    text = "138001380001380013800"
    assert mask_words(text, lambda _: [(0, 11), (10, 21)]) == "138****************00"


@pytest.mark.parametrize("piece", ["1", "a@", "13-", "tel:", "1234-", "wx=", "a.", "%31"])
def test_a_hostile_text_is_read_to_its_end(piece: str) -> None:
    text = piece * 2000 + "。tel:13800138000"
    assert personal.in_text(text)
