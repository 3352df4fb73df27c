"""Patterns looked for together: one search for words tells which of them may match, and only those are tried."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.finder import Finder
from nlp.prefilter import Sieve


class Sifter:
    """Some patterns, each named by its place among them; holds no state between texts."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        """Raises ValueError for a pattern with flags: the sieve reads what is written and would miss what a flag adds."""
        if flagged := [pattern.pattern for pattern in patterns if pattern.flags != re.UNICODE]:
            raise ValueError(f"patterns with flags cannot be sifted: {flagged}")
        self._sieve = Sieve(pattern.pattern for pattern in patterns)
        words = sorted(self._sieve.words)
        self._groups = [self._sieve.words[word] for word in words]
        self._words = Finder(words)

    def opened(self, text: str) -> list[int]:
        """The places, in order, of the patterns that may match: a bound, for the others cannot."""
        hits = self._words.find(text)
        groups = {group for number in {hit[0] for hit in hits} for group in self._groups[number]}
        return self._sieve.opened(groups) if groups or self._sieve.always else []
