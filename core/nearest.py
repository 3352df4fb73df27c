"""What somebody probably meant who wrote a name that nobody knows."""

from __future__ import annotations

import difflib


def nearest(name: str, names: list[str]) -> str:
    """The end of an error about an unknown name: the known one most like it, else all of them; "" where there is none."""
    close = difflib.get_close_matches(name, names, 1, cutoff=0.5)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known: {', '.join(sorted(names))}" if names else ""
