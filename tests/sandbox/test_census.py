"""The census alone: what holds for each seed, whatever chance adds."""

from __future__ import annotations

from collections import Counter

import pytest

from sandbox.census import LIFETIME, certain_codes, slots


@pytest.mark.parametrize("seed", range(20, 40))
def test_each_code_stands_six_times_plain_and_disguised_for_each_seed(seed: int) -> None:
    town = [slot for site in slots(seed).values() for slot in site if slot.copy_of is None]
    codes = Counter(code for slot in town for code in certain_codes(slot.plan))
    assert len(codes) == 20
    assert min(codes.values()) >= 6
    for wanted in (True, False):
        found = {code for slot in town if slot.disguised is wanted for code in certain_codes(slot.plan)}
        assert found == set(codes)


def test_copies_and_replies_live_as_long_as_what_they_belong_to() -> None:
    town = slots(3)
    by_number = {(slot.site, slot.number): slot for site in town.values() for slot in site}
    assert len(by_number) == sum(len(site) for site in town.values())
    for slot in by_number.values():
        assert 0 <= slot.turn < LIFETIME
        if slot.copy_of:
            assert by_number[slot.copy_of].turn == slot.turn
        if slot.thread is not None:
            assert by_number["luntan", slot.thread].turn == slot.turn
            assert by_number["luntan", slot.thread].board == slot.board
