"""What the lookout says cannot be there is not there: entities and regions are those of the searches without it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.text import fold_many
from nlp import contacts, digits, names
from nlp.account_readings import readings
from nlp.entities import find_entities
from nlp.lookout import signs_of
from nlp.number_readings import number_readings
from nlp.prices import TOKEN
from nlp.sheet import MOST, Sheets, find_region, parted
from nlp.signs import LETTER, QQ, Signs

PIECES = st.sampled_from(
    ["138 0000 1111", "一三八", "8888-1234", "电话", "v信:abc_12345", "加薇 nx tuo 8866", "想来的 lh_yw77", "直接加 lily88", "扣1_2_3_4_5_6_7", "微信同号", "qq 1234567", "扣扣", "企.鹅", "群号 638 274 019", "扣❗❗", "Q我", "a@b.cn", "www.x.com", "x.top/1", "每小时", "一百五", "80元",
     "三块", "3", ",", "12,500", "北京市", "海淀区", "朝阳", "街道", "镇", "中关村街道", "李老师", "阳光路8号", "教育中心", "【好学】", "家政", "①②③", "❶", "叁参", "289 o 4", "7o", "⓪", "\u20e3", "\n",
     "。", " ", "x", "l", "o", "👗", "㎏", "\0", "\u200b"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=14).map("".join)


def signs(text: str) -> Signs:
    return signs_of(fold_many([text]))[0]


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_no_match_of_a_search_is_lost(text: str) -> None:
    plain = fold_many([text]).text(0)
    found = signs(text)
    for search, pattern in {**names.PATTERNS, **contacts.PATTERNS}.items():
        assert search in found.searches or not pattern.search(plain), search
    assert found.dialled or not contacts._RUN.search(plain)
    numbers = [one.value for one in number_readings(plain) if len(one.value) >= digits.FEWEST_DIGITS]
    assert found.dialled or found.kinds & QQ or not numbers
    assert found.kinds & LETTER or "拼" in plain or not readings(plain)
    begins = set(found.amounts)
    assert all(match.start() in begins for match in TOKEN.finditer(plain))


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, max_size=5))
def test_texts_read_together_say_what_each_says_alone(texts: list[str]) -> None:
    from nlp.entities import entities_of

    if not texts:
        return
    sheets = Sheets(texts)
    for number, text in enumerate(texts):
        assert entities_of(sheets[number]) == find_entities(text)
        assert sheets[number].region == find_region(text)


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [([], []), ([3, 4], [range(2)]), ([MOST, 1], [range(1), range(1, 2)]), ([MOST + 9], [range(1)]), ([1, MOST, 1], [range(1), range(1, 2), range(2, 3)])],
)  # fmt: skip
def test_long_texts_are_read_by_themselves(lengths: list[int], expected: list[range]) -> None:
    assert list(parted(["x" * length for length in lengths])) == expected


@pytest.mark.parametrize("run", [contacts._RUN])
def test_the_shortest_number_has_as_many_digits_as_the_pattern_asks_for(run: re.Pattern[str]) -> None:
    few = "2" * (digits.FEWEST_DIGITS - 1)
    assert run.fullmatch(few + "2")
    assert not run.search(few)
    assert run.fullmatch(("2" + " " * digits.MOST_JOINTS) * (digits.FEWEST_DIGITS - 1) + "2")
    assert not run.search(("2" + " " * (digits.MOST_JOINTS + 1)) * digits.FEWEST_DIGITS)
