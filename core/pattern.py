"""Regular expressions that are read and not yet compiled: reading shows their faults and their parts in a third of the time.

Each start reads some six hundred patterns of the rules; few of them are ever tried in a run.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from re import _constants as names  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, cast

LOOKS = (names.ASSERT, names.ASSERT_NOT)


class Late:
    """A pattern that is compiled when it is first tried: of the judge's own 233 a start tries 13, a thousand lines of news 117.

    Made by `late`. Its text and flags are known before, so sieves and scans can be made of it.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.flags = int(re.UNICODE)  # as re tells of a pattern without flags

    def __getattr__(self, name: str) -> Any:
        """What the compiled pattern has by this name, kept, so that the next call finds it without coming here."""
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(self._compiled, name)
        setattr(self, name, found)
        return found

    @functools.cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)


def late(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled when first tried. A fault in it shows only then: a test compiles all (tests/core/test_pattern.py)."""
    return cast("re.Pattern[str]", Late(pattern))


@functools.cache
def parsed(pattern: str) -> Any:
    """The parts of a pattern, as `re._parser` names them, not to be changed.

    Raises what compiling would, exactly there: re.error, and OverflowError or RecursionError for what is too large or too deep.
    What was read is kept for the next who asks, until `parsed.cache_clear()`.
    """
    parts = parser.parse(pattern)
    if "(?<" in pattern:
        _refuse_wide_looks_behind(parts)
    return parts


def _refuse_wide_looks_behind(parts: Iterable[tuple[Any, Any]]) -> None:
    """What only the compiler finds: a look-behind must know how far to look, and a number must hold it."""
    for kind, value in parts:
        if kind in LOOKS and value[0] < 0:
            least, most = value[1].getwidth()
            if least != most:
                raise re.error("look-behind requires fixed-width pattern")
            if least > names.MAXREPEAT:
                raise re.error("looks too much behind")
        for inner in _within(value):
            _refuse_wide_looks_behind(inner)


def _within(value: Any) -> Iterable[Any]:
    """The sequences of parts inside one part's value."""
    if isinstance(value, parser.SubPattern):
        yield value
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _within(inner)
