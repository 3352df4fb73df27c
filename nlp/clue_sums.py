"""The sum of weights of all clues, without writing the clues: most runs of characters weigh nothing.

Equal to adding up `ClueWeights` over `Clues.all()`, but for the last bits (a test holds both to that).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from nlp.clue_weights import ClueWeights, shipped_weights
from nlp.clues import AFFIXES, MOBILE, NEAR, RUNS, Clues, heard, neighbours, pictured, sides

Weights = Mapping[str, float]
Rows = Mapping[str, tuple[float, ...]]
_BEFORE = ("near", "somewhere")
_BEHIND = ("soon", "after")


class _Kind(NamedTuple):
    """Weights around what is of one kind, by what they are asked for."""

    before: Weights
    behind: Weights
    runs_before: Rows
    runs_behind: Rows
    sounds: Weights
    echoes: Weights


class Sums:
    """The weights of one question, laid out for adding up."""

    def __init__(self, learned: ClueWeights) -> None:
        self._bias, self._weights = learned.bias, learned.weights
        self._kinds = {kind: _kind(learned.weights, kind) for kind in ("", MOBILE)}

    def chance(self, clues: Clues) -> float:
        """How sure it is, 0 to 1."""
        weight, kind = self._weights.get, self._kinds[clues.kind]
        before, behind = sides(clues.text, clues.start, clues.end)
        total = self._bias + weight(f"pictured {pictured(before)}", 0.0)
        for clue in clues.own:
            total += weight(clue, 0.0)
        for name in neighbours(before, behind):
            total += weight(f"{name} {clues.shape}", 0.0)
        total += _affixes(kind, before, behind)
        total += _before(kind.runs_before, before) + _behind(kind.runs_behind, behind)
        total += _sounds(kind.sounds, heard(before))
        if clues.kind:
            total += _sounds(kind.echoes, heard(behind)[::-1])
        return 1 / (1 + math.exp(-total))


@functools.cache
def learned(question: str) -> Sums:
    """What is shipped."""
    return Sums(shipped_weights()[question])


def _kind(weights: Weights, kind: str) -> _Kind:
    mine = {
        clue.removesuffix(MOBILE): weight
        for clue, weight in weights.items()
        if clue.endswith(MOBILE) == bool(kind)
    }
    return _Kind(
        _named(mine, "before "), _named(mine, "behind "), _rows(mine, _BEFORE), _rows(mine, _BEHIND),
        _named(mine, "sound "), _named(mine, "echo "),
    )  # fmt: skip


def _named(weights: Weights, name: str) -> Weights:
    return {clue.removeprefix(name): weight for clue, weight in weights.items() if clue.startswith(name)}


def _rows(weights: Weights, names: tuple[str, ...]) -> Rows:
    """By what each weighs, a row of weights in the order of the names."""
    columns = [_named(weights, f"{name} ") for name in names]
    return {what: tuple(column.get(what, 0.0) for column in columns) for column in columns for what in column}


def _affixes(kind: _Kind, before: str, behind: str) -> float:
    """What stands right beside it; of a short side each affix once."""
    total = 0.0
    for size in AFFIXES:
        if size == 1 or size <= len(before):
            total += kind.before.get(before[-size:], 0.0)
        if size == 1 or size <= len(behind):
            total += kind.behind.get(behind[:size], 0.0)
    return total


def _before(rows: Rows, before: str) -> float:
    """A run counts where it stands last: there it is nearest."""
    total, get = 0.0, rows.get
    seen: set[str] = set()
    for size in RUNS:
        last = len(before) - size
        for place in range(last, -1, -1):
            run = before[place : place + size]
            row = get(run)
            if row is not None and run not in seen:
                seen.add(run)
                total += row[1] + (row[0] if last - place < NEAR else 0.0)
    return total


def _behind(rows: Rows, behind: str) -> float:
    """A run counts where it stands first: there it is soonest."""
    total, get = 0.0, rows.get
    seen: set[str] = set()
    for size in RUNS:
        for place in range(len(behind) - size + 1):
            run = behind[place : place + size]
            row = get(run)
            if row is not None and run not in seen:
                seen.add(run)
                total += row[1] + (row[0] if place < NEAR else 0.0)
    return total


def _sounds(weights: Weights, sounds: list[str]) -> float:
    heard_of = {*sounds[1 - NEAR :], *(f"{first}.{second}" for first, second in pairwise(sounds))}
    # In an order that is the same in each process: the last bits of a sum hang on it.
    return sum(weights[sound] for sound in sorted(heard_of & weights.keys()))
