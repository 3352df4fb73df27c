"""What a provenance sheet says of the machine's clock."""

from __future__ import annotations

import socket

import pytest

from casework import clock


@pytest.mark.parametrize(
    ("known", "state"), [(True, "synchronised"), (False, "unsynchronised"), (None, "unknown")]
)
def test_the_kernels_word_is_told(monkeypatch: pytest.MonkeyPatch, known: bool | None, state: str) -> None:
    monkeypatch.setattr(clock, "synchronised", lambda: known)
    told = clock.facts("")
    assert (told["clock_state"], told["clock_reference"]) == (state, "none configured")
    assert "clock_offset_seconds" not in told
    assert told["clock_checked_at"].endswith("Z")


def test_a_clock_that_answers_gives_the_difference_and_one_that_does_not_gives_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        told = clock.facts(f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert "clock_offset_seconds" not in told
    assert "does not answer" in told["clock_reference"]
    monkeypatch.setattr(clock, "offset", lambda address: -0.256)
    told = clock.facts("ntp://clock.example")
    assert (told["clock_reference"], told["clock_offset_seconds"]) == ("ntp://clock.example", "-0.26")
