"""Times of two sides that take turns, so that what else runs on the machine hits both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

ROUNDS = 21  # an odd number has a middle; more rounds changed no ratio by more than it wavers
LONG = 8.0  # seconds; what takes longer is asked fewer times, but never fewer than FEWEST
FEWEST = 5


@dataclass(frozen=True)
class Ratio:
    """Ours against the bare library; `most` (or `least`) is what was promised."""

    name: str
    ours: float
    bare: float
    most: float | None = None
    least: float | None = None

    @property
    def value(self) -> float:
        return self.ours / self.bare

    @property
    def kept(self) -> bool:
        return (self.most is None or self.value <= self.most) and (
            self.least is None or self.value >= self.least
        )


@dataclass
class Result:
    """All figures of one size; `facts` are numbers without another side: name -> value."""

    posts: int
    ratios: list[Ratio] = field(default_factory=list)
    facts: dict[str, float] = field(default_factory=dict)


def in_turns(
    ours: Callable[[], object], bare: Callable[[], object], rounds: int = ROUNDS
) -> tuple[float, float]:
    """Median seconds of each, measured by turns after one unmeasured round."""
    ours()
    bare()
    times: tuple[list[float], list[float]] = ([], [])
    start = time.perf_counter()
    for number in range(rounds):
        if number >= FEWEST and time.perf_counter() - start > LONG:
            break
        # Who begins changes, too: the second finds warmer caches.
        for side in (0, 1) if number % 2 else (1, 0):
            times[side].append(seconds((ours, bare)[side]))
    return statistics.median(times[0]), statistics.median(times[1])


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


@dataclass
class Processor:
    """What a side used of the processor: on a busy machine it wavers less than the clock."""

    seconds: float = 0.0
    posts: int = 0

    def count(self, posts: int, call: Callable[[], object]) -> float:
        """Seconds by the clock; the processor's are added up."""
        before = time.process_time()
        took = seconds(call)
        self.seconds += time.process_time() - before
        self.posts += posts
        return took


def p95(times: list[float]) -> float:
    """The time that 95 of 100 keep."""
    return sorted(times)[int(len(times) * 0.95)]
