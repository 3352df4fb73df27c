"""Times of two sides that take turns, so that what else runs on the machine hits both."""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

ROUNDS = 41  # an odd number has a middle; with 21 a busy machine left some ratios undecided
LONG = 30.0  # seconds; what takes longer is asked fewer times, but never fewer than FEWEST
FEWEST = 11
DRAWS = 1_000  # from the rounds, to tell how far a ratio would waver if all were done again


@dataclass(frozen=True)
class Ratio:
    """Ours against the bare library; `most` (or `least`) is what was promised.

    `low`, `high`: nine of ten repetitions would give a ratio in between. `cpu`: the ratio of this process's own time of
    the processor, where all the work is done in it.
    """

    name: str
    ours: float
    bare: float
    most: float | None = None
    least: float | None = None
    low: float | None = None
    high: float | None = None
    cpu: float | None = None

    @property
    def value(self) -> float:
        return self.ours / self.bare

    @property
    def kept(self) -> bool:
        return (self.most is None or self.value <= self.most) and (
            self.least is None or self.value >= self.least
        )

    @property
    def decided(self) -> bool:
        """Whether the promised ratio lies outside of what repetitions would give."""
        bar = self.most if self.most is not None else self.least
        return self.low is None or self.high is None or bar is None or not self.low < bar < self.high


@dataclass
class Result:
    """All figures of one size; `facts` are numbers without another side: name -> value."""

    posts: int
    ratios: list[Ratio] = field(default_factory=list)
    facts: dict[str, float] = field(default_factory=dict)


def in_turns(
    name: str, ours: Callable[[], object], bare: Callable[[], object], *, most: float, own: bool = False
) -> Ratio:
    """Median milliseconds of each, by turns after one unmeasured round; `own`: with the processor's time as well."""
    calls = (ours, bare)
    for call in calls:
        call()
    times: tuple[list[float], list[float]] = ([], [])
    used = (Processor(), Processor())
    start = time.perf_counter()
    for number in range(ROUNDS):
        if number >= FEWEST and time.perf_counter() - start > LONG:
            break
        # Who begins changes, too: the second finds warmer caches.
        for side in (0, 1) if number % 2 else (1, 0):
            times[side].append(used[side].count(1, calls[side]) * 1000)
    rounds = [([one], [other]) for one, other in zip(*times, strict=True)]
    ratio = of_turns(name, rounds, statistics.median, most=most)
    return replace(ratio, cpu=used[0].seconds / used[1].seconds) if own else ratio


def of_turns(
    name: str,
    turns: Sequence[tuple[list[float], list[float]]],
    summed_up: Callable[[list[float]], float],
    *,
    most: float,
) -> Ratio:
    """All turns' times of ours and of the other side as one number each; drawn anew (bootstrap) for `low` and `high`."""

    def numbers(some: Sequence[tuple[list[float], list[float]]]) -> tuple[float, float]:
        ours, bare = ([one for turn in some for one in turn[side]] for side in (0, 1))
        return summed_up(ours), summed_up(bare)

    chance = random.Random(1)
    drawn = (numbers(chance.choices(turns, k=len(turns))) for _ in range(DRAWS))
    ratios = sorted(ours / bare for ours, bare in drawn)
    return Ratio(name, *numbers(turns), most=most, low=ratios[DRAWS // 20], high=ratios[-DRAWS // 20])


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


@contextmanager
def set_aside() -> Iterator[None]:
    """Python's collector does not look at what was made before: else the inputs of both sides, some 400,000 objects, are
    looked through at a random moment, which one side then pays for (up to 90 microseconds a post).
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


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
