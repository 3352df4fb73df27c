from __future__ import annotations

from nlp.card import intervals, rates
from nlp.samples import Sample

VIOLATION = Sample("上门家教", True, "forum", "real 0")
LAWFUL = Sample("社区象棋赛", False, "forum", "real 0")


def test_the_intervals_hold_the_rates_and_narrow_with_more_posts() -> None:
    samples, flagged = [VIOLATION] * 10 + [LAWFUL] * 10, [True] * 9 + [False] * 10 + [True]
    for name in ("precision", "f1"):
        value = rates(samples, flagged)[name]
        few = intervals(samples, flagged)[f"{name}, 95 % interval"]
        many = intervals(samples * 20, flagged * 20)[f"{name}, 95 % interval"]
        assert few[0] < many[0] < value < many[1] < few[1]


def test_no_wrong_accusation_among_few_posts_is_no_certainty() -> None:
    low, high = intervals([VIOLATION] * 5, [True] * 5)["precision, 95 % interval"]
    assert low < 0.6
    assert high == 1.0
