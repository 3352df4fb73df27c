"""Words that say something, and words by which a sieve opens patterns, found in one pass: compiled or not, the same.

Most words of a sieve say nothing by themselves: where the pass is compiled, none of them becomes an object.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from core.kernels import Found, Loops, loops
from core.kernels import Seeker as Compiled
from nlp.finder import Finder
from nlp.prefilter import Sieve


class Seeker:
    """Finds words and opens patterns; `words` are those that are told, in the order of their numbers."""

    def __init__(self, words: Iterable[str], sieve: Sieve) -> None:
        self.words = sorted(words)
        self._sieve = sieve
        self._all = [*self.words, *sorted(sieve.words.keys() - {*self.words})]
        self._groups = [sieve.words.get(word, []) for word in self._all]
        self._compiled: Compiled | None = None
        self.find("")  # what is searched with is made now

    def find(self, text: str) -> tuple[list[Found], list[int]]:
        """The words as (number, start, end), by ends and then by starts; the patterns that may match, in order."""
        if compiled := loops():
            return self._in_compiled(compiled).find(text)
        hits, groups, told = self._finder.find(text), self._groups, len(self.words)
        seen = {group for number in {hit[0] for hit in hits} for group in groups[number]}
        return [hit for hit in hits if hit[0] < told], self._sieve.opened(seen)

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self._all)

    def _in_compiled(self, compiled: Loops) -> Compiled:
        if self._compiled is None:
            sieve = self._sieve
            self._compiled = compiled.Seeker(
                self._all, len(self.words), self._groups, sieve.alternatives, sieve.wanted, sorted(sieve.always),
                sieve.count,
            )  # fmt: skip
        return self._compiled
