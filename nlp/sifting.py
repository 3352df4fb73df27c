"""Patterns looked for together: one search for words tells which of them may match, and only those are tried."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.prefilter import Sieve
from nlp.seeker import Seeker


class Sifter:
    """Some patterns, each named by its place among them; holds no state between texts."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        """Raises ValueError for a pattern with flags: the sieve reads what is written and would miss what a flag adds."""
        if flagged := [pattern.pattern for pattern in patterns if pattern.flags != re.UNICODE]:
            raise ValueError(f"patterns with flags cannot be sifted: {flagged}")
        self._seeker = Seeker((), Sieve(pattern.pattern for pattern in patterns))

    def opened(self, text: str) -> list[int]:
        """The places, in order, of the patterns that may match: a bound, for the others cannot."""
        return self._seeker.find(text)[1]
