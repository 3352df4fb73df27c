"""Many words looked for in one pass: a tree of characters where it is compiled (`core.kernels`), else an automaton.

Both say the same; the tree takes a quarter of the time, since most places of a text begin no word and are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from ahocorasick_rs import AhoCorasick, MatchKind

from core.kernels import Found, Loops, Tree, loops


class Finder:
    """Finds `words`, each of which is named by its place among them; none may be empty, and each stands there once.

    By default every occurrence, in order of ends and then of starts. `longest`: from left to right, the longest word at
    each place, and none that overlaps one before it.
    """

    def __init__(self, words: Iterable[str], longest: bool = False) -> None:
        self._words = list(words)
        self._longest = longest
        self._planted: Tree | None = None
        self.find("")  # what is searched with is made now

    def find(self, text: str) -> list[Found]:
        """The occurrences as (word, start, end). `text` holds no half of a character (`nlp.sheet.readable`)."""
        if compiled := loops():
            return self._tree(compiled).find(text, self._longest)
        found: list[Found] = self._automaton.find_matches_as_indexes(text, overlapping=not self._longest)
        return found

    def _tree(self, compiled: Loops) -> Tree:
        if self._planted is None:
            self._planted = compiled.Tree(self._words)
        return self._planted

    @cached_property
    def _automaton(self) -> AhoCorasick:
        kind = MatchKind.LeftmostLongest if self._longest else MatchKind.Standard
        return AhoCorasick(self._words, matchkind=kind)
