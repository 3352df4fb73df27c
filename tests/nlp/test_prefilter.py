from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.pattern import parsed
from core.rules import Violation
from nlp import prefilter, price_words
from nlp.prefilter import Sieve, needed
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


@pytest.fixture(scope="module")
def shipped(rules: list[Violation]) -> list[re.Pattern[str]]:
    """The patterns of all signals and excuses."""
    signals = (signal for rule in rules for signal in (*rule.signals, *rule.excuses))
    return [re.compile(pattern) for signal in signals for pattern in signal.patterns]


@pytest.fixture(scope="module")
def characters(shipped: list[re.Pattern[str]]) -> list[frozenset[str] | None]:
    """What each of them needs."""
    return list(map(needed, shipped))


@pytest.fixture(scope="module")
def sieve(shipped: list[re.Pattern[str]]) -> Sieve:
    return Sieve(pattern.pattern for pattern in shipped)


@pytest.fixture(scope="module")
def scans(shipped: list[re.Pattern[str]]) -> list[Scan | None]:
    """The scan of each that never matches nothing, which is where `finditer` goes another way."""
    return [Scan(pattern) if first_characters(pattern) else None for pattern in shipped]


@given(text=st.text("提分涨高0369二十年期课节元小时一对人岁周末原教育培训住家", max_size=30))
def test_no_match_of_the_shipped_patterns_is_lost(
    shipped: list[re.Pattern[str]], characters: list[frozenset[str] | None], text: str
) -> None:
    for pattern, one_of in zip(shipped, characters, strict=True):
        for match in pattern.finditer(text):
            assert one_of is None or not one_of.isdisjoint(match[0])


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("数学", "数学"), ("[数语]学", "数学 语学"), ("(?:补|辅导?)习.{0,3}中心", "中心"), ("(?:张|王)老师", "张老师 王老师"),
        ("数?学", "学"), ("课{2,}时", "课"), ("路[0-2]{1,3}号", "路0 路1 路2"), ("(?<=在)家教(?!师)", "家教"), (".*", None), ("a|", None),
        ("(?i:ab)", None), ("(?:a{1,2}b|cd)e", "e"), ("(?:a{1,2}bb|cd)e", "bb cd"),
        ("[路街](?:[0-2]+号|口(?:东|西)?)", "路0 路1 路2 路口 街0 街1 街2 街口"), ("高(?:一.?|a?)", "高"), ("初(?:[一二].|三+)班", "初一 初二 初三"),
    ],
)  # fmt: skip
def test_one_of_these_strings_stands_in_every_match(pattern: str, expected: str | None) -> None:
    sets = prefilter._strings(parsed(pattern)).sets
    assert prefilter._telling(sets) == (None if expected is None else frozenset(expected.split()))


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


@pytest.mark.parametrize(
    ("pattern", "helped"),
    [("数学", False), ("[数语]学", False), ("(?:(?:数学|语文))课", False), ("(?<!大)数学", True), ("高?数学", True), ("(?:[数语]学|课)", True)],
)  # fmt: skip
def test_a_search_is_helped_where_the_library_does_not_know_what_a_match_begins_with(
    pattern: str, helped: bool
) -> None:
    compiled = re.compile(pattern)
    assert (Scan(compiled)._first is not None) == helped
    knows = re._compiler._get_charset_prefix(re._parser.parse(pattern), 0)  # type: ignore[attr-defined]
    assert (knows is None) == helped
    text = "高数学课，大数学，语文课，数，语学\n数学"
    assert [match.span() for match in Scan(compiled).finditer(text)] == [
        match.span() for match in compiled.finditer(text)
    ]


def test_a_sieve_opens_a_pattern_when_a_word_of_each_group_of_an_alternative_was_seen() -> None:
    sieve = Sieve(
        [
            "招聘.{0,9}老师|讲师",
            "[^a]",
            "请.{0,9}阿姨",
            "[高初].{0,9}[一二]",
            "(?:导师|(?:教员|嬷嬷))|保姆",
            "a|(?i:b)",
        ]
    )

    def opened(*words: str) -> list[int]:
        return sieve.opened({group for word in words for group in sieve.words[word]})

    assert sieve.always == {1, 5}
    assert opened() == opened("招聘") == opened("老师") == opened("高") == opened("二") == [1, 5]
    assert opened("招聘", "老师") == opened("讲师") == [0, 1, 5]
    assert opened("阿姨") == [1, 5]
    assert opened("阿姨", "请") == [1, 2, 5]
    assert opened("高", "二") == [1, 3, 5]
    assert opened("导师") == opened("教员") == opened("保姆") == [1, 4, 5]


PIECES = st.sampled_from(
    ["提", "涨", "10", "分", "招", "三名", "老师", "一年级", "学", "二年级", "名额", "附小", "上", "重点", "差", "两家", "单", "80/h", "要求", "中考", "李老师",
     "公办", "教初二", "小班", "3人", "封顶", "一百二十节", "包过", "，", "。", "\n", " ", "x", "书法", "馆", "原来", "教育"]
)  # fmt: skip


@settings(max_examples=200)
@given(pieces=st.lists(PIECES, max_size=14))
def test_sieve_and_scan_lose_and_invent_no_match_of_the_shipped_patterns(
    shipped: list[re.Pattern[str]], sieve: Sieve, scans: list[Scan | None], pieces: list[str]
) -> None:
    text = "".join(pieces)
    opened = sieve.opened({group for word, groups in sieve.words.items() if word in text for group in groups})
    for number, (pattern, scan) in enumerate(zip(shipped, scans, strict=True)):
        found = [match.span() for match in pattern.finditer(text)]
        assert not found or number in opened
        assert scan is None or [match.span() for match in scan.finditer(text)] == found


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
