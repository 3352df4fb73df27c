"""One text, read once: undisguised, its signals found, and what the groups of words say in numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from core.mask import CONTACT_KINDS
from core.model import Entity, Span
from core.rules import Violation
from core.text import INVISIBLE
from nlp.bare import Bare, BareTexts
from nlp.concepts import concepts
from nlp.disguise import Change, Disguise, Plain
from nlp.entities import entities_of, with_hidden_names
from nlp.fees import FeeFact, fee_facts
from nlp.gate import Gate
from nlp.sheet import Sheet, Sheets, readable
from nlp.signals import Hits, Place, Signals
from nlp.tokens import Tokens, tokens

STEEPNESS = 2.0  # a rule's strength 1 is the even chance, 2 is 0.88: two independent signs convince


@dataclass(frozen=True)
class Reading:
    """Everything that the verdict is made from."""

    plain: Plain
    hits: Hits
    entities: tuple[Entity, ...]
    strengths: dict[str, float]
    _quotes: dict[tuple[int, int], Span] = field(default_factory=dict, compare=False)

    def quote(self, place: tuple[int, int]) -> Span:
        """What stands in the original at a place of the plain text."""
        found = self._quotes.get(place)
        if found is None:  # several signals and elements quote the same words
            found = self._quotes[place] = self.plain.span(*place)
        return found

    def is_in_contact(self, span: Span) -> bool:
        """Whether it lies in a telephone number or an account: its digits are no price, its letters no word."""
        return any(it.start <= span.start and span.end <= it.end for it in self._contacts)

    @cached_property
    def _contacts(self) -> list[Span]:
        return [entity.span for entity in self.entities if entity.kind in CONTACT_KINDS]

    def undone(self, span: Span) -> list[Change]:
        """The disguises that were undone within a quotation."""
        return [it for it in self.plain.changes if span.start <= it.start and it.end <= span.end]

    def changed(self, change: Change) -> Span:
        """What stood in the original where a disguise was undone, with the frame of its last keycap."""
        original, end = self.plain.original, change.end
        while end < len(original) and original[end] in INVISIBLE:
            end += 1
        return Span(start=change.start, end=end, text=original[change.start : end])

    @cached_property
    def numbers(self) -> dict[str, float]:
        """What the learned model weighs beside characters and words, see `nlp.concepts`."""
        return concepts(self.plain.text, self.hits, self.entities, self.strengths, len(self.plain.changes))

    @cached_property
    def fees(self) -> tuple[FeeFact, ...]:
        """What the text says of money, months and lessons charged at a time, see `nlp.fees`."""
        return fee_facts(self.plain.original, self.entities)

    @property
    def tokens(self) -> Tokens:
        """What the learned network reads, see `nlp.tokens`."""
        return tokens(self.plain.text, self.hits)


class Reader:
    """Reads texts by the rules and word lists it was given."""

    def __init__(self, rules: Sequence[Violation], folder: Path) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: rule.id))
        self._weighed = [_Weighed(rule) for rule in self.rules]
        self._owners = {key: number for number, rule in enumerate(self._weighed) for key in rule.keys}
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
        entities = with_hidden_names(plain, entities_of(sheet))
        return Reading(plain, hits, entities, self._strengths(hits))

    def _strengths(self, hits: Hits) -> dict[str, float]:
        """How strongly each rule speaks that speaks at all, in the order of the rules."""
        weighed, owners = self._weighed, self._owners
        heard = sorted({owners[key] for key in hits.places if key in owners})
        strengths = {weighed[number].id: weighed[number].strength(hits.places) for number in heard}
        return {code: value for code, value in strengths.items() if value > 0}


class _Weighed:
    """A rule's signals and excuses by the key of their hits."""

    def __init__(self, rule: Violation) -> None:
        self.id = rule.id
        self._signals = [(f"{rule.id}.{signal.name}", signal.weight) for signal in rule.signals]
        self._excuses = [(f"{rule.id}.{signal.name}", signal.weight) for signal in rule.excuses]
        self.keys = [key for key, _ in self._signals]
        self._needs = [frozenset(f"{rule.id}.{name}" for name in together) for together in rule.needs]

    def strength(self, places: Mapping[str, Sequence[Place]]) -> float:
        """How strongly the rule's signals speak, in [0, 1); 0 when what must occur together does not."""
        if self._needs and not any(map(places.keys().__ge__, self._needs)):
            return 0.0
        fired = [weight for key, weight in self._signals if key in places]
        if not fired:
            return 0.0
        total = sum(fired) - sum([weight for key, weight in self._excuses if key in places])
        return 1 / (1 + math.exp(-STEEPNESS * (total - 1)))
