"""Texts that are learned from several times, the rules silent in some of them (`nlp.train.Copy`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from nlp import train as training
from nlp.linear import HEAD_SIZE
from nlp.reading import Reader
from nlp.samples import Sample, read_rules
from nlp.table import Table
from nlp.train import DECIDING, NAMING, Copy

CONFIG = Path(__file__).parents[2] / "config"
ROOMS = [f"祠堂教室出租，适合补课，{number}平，带课桌" for number in "一二三四五六七八九十"]
OTHERS = [f"初{number}数学一对一，上门辅导" for number in "一二三"]
UNHEARD = (
    "祠堂空着，带课桌"  # what the rule does not know, said in words that always stood beside what it knows
)


@pytest.fixture(scope="module")
def table() -> Table:
    samples = [
        *(Sample(text, True, "corpus", "one", frozenset({"VENUE"}), "provider") for text in ROOMS),
        *(
            Sample(text, True, "corpus", "one", frozenset({"ONE_TO_ONE"}), role)
            for text in OTHERS
            for role in training.ROLES
        ),
        Sample(UNHEARD, True, "corpus", "two", frozenset({"VENUE"}), "provider"),
    ]
    return Table(samples, Reader(read_rules(CONFIG / "violations"), CONFIG / "words"))


def test_shares_of_a_text_are_one_whole() -> None:
    for copies in (DECIDING, NAMING):
        assert sum(copy.share for copy in copies) == pytest.approx(1)
        assert copies[0].silent is None


def test_a_silenced_table_says_nothing_in_these_columns_and_the_same_in_others(table: Table) -> None:
    rules = np.array([name.startswith("rule:") for name in table.names])
    said, quiet, dumb = (one.named.toarray() for one in (table, table.silenced("rule:"), table.silenced("")))
    assert said[:, rules].any()
    assert not quiet[:, rules].any()
    assert np.array_equal(quiet[:, ~rules], said[:, ~rules])
    assert not dumb.any()
    assert table.silenced("").hashed is table.hashed


def test_a_rule_that_is_always_right_is_trusted_less_and_the_words_beside_it_more(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    unheard = len(table.samples) - 1
    rule = HEAD_SIZE + table.names.index("rule:VENUE")
    assert table.headed()[unheard, rule] == 0

    def learned(copies: Sequence[Copy]) -> tuple[float, float]:
        """What the head of VENUE weighs its rule, and what it says of the text that the rule does not hear."""
        monkeypatch.setattr(training, "NAMING", copies)
        heads, weights, bias = training._heads(table.without(np.arange(len(table.samples)) == unheard))
        venue = heads.index("code:VENUE")
        return weights[venue][rule], float((table.headed()[unheard] @ weights[venue] + bias[venue])[0])

    trusting, careful = learned((Copy(None, 1.0),)), learned(NAMING)
    assert careful[0] < 0.8 * trusting[0]  # three tenths of the texts do not speak of the rule
    assert careful[1] > trusting[1]
