"""Patterns looked for together: one search for words tells which of them may match, and only those are tried."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.prefilter import Sieve, unflagged
from nlp.seeker import Seeker


class Sifter:
    """Some patterns, each named by its place among them; holds no state between texts."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        """Raises ValueError for a pattern with flags."""
        self._seeker = Seeker((), Sieve(unflagged(patterns)))

    def opened(self, text: str) -> list[int]:
        """The places, in order, of the patterns that may match: a bound, for the others cannot."""
        return self._seeker.find(text)[1]
