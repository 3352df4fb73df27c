"""Patterns that are tried only where one of their first characters stands.

Python's `re` does so by itself where a pattern begins with a character, a class or alternatives that begin with a
character each. Otherwise (behind a look-behind, or something that may be absent) it walks through the alternatives at
every character of a text: there, a set of characters is looked for instead, ten times as fast, and the pattern tried
where one stands.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from re import _constants as names  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from nlp.prefilter import class_of

First = tuple[
    frozenset[str], bool
]  # characters with which a part may begin (or end); whether it may be empty
_BLANKS = frozenset(filter(str.isspace, map(chr, range(0x3001))))


class Scan:
    """`finditer` and `search` of a pattern, found sooner."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        parts = parser.parse(pattern.pattern, pattern.flags)
        first = None if _begins_plainly(parts) or pattern.flags & re.IGNORECASE else _first_of(parts)
        self._first = re.compile(f"[{re.escape(''.join(sorted(first)))}]") if first else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As `re.Pattern.finditer`."""
        return self.pattern.finditer(text) if self._first is None else self._where(self._first, text)

    def _where(self, first: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
        """The matches that begin where one of the first characters stands: all."""
        done = 0
        match = self.pattern.match
        for place in first.finditer(text):
            start = place.start()
            if start >= done and (found := match(text, start)):
                done = found.end()
                yield found

    def search(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        return next(self.finditer(text), None)


def _begins_plainly(parts: Any) -> bool:
    """Whether `re` knows by itself with which characters each match begins (`re._compiler._get_charset_prefix`)."""
    while len(parts) and parts[0][0] is names.SUBPATTERN:
        parts = parts[0][1][3]
    if not len(parts):
        return False
    kind, value = parts[0]
    if kind is names.BRANCH:
        return all(len(branch) and branch[0][0] is names.LITERAL for branch in value[1])
    return kind in (names.LITERAL, names.IN)


@functools.cache
def scan(pattern: str) -> Scan:
    """The scan of a pattern, made when it is first asked for, which most of a rule's patterns never are in a run."""
    return Scan(re.compile(pattern))


class Ending:
    """`search` of a pattern that ends in `$`, made only where the text's last character can be the match's."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._search = pattern.search
        self.last = last_characters(pattern)

    def search(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        # Before a line end `$` matches, too: then the last character says nothing.
        if self.last is not None and text[-1:] != "\n" and text[-1:] not in self.last:
            return None
        return self._search(text)


def last_characters(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Characters one of which ends every match of a pattern that ends in `$`; None when the pattern does not tell."""
    items = list(parser.parse(pattern.pattern, pattern.flags))
    if pattern.flags & re.IGNORECASE or not items or items[-1] != (names.AT, names.AT_END):
        return None
    found = _of_sequence(items, backwards=True)
    return found[0] if found and found[0] and not found[1] else None


def first_characters(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Characters with one of which every match begins; None when the pattern does not tell or may match nothing."""
    if pattern.flags & re.IGNORECASE:
        return None
    return _first_of(parser.parse(pattern.pattern, pattern.flags))


def _first_of(parts: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    found = _of_sequence(parts)
    return found[0] if found and found[0] and not found[1] else None


def _of_sequence(items: Iterable[tuple[Any, Any]], backwards: bool = False) -> First | None:
    begins: frozenset[str] = frozenset()
    for kind, value in reversed(list(items)) if backwards else items:
        found = _of_item(kind, value, backwards)
        if found is None:
            return None
        begins |= found[0]
        if not found[1]:
            return begins, False
    return begins, True


def _of_item(kind: Any, value: Any, backwards: bool) -> First | None:
    if kind in (names.AT, names.ASSERT, names.ASSERT_NOT):  # they match places, not characters
        return frozenset(), True
    if kind is names.LITERAL:
        return frozenset(chr(value)), False
    if kind is names.IN:
        return _of_class(value)
    if kind is names.SUBPATTERN and not value[1] & re.IGNORECASE:
        return _of_sequence(value[3], backwards)
    if kind is names.BRANCH:
        return _of_branches(value[1], backwards)
    if kind in (names.MAX_REPEAT, names.MIN_REPEAT):
        found = _of_sequence(value[2], backwards)
        return (found[0], found[1] or value[0] == 0) if found else None
    return None


def _of_class(items: list[tuple[Any, Any]]) -> First | None:
    blank = (names.CATEGORY, names.CATEGORY_SPACE)
    found = class_of(item for item in items if item != blank)
    return (found | _BLANKS if blank in items else found, False) if found is not None else None


def _of_branches(branches: Iterable[Iterable[tuple[Any, Any]]], backwards: bool) -> First | None:
    read = [_of_sequence(branch, backwards) for branch in branches]
    known = [found for found in read if found is not None]
    if len(known) < len(read):
        return None
    return frozenset[str]().union(*(begins for begins, _ in known)), any(empty for _, empty in known)
