"""Signals of the violation files, compiled once and looked for in one pass; each answers with quoted places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from core.pattern import parsed
from core.rules import Signal, Violation
from core.text import fold
from nlp.prefilter import Sieve
from nlp.scan import scan
from nlp.seeker import Seeker
from nlp.words import read_list, read_table

Place = tuple[int, int]
GROUPS = (
    "subjects", "children", "teaching", "offering", "seeking", "paying", "adult", "news", "school", "arts", "sports",
    "science", "goods", "nonteaching", "outcome", "enrol", "hire", "training_org", "school_org", "care", "notice",
    "question", "agent", "admission", "venue", "trade_exam", "warning", "daily", "service", "staff", "employer_tuition",
    "employer_school", "call", "talk", "past", "refused", "witness", "schoolday", "university", "grown",
)  # fmt: skip


@dataclass(frozen=True)
class Hits:
    """Where what was found: places in the plain text by key, in order.

    `accidents`: by word group, what stands there by accident (导数 in 辅导数学, see config/words/coincidence.txt).
    """

    places: dict[str, list[Place]]
    accidents: dict[str, list[Place]] = field(default_factory=dict)

    def is_accident(self, group: str, start: int, end: int) -> bool:
        """Whether a word of the group stands at [start, end) by accident."""
        return _is_inside((start, end), self.accidents.get(group, ()))

    def get(self, key: str) -> list[Place]:
        """The places of one signal, [] when it is silent."""
        return self.places.get(key, [])


class _Word(NamedTuple):
    """What a word found says: `keys` of signals anywhere, (key, field) of signals in one field."""

    keys: tuple[str, ...]
    fielded: tuple[tuple[str, str], ...]
    is_number: bool


class Signals:
    """All signals of all rules, and the word groups."""

    def __init__(self, rules: Sequence[Violation], folder: Path) -> None:
        self.groups = {name: read_list(folder, name) for name in GROUPS}
        self._keys: dict[str, list[tuple[str, str]]] = {}
        self._borrowers: dict[str, list[str]] = {}  # by group: the signals that consist of its words
        self._patterns: list[tuple[str, str, str]] = []  # the key, the pattern and the field of each
        for name, words in self.groups.items():
            self._add_words(f"@{name}", words, "any")
        for name, words in read_table(folder, "coincidence").items():
            self._add_words(f"!{name}", map(fold, words), "any")
        for rule in rules:
            for signal in (*rule.signals, *rule.excuses):
                self._add(rule.id, signal)
        sieve = Sieve(pattern for _, pattern, _ in self._patterns)
        parsed.cache_clear()  # the catalog's checks read them before; nobody will again
        self._seeker = Seeker(self._keys, sieve)
        self._said = [self._word(word) for word in self._seeker.words]  # by its number: what it says

    def _word(self, word: str) -> _Word:
        keys = self._keys[word]
        return _Word(
            tuple(key for key, field in keys if field == "any"),
            tuple(item for item in keys if item[1] != "any"),
            word.isdigit(),
        )

    def _add(self, rule: str, signal: Signal) -> None:
        key = f"{rule}.{signal.name}"
        if len(signal.words) == 1 and signal.words[0].startswith("@"):
            self._borrowers.setdefault(signal.words[0][1:], []).append(key)
        self._add_words(key, self._expand(signal.words), signal.field)
        self._patterns += [(key, pattern, signal.field) for pattern in signal.patterns]

    def _add_words(self, key: str, words: Iterable[str], field: str) -> None:
        for word in words:
            self._keys.setdefault(word, []).append((key, field))

    def _expand(self, words: Sequence[str]) -> list[str]:
        found: list[str] = []
        for word in words:
            found += self.groups.get(word[1:], ()) if word.startswith("@") else [fold(word)]
        return found

    def find(self, text: str, title: int = 0) -> Hits:
        """All hits in the plain `text`, of which the first `title` characters are the title."""
        places: defaultdict[str, list[Place]] = defaultdict(list)
        hits, may = self._seeker.find(text)
        words = self._said
        for number, start, end in hits:
            keys, fielded, is_number = words[number]
            if is_number and _in_a_number(text, start, end):
                continue
            place = (start, end)
            for key in keys:
                places[key].append(place)
            for key, wanted_field in fielded:
                if _in_field(wanted_field, start, title):
                    places[key].append(place)
        accidents = self._forget_accidents(places)
        if may:
            self._match(may, text, title, places)
        return Hits(places, accidents)

    def _forget_accidents(self, places: dict[str, list[Place]]) -> dict[str, list[Place]]:
        """Take out of each group, and of the signals that borrow its words, what stands there by accident."""
        accidents = {key[1:]: places.pop(key) for key in list(places) if key.startswith("!")}
        for group, inside in accidents.items():
            for key in (f"@{group}", *self._borrowers.get(group, ())):
                left = [place for place in places.pop(key, ()) if not _is_inside(place, inside)]
                if left:
                    places[key] = left
        return accidents

    def _match(
        self, may: Sequence[int], text: str, title: int, places: defaultdict[str, list[Place]]
    ) -> None:
        """Add the places of the patterns that may match, and not again what another pattern of the signal quotes."""
        found: defaultdict[str, list[Place]] = defaultdict(list)
        for number in may:
            key, pattern, field = self._patterns[number]
            for match in scan(pattern).finditer(text):
                if match.end() > match.start() and _in_field(field, match.start(), title):
                    found[key].append(match.span())
        for key, spans in found.items():
            places[key] += _apart(spans) if len(spans) > 1 else spans


def _apart(places: Iterable[Place]) -> Iterator[Place]:
    """The places from left to right, without those that overlap with one before; of two that begin together the longer."""
    end = -1
    for place in sorted(places, key=lambda it: (it[0], -it[1])):
        if place[0] >= end:
            yield place
            end = place[1]


def _is_inside(place: Place, wider: Sequence[Place]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in wider)


def _in_a_number(text: str, start: int, end: int) -> bool:
    """The hotline 12345 does not speak in the phone number 13812345678, nor the university 985 in 13985..."""
    return text[start - 1 : start].isdigit() or text[end : end + 1].isdigit()


def _in_field(field: str, start: int, title: int) -> bool:
    return field == "any" or (field == "title") == (start < title)
