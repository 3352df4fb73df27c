from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from crawler.politeness import LONGEST_WAIT, UNSAID_WAIT, Pacer, retry_after

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("2", 2), ("", UNSAID_WAIT), ("soon", UNSAID_WAIT), ("\u00b2", UNSAID_WAIT), ("Tue, 01 Sep 2026 12:00:30 GMT", 30),
        ("Tue, 01 Sep 2026 11:00:00 -0000", 0),
    ],
)  # fmt: skip
def test_retry_after(said: str, seconds: float) -> None:
    assert retry_after(said, NOW) == seconds


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self._sleep = asyncio.sleep
        monkeypatch.setattr("crawler.politeness.asyncio.sleep", self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await self._sleep(0)


async def _turns(pacer: Pacer, clock: Clock, host: str, count: int, lasting: float = 0) -> list[float]:
    sent: list[float] = []

    async def one() -> None:
        async with pacer.turn(host):
            sent.append(clock.now)
            clock.now += lasting

    await asyncio.gather(*(one() for _ in range(count)))
    return sent


def test_turns_of_one_host_are_spaced_from_the_answer_on(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    pacer = Pacer(5, lambda: clock.now)
    assert asyncio.run(_turns(pacer, clock, "a", 3, lasting=1)) == [0, 6, 12]
    # Another host's turn is its own.
    assert asyncio.run(_turns(pacer, clock, "b", 1)) == [13]


def test_a_hold_keeps_everybody_waiting_and_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    pacer = Pacer(1, lambda: clock.now)
    pacer.hold("a", 30)
    pacer.hold("a", 2)
    assert asyncio.run(_turns(pacer, clock, "a", 2)) == [30, 31]
    pacer.hold("c", 1e9)
    assert asyncio.run(_turns(pacer, clock, "c", 1)) == [31 + LONGEST_WAIT]
