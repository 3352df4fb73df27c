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
from nlp.reading import Reading
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
        self._patterns = [re.compile(element.pattern or "(?!)") for _, element in self._rules]
        self._owners: dict[str, list[int]] = {}
        for place, (_, element) in enumerate(self._rules):
            for word in _expanded(element.words, folder):
                self._owners.setdefault(word, []).append(place)
        self._words = list(self._owners)
        self._automaton = AhoCorasick(self._words)

    def elements(self, reading: Reading) -> tuple[Element, ...]:
        """Every element, with what points to it quoted from the original text."""
        spoken: list[list[tuple[int, int]]] = [[] for _ in self._rules]
        for number, start, end in self._automaton.find_matches_as_indexes(
            reading.plain.text, overlapping=True
        ):
            for place in self._owners[self._words[number]]:
                spoken[place].append((start, end))
        return tuple(
            Element(route=title, title=rule.title, spans=self._spans(place, spoken[place], reading), check=rule.check)
            for place, (title, rule) in enumerate(self._rules)
        )  # fmt: skip

    def _spans(self, place: int, words: Sequence[tuple[int, int]], reading: Reading) -> tuple[Span, ...]:
        found = [*words, *(match.span() for match in self._patterns[place].finditer(reading.plain.text))]
        quotes = [reading.plain.span(start, end) for start, end in _longest(found)]
        quotes += _named(self._rules[place][1], reading)
        first = {quote.text: quote for quote in sorted(quotes, key=lambda quote: quote.start, reverse=True)}
        return tuple(sorted(first.values(), key=lambda quote: quote.start)[:MOST_SPANS])


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
