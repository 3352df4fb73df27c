"""One text, read once: undisguised, its signals found, and what the groups of words say in numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from core.model import Entity
from core.rules import Signal, Violation
from nlp.bare import Bare, BareTexts
from nlp.concepts import concepts
from nlp.disguise import Disguise, Plain
from nlp.entities import entities_of
from nlp.gate import Gate
from nlp.sheet import Sheet, Sheets, readable
from nlp.signals import Hits, Signals

STEEPNESS = 2.0  # a rule's strength 1 is the even chance, 2 is 0.88: two independent signs convince


@dataclass(frozen=True)
class Reading:
    """Everything that the verdict is made from."""

    plain: Plain
    hits: Hits
    entities: tuple[Entity, ...]
    strengths: dict[str, float]

    @cached_property
    def numbers(self) -> dict[str, float]:
        """What the learned model weighs beside characters and words, see `nlp.concepts`."""
        return concepts(self.plain.text, self.hits, self.entities, self.strengths, len(self.plain.changes))


class Reader:
    """Reads texts by the rules and word lists it was given."""

    def __init__(self, rules: Sequence[Violation], folder: Path) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: rule.id))
        self._disguise = Disguise(folder)
        self._signals = Signals(self.rules, folder)
        self.gate = Gate(self.rules, folder, self._disguise)

    def lay_bare(self, sheets: Sheets) -> BareTexts:
        """The texts without marks."""
        return self._disguise.lay_all_bare(sheets.folded)

    def undo(self, sheet: Sheet, bare: Bare) -> Plain:
        """The undisguised text."""
        return self._disguise.undone(sheet.text, bare, sheet.origins)

    def read(self, text: str, title_length: int = 0) -> Reading:
        """Read `text`, whose first `title_length` characters are the title. Never raises."""
        sheets = Sheets([readable(text)])
        return self.reading(sheets[0], self.undo(sheets[0], self.lay_bare(sheets).bare(0)), title_length)

    def reading(self, sheet: Sheet, plain: Plain, title_length: int = 0) -> Reading:
        """The same for a text that is undisguised already."""
        title = sum(start < title_length for start in plain.starts) if title_length else 0
        hits = self._signals.find(plain.text, title)
        heard = {key.partition(".")[0] for key in hits.places}  # the other rules are silent
        strengths = {rule.id: strength(rule, hits) for rule in self.rules if rule.id in heard}
        return Reading(
            plain, hits, entities_of(sheet), {key: value for key, value in strengths.items() if value > 0}
        )


def strength(rule: Violation, hits: Hits) -> float:
    """How strongly the rule's signals speak, in [0, 1); 0 when what must occur together does not."""
    fired = {signal.name for signal in rule.signals if hits.get(f"{rule.id}.{signal.name}")}
    if not fired or (rule.needs and not any(fired.issuperset(together) for together in rule.needs)):
        return 0.0
    total = _weight(rule, rule.signals, hits) - _weight(rule, rule.excuses, hits)
    return 1 / (1 + math.exp(-STEEPNESS * (total - 1)))


def _weight(rule: Violation, signals: Sequence[Signal], hits: Hits) -> float:
    return sum(signal.weight for signal in signals if hits.get(f"{rule.id}.{signal.name}"))
