"""What is wrong with rules, penalty routes and word lists that their form cannot tell; each fault with where and its mend."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.nearest import nearest
from core.partial import MISSING
from core.pattern import parsed
from core.rules import Route, Signal, Violation
from core.source_checks import Fault
from core.text import fold

Names = dict[str, list[str] | None]  # by rule its signals, see `signal_names`


def word_faults(folder: Path) -> Iterator[str]:
    """Lines of word lists that are no UTF-8 text, or of which nothing is seen."""
    for path in sorted(folder.glob("*.txt")):
        try:
            lines = path.read_bytes().decode("utf-8").splitlines()
        except UnicodeDecodeError as error:
            number = error.object.count(b"\n", 0, error.start) + 1
            yield f"{path}:{number}: not UTF-8: save the file as UTF-8 text"
            continue
        for number, line in enumerate(lines, 1):
            if line.strip() and _unseen(line.strip()):
                yield f"{path}:{number}: the line has no character that is seen: take it out"


def violation_faults(rule: Violation, lists: set[str]) -> Iterator[Fault]:
    """Faults of a rule; `lists` are the word lists that there are."""
    names = {signal.name for signal in rule.signals}
    for kind, signals in (("signals", rule.signals), ("excuses", rule.excuses)):
        for index, signal in enumerate(signals):
            yield from _signal_faults((kind, str(index)), signal, lists)
    low, high = rule.thresholds.unsure, rule.thresholds.flagged
    if low > high:
        yield ("thresholds", "unsure"), f"'unsure' ({low:g}) is above 'flagged' ({high:g}): lower it"
    for index, needed in enumerate(rule.needs):
        for name in set(needed) - names:
            yield ("needs", str(index)), f"no signal is named {name!r}{nearest(name, sorted(names))}"


def _signal_faults(where: tuple[str, ...], signal: Signal, lists: set[str]) -> Iterator[Fault]:
    yield from _named_words((*where, "words"), signal.words, lists)
    if not signal.patterns and not signal.words:
        yield where, "a signal needs words or patterns"
    yield from _pattern_faults((*where, "patterns"), signal.patterns)


def signal_names(folder: Path, rules: dict[str, Violation]) -> Names:
    """By rule the names of its signals; None where they cannot be told before its own faults are mended."""
    names: Names = {path.stem: None for path in folder.glob("*.yml")}
    for rule in rules.values():
        found = [signal.name for signal in rule.signals]
        names[rule.id] = None if MISSING in found else found
    return names


def _named_words(where: tuple[str, ...], words: Sequence[str], lists: set[str]) -> Iterator[Fault]:
    for word in words:
        if word.startswith("@") and word[1:] not in lists:
            yield where, f"there is no word list {word!r}{nearest(word[1:], sorted(lists))}"
        elif _unseen(word):
            yield where, f"the word {word!r} has no character that is seen: take it out"


def _unseen(word: str) -> bool:
    """Whether nothing is left of a word once it is folded as posts are: it would stand everywhere, so none can be sought."""
    return not fold(word)


def route_faults(route: Route, lists: set[str], signals: Names) -> Iterator[Fault]:
    """Faults of a penalty route; `lists` are the word lists that there are."""
    for index, element in enumerate(route.elements):
        yield from _named_words(("elements", str(index), "words"), element.words, lists)
        yield from _pattern_faults(("elements", str(index), "patterns"), element.patterns)
        for number, name in enumerate(element.signals):
            if fault := _name_fault(name, signals):
                where = ("elements", str(index), "signals", str(number))
                yield where, f"field {'.'.join(where)!r}: {fault}"


def _name_fault(name: str, signals: Names) -> str | None:
    """What is wrong with a signal's name, CODE.signal, and how to mend it."""
    code, point, signal = name.partition(".")
    if not point:
        return f"{name!r} names no signal: write it as CODE.signal"
    if code not in signals:
        return f"there is no violation {code!r}{nearest(code, list(signals))}"
    known = signals[code]
    if known is None or signal in known:
        return None
    return f"{code} has no signal {signal!r}{nearest(signal, known)}"


def _pattern_faults(where: tuple[str, ...], patterns: Sequence[str]) -> Iterator[Fault]:
    for index, pattern in enumerate(patterns):
        try:
            parsed(pattern)
        except (re.error, OverflowError, RecursionError) as error:
            yield (*where, str(index)), f"bad pattern {pattern!r}: {error}"
