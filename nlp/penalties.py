"""Penalty routes: which elements of the clauses that punish (`config/routes`) a text points to, and which it does not.

A hint for the officer who must prove each of them: what the text does not show is no acquittal, it is work left to do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.model import Element, Entity, Span
from core.rules import ElementRule, Route
from core.text import fold
from nlp.prefilter import Sieve
from nlp.reading import Reading
from nlp.scan import scan
from nlp.seeker import Seeker
from nlp.signals import GROUPS
from nlp.words import read_list

MOST_SPANS = 3  # quotes of one element; more of the same convince nobody


class Penalties:
    """The elements of all routes, compiled once; holds no state between texts."""

    def __init__(self, routes: Sequence[Route], folder: Path) -> None:
        self._rules = [
            (_title(route), element)
            for route in sorted(routes, key=lambda route: route.id)
            for element in route.elements
        ]
        self._patterns = [
            (place, pattern) for place, (_, element) in enumerate(self._rules) for pattern in element.patterns
        ]
        sieve = Sieve(pattern for _, pattern in self._patterns)
        owners: dict[
            str, list[tuple[int, str]]
        ] = {}  # by word: the elements, and the group it was taken from or ""
        for place, (_, element) in enumerate(self._rules):
            for word, group in _expanded(element.words, folder):
                owners.setdefault(word, []).append((place, group))
        self._seeker = Seeker(owners, sieve)
        self._owners = [owners[word] for word in self._seeker.words]
        self._by_kind: dict[str, list[int]] = {}
        self._by_signal: list[tuple[str, int]] = []  # found already, when the rules read the text
        for place, (_, element) in enumerate(self._rules):
            self._by_signal += [(key, place) for key in element.signals]
            for kind in element.entities:
                self._by_kind.setdefault(kind, []).append(place)
        self._silent = [
            Element(route=title, title=rule.title, check=rule.check) for title, rule in self._rules
        ]

    def elements(self, reading: Reading) -> tuple[Element, ...]:
        """Every element, with what points to it quoted from the original text."""
        spoken = self._spoken(reading)
        answers = list(self._silent)
        for place in spoken.keys() | self._placed_by(reading.entities):
            title, rule = self._rules[place]
            if spans := _spans(spoken.get(place, ()), rule, reading):
                answers[place] = Element(route=title, title=rule.title, spans=spans, check=rule.check)
        return tuple(answers)

    def _spoken(self, reading: Reading) -> dict[int, list[tuple[int, int]]]:
        """By element the places in the plain text that point to it."""
        spoken: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        text = reading.plain.text
        hits, may = self._seeker.find(text)
        for number, start, end in hits:
            for place, group in self._owners[number]:
                if not reading.hits.is_accident(group, start, end):
                    spoken[place].append((start, end))
        for opened in may:
            place, pattern = self._patterns[opened]
            if found := [match.span() for match in scan(pattern).finditer(text)]:
                spoken[place] += found
        for key, place in self._by_signal:
            if found := reading.hits.get(key):
                spoken[place] += found
        return spoken

    def _placed_by(self, entities: Sequence[Entity]) -> set[int]:
        """The elements that a kind of these entities points to."""
        return {place for entity in entities for place in self._by_kind.get(entity.kind, ())}


def _spans(found: Sequence[tuple[int, int]], rule: ElementRule, reading: Reading) -> tuple[Span, ...]:
    """The first few quotes, the first of those that say the same."""
    spans = [reading.quote(place) for place in (_longest(found) if len(found) > 1 else found)]
    if rule.entities:
        spans += [entity.span for entity in reading.entities if entity.kind in rule.entities]
    if len(spans) > 1:
        first = {span.text: span for span in sorted(spans, key=_start, reverse=True)}
        spans = sorted(first.values(), key=_start)[:MOST_SPANS]
    return tuple(spans)


def _start(span: Span) -> int:
    return span.start


def _title(route: Route) -> str:
    # "all" and "any" decide what a missing element means, so the reader is told beside the name.
    needed = "须全部具备" if route.needs == "all" else "具备其一"
    return f"{route.title}（{route.law.article}，{needed}）"


def _expanded(words: Sequence[str], folder: Path) -> Iterator[tuple[str, str]]:
    """The words, each with the group that it was taken from or ""."""
    for word in words:
        if word.removeprefix("@") in GROUPS and word.startswith("@"):
            yield from ((own, word[1:]) for own in read_list(folder, word[1:]))
        else:
            yield fold(word), ""


def _longest(places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Of places inside each other the widest only: 五年级 and not 年级 again."""
    end = -1
    for start, stop in sorted(places, key=lambda item: (item[0], -item[1])):
        if stop > end:
            yield start, stop
            end = stop
