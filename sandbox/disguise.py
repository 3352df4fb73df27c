"""Undoes plain speech: sensitive words take forms seen in real evasive posts."""

from __future__ import annotations

from random import Random

from sandbox.grammar import phrases

# Real evasive posts disguise most words, not all: readers must still understand them.
_SHARE = 0.6


def disguise(text: str, random: Random) -> str:
    """The text with about six of ten sensitive words disguised, at least one if it has any."""
    words: dict[str, list[str]] = phrases("disguise")["words"]
    present = [word for word in words if word in text]
    if not present:
        return text
    chosen = [word for word in present if random.random() < _SHARE] or [random.choice(present)]
    for word in chosen:
        text = text.replace(word, random.choice(words[word]))
    return text
