"""How long a cluster that does not answer, or is busy, is waited for."""

from __future__ import annotations

import pytest

from core.errors import NotFound, StoreAway
from store.elasticsearch.patience import (
    FIRST_REST,
    LONGEST_REST,
    PATIENCE,
    Breaker,
    Busy,
    Patience,
    Unanswered,
    Unreached,
    spread,
)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Asked:
    """A breaker with a clock of its own, and how often it let somebody ask or probe."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.breaker = Breaker(self.clock)
        self.requests = self.probes = 0
        self.there = True

    def probe(self) -> None:
        self.probes += 1
        if not self.there:
            raise Unreached("nobody")

    def ask(self, error: Exception | None = None) -> str:
        try:
            with self.breaker.asking(self.probe):
                self.requests += 1
                if error:
                    raise error
        except (StoreAway, NotFound, ValueError) as raised:
            return type(raised).__name__
        return "answered"


@pytest.fixture
def asked() -> Asked:
    return Asked()


def test_a_moment_without_answer_is_waited_through(asked: Asked) -> None:
    for _ in range(100):
        assert asked.ask(Unreached("x")) == "Unreached"
    asked.clock.now += PATIENCE / 2
    assert asked.ask() == "answered"
    asked.clock.now += PATIENCE
    assert asked.ask(Unreached("x")) == "Unreached"  # counted anew
    assert asked.ask() == "answered"


def test_then_nobody_asks_for_a_while_and_one_tries_for_all(asked: Asked) -> None:
    asked.ask(Unreached("x"))
    asked.clock.now += PATIENCE
    asked.ask(Unreached("x"))
    asked.requests, asked.there = 0, False
    assert [asked.ask() for _ in range(50)] == ["StoreAway"] * 50
    assert (asked.requests, asked.probes) == (0, 0)
    asked.clock.now += 1.25 * FIRST_REST
    assert [asked.ask() for _ in range(3)] == ["Unreached", "StoreAway", "StoreAway"]
    assert (asked.requests, asked.probes) == (0, 1)
    asked.clock.now += 10 * FIRST_REST
    asked.there = True
    assert [asked.ask() for _ in range(3)] == ["answered"] * 3
    assert (asked.requests, asked.probes) == (3, 2)


def test_the_rests_grow_to_a_limit(asked: Asked) -> None:
    asked.there = False
    asked.ask(Unanswered("slow"))
    for _ in range(20):
        asked.clock.now += 2.6 * LONGEST_REST  # whatever the last rest was
        assert asked.ask() == "Unreached"
    asked.clock.now += 1.25 * LONGEST_REST
    asked.there = True
    assert asked.ask() == "answered"


def test_what_does_not_answer_in_time_is_left_alone_at_once(asked: Asked) -> None:
    assert asked.ask(Unanswered("slow")) == "Unanswered"
    assert asked.ask() == "StoreAway"


def test_a_refusal_is_an_answer(asked: Asked) -> None:
    for error in (Busy("429"), NotFound("404"), ValueError("bug")):
        asked.ask(Unreached("x"))
        asked.clock.now += 10 * PATIENCE
        assert asked.ask(error) == type(error).__name__
    assert asked.ask() == "answered"


def test_an_error_names_the_reason(asked: Asked) -> None:
    asked.ask(Unanswered("the cable is out"))
    with pytest.raises(StoreAway, match="the cable is out"), asked.breaker.asking(asked.probe):
        pass


def test_patience_is_spent_once_until_somebody_is_answered() -> None:
    patience, pauses = Patience(), (0.1, 0.2, 0.4, 0.8)
    assert len(list(patience.of(pauses))) == 4
    assert [len(list(patience.of(pauses))) for _ in range(3)] == [2, 2, 2]
    patience.answered()
    next(patience.of(pauses))  # answered after the first pause: nothing is spent
    assert len(list(patience.of(pauses))) == 4


def test_those_who_were_refused_together_do_not_come_back_together() -> None:
    assert len({spread(1.0) for _ in range(50)}) > 40
    assert all(0.75 <= spread(1.0) <= 1.25 for _ in range(50))
