from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.rules import Violation
from nlp import price_words
from nlp.prefilter import Sieve, needed, needed_words
from nlp.scan import Ending, Scan, first_characters, last_characters


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("数学", "数"), ("[0-3]天", "天"), ("(?:补|辅导?)习", "习"), ("数?(?:补|辅)", "补辅"), ("课{2,}", "课"),
        ("数*", None), ("[^数]", None), (r"\d", None), ("a|", None), ("(?i)a", None), ("(?i:a)", None), ("", None), ("(?=数)", None),
    ],
)  # fmt: skip
def test_one_of_these_characters_stands_in_every_match(pattern: str, expected: str | None) -> None:
    assert needed(re.compile(pattern)) == (None if expected is None else frozenset(expected))


def patterns_of(rules: list[Violation]) -> list[str]:
    """The patterns of all signals and excuses."""
    signals = (signal for rule in rules for signal in (*rule.signals, *rule.excuses))
    return [pattern for signal in signals for pattern in signal.patterns]


@given(text=st.text("提分涨高0369二十年期课节元小时一对人岁周末原教育培训住家", max_size=30))
def test_no_match_of_the_shipped_patterns_is_lost(rules: list[Violation], text: str) -> None:
    for pattern in map(re.compile, patterns_of(rules)):
        one_of = needed(pattern)
        for match in pattern.finditer(text):
            assert one_of is None or not one_of.isdisjoint(match[0])


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("数学", "数学"), ("[数语]学", "数学 语学"), ("(?:补|辅导?)习.{0,3}中心", "中心"), ("(?:张|王)老师", "张老师 王老师"),
        ("数?学", "学"), ("课{2,}时", "课"), ("路[0-2]{1,3}号", "路0 路1 路2"), ("(?<=在)家教(?!师)", "家教"), (".*", None), ("a|", None),
        ("(?i)ab", None), ("(?:a{1,2}b|cd)e", "e"), ("(?:a{1,2}bb|cd)e", "bb cd"),
    ],
)  # fmt: skip
def test_one_of_these_strings_stands_in_every_match(pattern: str, expected: str | None) -> None:
    assert needed_words(re.compile(pattern)) == (None if expected is None else frozenset(expected.split()))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("数学", "数"), (r"\s?[数语]", None), ("a?b", "ab"), ("(?:a|b?)c", "abc"), ("(?<!x)a", "a"), ("a*", None), (".a", None), ("(?i)a", None)],
)  # fmt: skip
def test_every_match_begins_with_one_of_these(pattern: str, expected: str | None) -> None:
    found = first_characters(re.compile(pattern))
    if pattern.startswith(r"\s"):
        assert found is not None
        assert {"数", "语", " ", "\u3000"} <= found
    else:
        assert found == (None if expected is None else frozenset(expected))


def test_a_sieve_opens_a_pattern_when_a_word_of_each_group_of_an_alternative_was_seen() -> None:
    sieve = Sieve(["招聘.{0,9}老师|讲师", "[^a]", "请.{0,9}阿姨", "[高初].{0,9}[一二]"])

    def opened(*words: str) -> list[int]:
        return sieve.opened({group for word in words for group in sieve.words[word]})

    assert sieve.always == {1}
    assert opened() == opened("招聘") == opened("老师") == opened("高") == opened("二") == [1]
    assert opened("招聘", "老师") == opened("讲师") == [0, 1]
    assert opened("阿姨") == [1, 2]  # beside a word a single character is not asked for: it stands everywhere
    assert "请" not in sieve.words
    assert opened("高", "二") == [1, 3]


PIECES = st.sampled_from(
    ["提", "涨", "10", "分", "招", "三名", "老师", "一年级", "学", "二年级", "名额", "附小", "上", "重点", "差", "两家", "单", "80/h", "要求", "中考", "李老师",
     "公办", "教初二", "小班", "3人", "封顶", "一百二十节", "包过", "，", "。", "\n", " ", "x", "书法", "馆", "原来", "教育"]
)  # fmt: skip


@settings(max_examples=200)
@given(pieces=st.lists(PIECES, max_size=14))
def test_sieve_and_scan_lose_and_invent_no_match_of_the_shipped_patterns(
    rules: list[Violation], pieces: list[str]
) -> None:
    text = "".join(pieces)
    patterns = [re.compile(pattern) for pattern in patterns_of(rules)]
    sieve = Sieve(patterns_of(rules))
    opened = sieve.opened({group for word, groups in sieve.words.items() if word in text for group in groups})
    for number, pattern in enumerate(patterns):
        found = [match.span() for match in pattern.finditer(text)]
        assert not found or number in opened
        if first_characters(pattern):  # it never matches nothing, which is where `finditer` goes another way
            assert [match.span() for match in Scan(pattern).finditer(text)] == found


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("数学$", "学"), ("学[:为]?$", "学:为"), ("(?:费|价格?)[是要]{0,3}$", "费价格是要"), ("学", None), ("学*$", None), ("学.?$", None)],
)  # fmt: skip
def test_every_match_ends_with_one_of_these(pattern: str, expected: str | None) -> None:
    assert last_characters(re.compile(pattern)) == (None if expected is None else frozenset(expected))


@settings(max_examples=200)
@given(st.text("每小时课费报价收是要约单科加教初二一年级上门月卡10次共 :元\n", max_size=9))
def test_an_ending_finds_what_the_search_finds(text: str) -> None:
    for pattern in (price_words.STRONG, price_words.WEAK, price_words.RATE, price_words.BULK, price_words.CARD, price_words.SCHOOLING):  # fmt: skip
        found, plain = Ending(pattern).search(text), pattern.search(text)
        assert (found and found.span()) == (plain and plain.span())
