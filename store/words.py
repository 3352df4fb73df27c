"""What an officer types into the search field, read once for all back-ends: words, "quotes", AND, OR, NOT.

White space and AND mean both; OR binds weaker; NOT stands before a word or a quotation. Only capital letters
make an operator, and one that has nothing to work on is an ordinary word, so that no text is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.pairs import word_pairs
from core.text import fold, fold_with_offsets

# Input methods write Chinese quotation marks; an officer does not notice which kind he typed.
_PARTS = re.compile(r'["“”＂]([^"“”＂]*)["“”＂]|(\S+)')
_OPERATORS = frozenset({"AND", "OR", "NOT"})


@dataclass(frozen=True)
class Phrase:
    """Adjacent words in folded form; all but the first begin at white space, the last may go on in the text."""

    words: tuple[str, ...]

    @property
    def tokens(self) -> list[str]:
        """The character pairs that must stand one after the other. A single last character adds none: `last`."""
        whole = [token for word in self.words[:-1] for token in word_pairs(word)]
        return whole + word_pairs(self.words[-1])[:-1]

    @property
    def last(self) -> str:
        """The last word when it is one character, else "": it is then found as a token's beginning.

        The `x` that begins the second character is part of the beginning: x61 alone would find U+6170, too.
        """
        word = self.words[-1]
        return f"x{ord(word):x}" if len(word) == 1 else ""


@dataclass(frozen=True)
class Group:
    """Phrases that must all stand in the text, and such as must not."""

    wanted: tuple[Phrase, ...]
    unwanted: tuple[Phrase, ...]


def read(text: str) -> tuple[Group, ...]:
    """The groups, one of which must hold; none when nothing of the text is left after folding."""
    return tuple(group for part in _alternatives(_parts(text)) if (group := _group(part)))


def highlights(text: str, query: str) -> list[tuple[int, int]]:
    """Where the query's words and quotations stand in `text`, in whatever dress: [start, end) of its own characters.

    Made from the original text, not by a back-end, so that all mark alike; what is searched with NOT is not marked.
    """
    folded, offsets = fold_with_offsets(text)
    wanted = {phrase.words for group in read(query) for phrase in group.wanted}
    found = (match.span() for words in wanted for match in _pattern(words).finditer(folded))
    return sorted({(offsets[start], offsets[end - 1] + 1) for start, end in found})


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, words)))


def _parts(text: str) -> list[tuple[str, bool]]:
    """(word, quoted) in order."""
    return [(found[2] or found[1], found[2] is None) for found in _PARTS.finditer(text)]


def _alternatives(parts: list[tuple[str, bool]]) -> list[list[tuple[str, bool]]]:
    """Cut at each OR that has something on both sides; others are ordinary words."""
    groups: list[list[tuple[str, bool]]] = [[]]
    for index, part in enumerate(parts):
        if part == ("OR", False) and groups[-1] and index + 1 < len(parts):
            groups.append([])
        else:
            groups[-1].append(part)
    return groups


def _group(parts: list[tuple[str, bool]]) -> Group | None:
    wanted: list[Phrase] = []
    unwanted: list[Phrase] = []
    target = wanted
    for index, (word, quoted) in enumerate(parts):
        if not quoted and word in _OPERATORS and _works(word, parts, index):
            target = unwanted if word == "NOT" else target
            continue
        target += _phrases(word, quoted)
        target = wanted
    return Group(tuple(wanted), tuple(unwanted)) if wanted or unwanted else None


def _works(word: str, parts: list[tuple[str, bool]], index: int) -> bool:
    """Whether an operator has something to work on; an OR that is left here has not."""
    if word == "OR" or index + 1 == len(parts):
        return False
    return word == "NOT" or index > 0


def _phrases(word: str, quoted: bool) -> list[Phrase]:
    """A quotation is one phrase; any other word is, too, but folding may leave several or none of it."""
    words = tuple(fold(word).split())
    if quoted:
        return [Phrase(words)] if words else []
    return [Phrase((part,)) for part in words]
