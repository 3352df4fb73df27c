"""Words of the lists are found where they are words, not by accident inside others."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.rules import Violation
from nlp.signals import Signals


@pytest.fixture(scope="module")
def signals(rules: list[Violation], words: Path) -> Signals:
    return Signals(rules, words)


@pytest.mark.parametrize(
    ("text", "group", "places"),
    [
        ("可拨打12345反映", "@news", [(3, 8)]),
        ("电话13812345678", "@news", []),
        ("热线123456", "@news", []),
        ("985高校在读", "@outcome", [(0, 3)]),
        ("电话13985001122", "@outcome", []),
    ],
)
def test_a_number_speaks_by_itself_and_not_inside_another(
    signals: Signals, text: str, group: str, places: list[tuple[int, int]]
) -> None:
    assert signals.find(text).get(group) == places
