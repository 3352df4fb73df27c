"""How long to wait for a cluster that does not answer, or is busy: in full the first time, hardly while it stays so."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import SystemRandom

from core.errors import StoreAway

# A node that is started anew or replaced by another is back within some seconds: so long everybody keeps asking.
PATIENCE = 3.0
# Then nobody asks for this long, twice as long after each vain try, at most the last: a crawl takes in hundreds of
# posts meanwhile, an officer gets his answer at once, and the cluster is found back soon enough.
FIRST_REST, LONGEST_REST = 1.0, 30.0
_CHANCE = SystemRandom()


class Busy(StoreAway):
    """It cannot now: the same request may be sent again in a moment."""


class Unanswered(StoreAway):
    """No answer came in time; asking again at once would only take as long again."""


class Unreached(Unanswered, Busy):
    """Nobody was there to answer."""


def spread(seconds: float) -> float:
    """The time with up to a quarter more or less, so that those who were refused together do not come back together."""
    return seconds * _CHANCE.uniform(0.75, 1.25)


class Breaker:
    """Refuses requests at once while nobody answers; from time to time one asker finds out whether it is so still."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._turn = clock, threading.Lock()
        self._failing_since: float | None = None
        self._closed_until = 0.0
        self._rest, self._why = FIRST_REST, ""

    @contextmanager
    def asking(self, probe: Callable[[], object]) -> Iterator[None]:
        """Around a request. `probe` is a small question that comes first after a rest.

        Raises StoreAway without asking during a rest. Unanswered, raised by the block, counts as no answer, any other end
        of it as one.
        """
        if self._may_ask():
            self._counted(probe)
        with self._counting():
            yield

    def _may_ask(self) -> bool:
        """Whether this asker is the one who tries first. Raises StoreAway for the others."""
        with self._turn:
            if not self._closed_until:
                return False
            if self._clock() < self._closed_until:
                raise StoreAway(f"Elasticsearch does not answer, it is asked again in a moment: {self._why}")
            self._closed_until = self._clock() + self._rest  # the others wait for what this one finds
            return True

    def _counted(self, ask: Callable[[], object]) -> None:
        with self._counting():
            ask()

    @contextmanager
    def _counting(self) -> Iterator[None]:
        try:
            yield
        except Unanswered as error:
            self._failed(error)
            raise
        except BaseException:
            self._answered()
            raise
        self._answered()

    def _answered(self) -> None:
        with self._turn:
            self._failing_since, self._closed_until, self._rest = None, 0.0, FIRST_REST

    def _failed(self, error: Unanswered) -> None:
        with self._turn:
            now = self._clock()
            since = self._failing_since = self._failing_since or now
            slow = not isinstance(error, Busy)
            if slow or self._closed_until or now - since >= PATIENCE:
                self._closed_until, self._why = now + spread(self._rest), str(error)
                self._rest = min(2 * self._rest, LONGEST_REST)


class Patience:
    """Pauses before new tries; few after a caller has waited through all of them in vain, until one is answered."""

    def __init__(self) -> None:
        self._spent = False

    def of(self, pauses: Sequence[float]) -> Iterator[float]:
        """The pauses, each a little longer or shorter; at their end others wait for the first two only.

        Two: an index that is made at its first record, and a document that somebody else writes, need a new try each.
        """
        for pause in pauses[:2] if self._spent else pauses:
            yield spread(pause)
        self._spent = True

    def answered(self) -> None:
        """It is worth waiting again."""
        self._spent = False
