"""What must stand in a text for a pattern to match, so that most patterns need not be tried on most texts.

`needed` answers with characters of which every match holds at least one, `Sieve` by strings: the most telling such sets
that the patterns' own parts show. They only ever err towards "cannot tell, try the pattern".
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from re import _constants as names  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from core.pattern import parsed

MOST = 64  # characters of a set; a larger one is met in nearly every text
# Sets of one alternative, and of words among them: more hardly ever keep out what these let pass.
MOST_GROUPS, MOST_LONGER = 3, 2
MOST_WORDS = 400  # strings of a set; more would slow down the search that they are to save


def needed(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Characters of which each match holds at least one; None when the pattern does not tell."""
    if pattern.flags & re.IGNORECASE:
        return None
    found = _of_sequence(parser.parse(pattern.pattern, pattern.flags))
    return found if found and len(found) <= MOST else None


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    """Every item of a sequence must match: the smallest set among them."""
    sets = [found for item in items if (found := _of_item(*item)) is not None]
    return min(sets, key=len, default=None)


def _of_item(kind: Any, value: Any) -> frozenset[str] | None:
    if kind is names.LITERAL:
        return frozenset(chr(value))
    if kind is names.IN:
        return class_of(value)
    if kind is names.BRANCH:
        return _together([_of_sequence(branch) for branch in value[1]])
    if kind is names.SUBPATTERN:
        return None if value[1] & re.IGNORECASE else _of_sequence(value[3])
    if kind in (names.MAX_REPEAT, names.MIN_REPEAT) and value[0] > 0:
        return _of_sequence(value[2])
    return None


def class_of(items: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    """The characters of a class; None for a negation, a category or a wide range, which say little."""
    found: set[str] = set()
    for kind, value in items:
        if kind is names.LITERAL:
            found.add(chr(value))
        elif kind is names.RANGE and value[1] - value[0] < MOST:
            found.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return None
    return frozenset(found)


def _together(sets: list[frozenset[str] | None]) -> frozenset[str] | None:
    known = [found for found in sets if found is not None]
    return frozenset[str]().union(*known) if len(known) == len(sets) else None


def unflagged(patterns: Iterable[re.Pattern[str]]) -> list[str]:
    """The patterns as they are written, for a sieve: it would miss what a flag adds. Raises ValueError for one with flags."""
    patterns = list(patterns)
    if flagged := [pattern.pattern for pattern in patterns if pattern.flags != re.UNICODE]:
        raise ValueError(f"patterns with flags cannot be sieved: {flagged}")
    return [pattern.pattern for pattern in patterns]


class Sieve:
    """Which of many patterns may match, by the words that were seen in a text.

    `words`: the groups that each word to be looked for belongs to. A pattern may match when a word of every group of one
    of its alternatives was seen; `always` are the patterns that do not tell; of all there are `count`.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self.words: dict[str, list[int]] = {}
        self.always: set[int] = set()
        self.count = 0
        self.wanted: list[
            tuple[int, int]
        ] = []  # of each alternative: its pattern, and how many groups it has
        self.alternatives: list[list[int]] = []  # of each group: the alternatives that want it
        numbers: dict[frozenset[str], int] = {}
        for pattern, written in enumerate(patterns):
            self.count += 1
            for groups in _alternatives(written):
                if not groups:
                    self.always.add(pattern)
                for group in groups:
                    self.alternatives[self._number(group, numbers)].append(len(self.wanted))
                self.wanted.append((pattern, len(groups)))

    def _number(self, group: frozenset[str], numbers: dict[frozenset[str], int]) -> int:
        if group not in numbers:
            numbers[group] = len(self.alternatives)
            self.alternatives.append([])
            for word in group:
                self.words.setdefault(word, []).append(numbers[group])
        return numbers[group]

    def opened(self, groups: Iterable[int]) -> list[int]:
        """The numbers of the patterns that may match where words of these groups (each named once) were seen."""
        patterns = set(self.always)
        seen: dict[int, int] = {}
        for group in groups:
            for alternative in self.alternatives[group]:
                count = seen[alternative] = seen.get(alternative, 0) + 1
                pattern, wanted = self.wanted[alternative]
                if count == wanted:
                    patterns.add(pattern)
        return sorted(patterns)


def _alternatives(pattern: str) -> list[list[frozenset[str]]]:
    """For each alternative of the pattern the sets of strings one of each of which stands in every match of it."""
    tree = parsed(pattern)
    if tree.state.flags & re.IGNORECASE:
        return [[]]
    return [_most_telling(_strings(branch).sets) for branch in _branches(tree)]


def _branches(items: Iterable[tuple[Any, Any]]) -> Iterator[list[tuple[Any, Any]]]:
    """The alternatives of which a pattern consists, also those within one."""
    items = list(items)
    kind: Any = None
    if len(items) == 1:
        kind, value = items[0]
    if kind is names.BRANCH:
        for branch in value[1]:
            yield from _branches(branch)
    elif kind is names.SUBPATTERN and not value[1] & re.IGNORECASE:
        yield from _branches(value[3])
    else:
        yield items


def _most_telling(sets: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """The sets to sieve by: words first. Single characters stand everywhere, and yet keep out a third of what words let pass."""
    ordered = sorted(_fitting(sets), key=_telling_of, reverse=True)
    longer = [found for found in ordered if min(map(len, found)) > 1]
    return [*longer[:MOST_LONGER], *ordered[len(longer) :]][:MOST_GROUPS]


def _telling(sets: Iterable[frozenset[str]]) -> frozenset[str] | None:
    """The set whose shortest string is longest; of those the smallest."""
    return max(_fitting(sets), key=_telling_of, default=None)


def _fitting(sets: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    return [found for found in sets if found and "" not in found and len(found) <= MOST_WORDS]


def _telling_of(found: frozenset[str]) -> tuple[int, int]:
    return min(map(len, found)), -len(found)


class _Said(NamedTuple):
    """What a part of a pattern says of its matches: strings one of which stands in each, for each of `sets`.

    `begins` is the one of them with which each match begins; with `whole` it is all that they are.
    """

    sets: list[frozenset[str]]
    begins: frozenset[str]
    whole: bool


def _strings(items: Iterable[tuple[Any, Any]]) -> _Said:
    """What a sequence of parts says: each of them must match."""
    done: list[frozenset[str]] = []
    current, first = _NOTHING, None
    for kind, value in items:
        begins, exact, somewhere = _strings_of(kind, value)
        if somewhere:
            done.append(somewhere)
        joined = _product(current, begins) if begins else None
        if joined is None:
            done.append(current)
            first = first or current
            joined = begins or _NOTHING
        current = joined
        if not exact:  # something else may stand behind it
            done.append(current)
            first = first or current
            current = _NOTHING
    return _Said([*done, current], first or current, first is None)


_NOTHING = frozenset([""])
Strings = frozenset[str] | None


def _strings_of(kind: Any, value: Any) -> tuple[Strings, bool, Strings]:
    """Strings with which each match of one part begins; whether each match is one of them; strings somewhere in it."""
    if kind in (names.AT, names.ASSERT, names.ASSERT_NOT):  # they match places, not characters
        return _NOTHING, True, None
    if kind is names.LITERAL:
        return frozenset(chr(value)), True, None
    if kind is names.IN:
        found = class_of(value)
        return found, found is not None, None
    if kind is names.SUBPATTERN and not value[1] & re.IGNORECASE:
        return _strings_of_group([value[3]])
    if kind is names.BRANCH:
        return _strings_of_group(value[1])
    if kind in (names.MAX_REPEAT, names.MIN_REPEAT) and value[0] > 0:
        begins, _, somewhere = _strings_of_group([value[2]])
        return begins, False, somewhere
    return None, False, None


def _strings_of_group(branches: Iterable[Iterable[tuple[Any, Any]]]) -> tuple[Strings, bool, Strings]:
    read = [_strings(branch) for branch in branches]
    begins = frozenset[str]().union(*(one.begins for one in read))
    if all(one.whole for one in read):
        return begins, True, None
    return None if "" in begins else begins, False, _together([_telling(one.sets) for one in read])


def _product(left: frozenset[str], right: frozenset[str]) -> frozenset[str] | None:
    if len(left) * len(right) > MOST_WORDS:
        return None
    return frozenset(a + b for a, b in itertools.product(left, right))
