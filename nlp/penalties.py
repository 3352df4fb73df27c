"""Penalty routes: which elements of the clauses that punish (`config/routes`) a text points to, and which it does not.

A hint for the officer who must prove each of them: what the text does not show is no acquittal, it is work left to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from core.model import Element, Span
from core.rules import ElementRule, Route
from core.text import fold
from nlp.prefilter import Sieve
from nlp.reading import Reading
from nlp.scan import Scan
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
        self._patterns = [Scan(re.compile(element.pattern or "(?!)")) for _, element in self._rules]
        self._sieve = Sieve(pattern.pattern for pattern in self._patterns)
        owners: dict[str, list[int]] = {}
        for place, (_, element) in enumerate(self._rules):
            for word in _expanded(element.words, folder):
                owners.setdefault(word, []).append(place)
        words = sorted({*owners, *self._sieve.words})
        self._found = [(owners.get(word, ()), self._sieve.words.get(word, ())) for word in words]
        self._automaton = AhoCorasick(words)
        self._silent = [
            Element(route=title, title=rule.title, check=rule.check) for title, rule in self._rules
        ]

    def elements(self, reading: Reading) -> tuple[Element, ...]:
        """Every element, with what points to it quoted from the original text."""
        spoken: list[list[tuple[int, int]]] = [[] for _ in self._rules]
        groups: set[int] = set()
        text = reading.plain.text
        for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            owners, wanted = self._found[number]
            groups.update(wanted)
            for place in owners:
                spoken[place].append((start, end))
        for place in self._sieve.opened(groups):
            spoken[place] += [match.span() for match in self._patterns[place].finditer(text)]
        return tuple(self._element(place, found, reading) for place, found in enumerate(spoken))

    def _element(self, place: int, found: Sequence[tuple[int, int]], reading: Reading) -> Element:
        title, rule = self._rules[place]
        spans = _spans(found, rule, reading) if found or rule.entities else ()
        if not spans:
            return self._silent[place]
        return Element(route=title, title=rule.title, spans=spans, check=rule.check)


def _spans(found: Sequence[tuple[int, int]], rule: ElementRule, reading: Reading) -> tuple[Span, ...]:
    """The first few quotes, the first of those that say the same."""
    quotes = [reading.plain.place(start, end) for start, end in _longest(found)]
    quotes += [(span.start, span.end, span.text) for span in _named(rule, reading)]
    first = {quote[2]: quote for quote in sorted(quotes, key=_start, reverse=True)}
    chosen = sorted(first.values(), key=_start)[:MOST_SPANS]
    return tuple(Span(start=start, end=end, text=text) for start, end, text in chosen)


def _start(quote: tuple[int, int, str]) -> int:
    return quote[0]


def _title(route: Route) -> str:
    # "all" and "any" decide what a missing element means, so the reader is told beside the name.
    needed = "须全部具备" if route.needs == "all" else "具备其一"
    return f"{route.title}（{route.law.article}，{needed}）"


def _expanded(words: Sequence[str], folder: Path) -> Iterator[str]:
    for word in words:
        if word.removeprefix("@") in GROUPS and word.startswith("@"):
            yield from read_list(folder, word[1:])
        else:
            yield fold(word)


def _longest(places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Of places inside each other the widest only: 五年级 and not 年级 again."""
    end = -1
    for start, stop in sorted(places, key=lambda item: (item[0], -item[1])):
        if stop > end:
            yield start, stop
            end = stop


def _named(rule: ElementRule, reading: Reading) -> list[Span]:
    return [entity.span for entity in reading.entities if entity.kind in rule.entities]
