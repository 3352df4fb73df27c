"""The quick way gives the slow way's answers: the first gate, batches, folding, both segmenters."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.rules import Violation
from core.text import fold, fold_character, fold_with_offsets
from nlp.disguise import Disguise
from nlp.gate import BRIEF, Gate, anchors
from nlp.judge import BATCH, Asked, Judge, batched
from nlp.samples import corpus_samples
from nlp.sheet import Sheets, readable

PIECES = st.sampled_from(
    ["数", "学", "数🍠", "一 对 一", "1v1", "家.教", "老浉", "孩子", "历史", "\n", "。", "\u200b", "é", "輔導", "shu4", "xue2",
     "薯\n学\n辅\n导\n", "a4", "ⓙⓙ", "初二", "\0", "微信", "今天天气很好，" * 5, "1-6年级", "㎏", "\ud800"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=16).map("".join)


@pytest.fixture(scope="module")
def disguise(words: Path) -> Disguise:
    return Disguise(words)


@pytest.fixture(scope="module")
def gate(rules: list[Violation], words: Path, disguise: Disguise) -> Gate:
    return Gate(rules, words, disguise)


def slow(judge: Judge, text: str) -> object:
    """The verdict of a text that no gate has let go."""
    sheets = Sheets([readable(text)])
    asked = Asked(text, 0, "other", "")
    read = judge._read([asked], sheets, judge._reader.lay_bare(sheets), [0])
    return read.get(0) or judge._unanchored(sheets[0], "")


@settings(max_examples=300, deadline=None)
@example("数\n学\n辅\n导\n了")
@example("数a\n学b\n家c\n教d")
@given(TEXTS)
def test_what_the_gate_lets_go_is_not_anchored_when_read_in_full(
    gate: Gate, disguise: Disguise, text: str
) -> None:
    clean = text.encode("utf-8", "replace").decode()
    assert gate.may_be_anchored(clean) or not gate.anchored(disguise.undo(clean))


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS, max_size=6))
def test_the_gate_says_the_same_of_many_as_of_each(gate: Gate, texts: list[str]) -> None:
    clean = [text.encode("utf-8", "replace").decode() for text in texts]
    together = gate.each_may_be_anchored(clean)
    assert len(together) == len(clean)
    for text, may in zip(clean, together, strict=True):
        assert may or not gate.may_be_anchored(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS, max_size=4))
def test_the_quick_verdict_is_the_slow_one_in_batches_and_one_by_one(judge: Judge, texts: list[str]) -> None:
    expected = [slow(judge, text) for text in texts]
    assert [judge.judge_text(text) for text in texts] == expected
    assert list(judge.judge_texts((text, "", "other") for text in texts)) == expected


# One text in so many of ours: a thousand of all authors, in an evening's run nine thousand.
EVERY = 3 if os.environ.get("WANGXUN_TEST_LONG") == "1" else 27


@pytest.mark.no_cover  # thousands of texts on lines that others cover: tracing them takes most of its time
def test_quick_and_slow_agree_on_our_corpus(judge: Judge) -> None:
    texts = [sample.text for sample in corpus_samples()][::EVERY]
    assert list(judge.judge_texts((text, "", "other") for text in texts)) == [slow(judge, t) for t in texts]


@pytest.mark.shared
def test_quick_and_slow_agree_on_the_background(
    gate: Gate, disguise: Disguise, judge: Judge, shared: Path
) -> None:
    with gzip.open(shared / "data" / "real_background.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    for batch in batched(texts):
        for text, may in zip(batch, gate.each_may_be_anchored(batch), strict=True):
            assert may or not gate.anchored(disguise.undo(text)), text
    few = texts[::60]
    assert list(judge.judge_texts((text, "", "other") for text in few)) == [slow(judge, text) for text in few]


def test_one_everyday_word_accuses_nobody_and_two_or_a_strong_or_a_hidden_one_may(
    gate: Gate, disguise: Disguise
) -> None:
    filling = "，今天天气很好" * (BRIEF // 6)
    for text, expected in (
        ("历史" + filling, False), ("历史孩子" + filling, True), ("补课" + filling, True), ("薯学" + filling, True),
        ("历史", True), ("这里补", True), ("这里不", False), (filling, False), ("微信" + filling, False), ("", False),
    ):  # fmt: skip
        assert gate.anchored(disguise.undo(text)) is expected, text


def test_words_of_rules_are_anchors_but_not_the_ones_that_every_advertisement_uses(
    rules: list[Violation], words: Path
) -> None:
    found, strong = anchors(rules, words)
    assert {"众筹", "幼小衔接", "志愿填报"} <= found
    assert not {"优惠", "元", "微信"} & found
    assert {"家教", "补课"} <= strong < found


def test_a_text_without_anchor_is_clear_with_nothing_said_of_it(judge: Judge) -> None:
    verdict = judge.judge_text("今天去海淀区公园散步，电话13800001111")
    assert (verdict.decision, verdict.score, verdict.suspicions, verdict.counter) == ("clear", 0.0, (), ())
    assert verdict.entities


def test_batches_keep_the_order_and_the_number() -> None:
    assert [len(batch) for batch in batched(range(2 * BATCH + 1))] == [BATCH, BATCH, 1]
    assert list(batched([])) == []


@settings(max_examples=300)
@given(st.text(max_size=80) | TEXTS)
def test_a_text_folds_as_its_characters_do(text: str) -> None:
    plain = [fold_character(character) for character in text]
    offsets = [index for index, part in enumerate(plain) for _ in part]
    assert fold_with_offsets(text) == ("".join(plain), offsets)
    assert fold(text) == "".join(plain)
