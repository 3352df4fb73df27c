"""What must stand in a text for a pattern to match, so that most patterns need not be tried on most texts.

`needed` answers with characters of which every match holds at least one: the smallest such set that the pattern's own
parts show. It only ever errs towards None ("cannot tell, try the pattern").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as names  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MOST = 64  # characters of a set; a larger one is met in nearly every text


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
        return _of_class(value)
    if kind is names.BRANCH:
        return _together([_of_sequence(branch) for branch in value[1]])
    if kind is names.SUBPATTERN:
        return None if value[1] & re.IGNORECASE else _of_sequence(value[3])
    if kind in (names.MAX_REPEAT, names.MIN_REPEAT) and value[0] > 0:
        return _of_sequence(value[2])
    return None


def _of_class(items: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    found: set[str] = set()
    for kind, value in items:
        if kind is names.LITERAL:
            found.add(chr(value))
        elif kind is names.RANGE and value[1] - value[0] < MOST:
            found.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return None  # a negation, a category or a wide range says little
    return frozenset(found)


def _together(sets: list[frozenset[str] | None]) -> frozenset[str] | None:
    known = [found for found in sets if found is not None]
    return frozenset[str]().union(*known) if len(known) == len(sets) else None
