"""The sum of weights of all clues, without writing the clues: most runs of characters weigh nothing.

Equal to adding up `ClueWeights` over `Clues.all()`, but for the last bits (a test holds both to that).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from typing import NamedTuple

from core.kernels import Around as Compiled
from core.kernels import loops
from nlp.clue_weights import ClueWeights, shipped_weights
from nlp.clues import (
    BEFORE,
    BEHIND,
    ECHO,
    HAN_FIRST,
    LONGEST_AFFIX,
    LONGEST_RUN,
    MOBILE,
    NAMES_BEFORE,
    NAMES_BEHIND,
    NEAR,
    SOUND,
    Clues,
    heard,
    mark_of,
    marked_sounds,
    neighbours,
    sides,
)

Weight = tuple[float, float, float]  # of a run that stands right beside, near, anywhere
Weights = dict[str, Weight]  # by runs, the nearest character first
_NONE: Weight = (0.0, 0.0, 0.0)


class Around(NamedTuple):
    """The weights around what is of one kind: before, behind, and of the sounds there; twin of core.compiled.Around."""

    before: Weights
    behind: Weights
    sounds: Weights
    echoes: Weights

    def sum(self, text: str, start: int, end: int, total: float) -> float:
        """`total`, and what stands around the place."""
        before, behind = sides(text, start, end)
        total = _added(self.before, before, total)
        total = _added(self.behind, behind, total)
        if self.sounds:
            total = _added(self.sounds, heard(before), total)
        return _added(self.echoes, heard(behind), total) if self.echoes else total


class Sums:
    """The weights of one question, laid out for adding up."""

    def __init__(self, learned: ClueWeights) -> None:
        self._bias, self._own, self._kinds = learned.bias, learned.weights, _kinds(learned.weights)
        self._compiled: dict[str, Compiled] = {}

    def chance(self, clues: Clues) -> float:
        """How sure it is, 0 to 1."""
        weight, total = self._own.get, self._bias
        for clue in clues.own:
            total += weight(clue, 0.0)
        for clue in neighbours(clues):
            total += weight(clue, 0.0)
        total = self._around(clues.kind).sum(clues.text, clues.start, clues.end, total)
        return 1 / (1 + math.exp(-total))

    def _around(self, kind: str) -> Around | Compiled:
        compiled = loops()
        if compiled is None:
            return self._kinds[kind]
        if kind not in self._compiled:
            self._compiled[kind] = compiled.Around(
                *self._kinds[kind], marked_sounds(), HAN_FIRST, (BEFORE, BEHIND, NEAR)
            )
        return self._compiled[kind]


@functools.cache
def learned(question: str) -> Sums:
    """What is shipped."""
    return Sums(shipped_weights()[question])


def _added(weights: Weights, side: str, total: float) -> float:
    """A run counts where it stands first: there it is nearest."""
    if not side:
        return total + weights.get("", _NONE)[0]
    seen: set[str] = set()
    for place in range(len(side)):
        for size in range(1, (LONGEST_RUN if place else LONGEST_AFFIX) + 1):
            run = side[place : place + size]
            weight = weights.get(run)
            if weight is None or len(run) < size or run in seen:
                continue
            seen.add(run)
            if place == 0:
                total += weight[0]
            if place < NEAR:
                total += weight[1]
            total += weight[2]
    return total


def _kinds(weights: Mapping[str, float]) -> dict[str, Around]:
    """The weights by kind and by side; what is told of a thing itself is in none."""
    found = {kind: Around({}, {}, {}, {}) for kind in ("", MOBILE)}
    for clue, weight in weights.items():
        name, _, run = clue.removesuffix(MOBILE).partition(" ")
        around = found[MOBILE if clue.endswith(MOBILE) else ""]
        if name in NAMES_BEFORE:
            _keep(around.before, run[::-1], NAMES_BEFORE.index(name), weight)
        elif name in NAMES_BEHIND:
            _keep(around.behind, run, NAMES_BEHIND.index(name), weight)
        elif name in (SOUND, ECHO):
            sounds = run.split(".")
            marks = map(mark_of, reversed(sounds) if name == SOUND else sounds)
            # Single sounds are told where they are near, pairs wherever they stand.
            _keep(around.sounds if name == SOUND else around.echoes, "".join(marks), len(sounds), weight)
    return found


def _keep(weights: Weights, run: str, where: int, weight: float) -> None:
    row = list(weights.get(run, _NONE))
    row[where] = weight
    weights[run] = (row[0], row[1], row[2])
