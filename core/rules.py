"""What analysts say as data: a Violation (law, signals, needs, excuses, thresholds, examples) and a penalty Route."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from core.model import Code, Record, Verdict


class Law(Record):
    """Where it is forbidden. `checked`: a person compared the text with the issuing body's."""

    instrument: str
    article: str
    checked: bool = False


class Signal(Record):
    """Words or one pattern that speak for (positive weight) or against (excuses) a violation."""

    name: str
    words: tuple[str, ...] = ()
    pattern: str | None = None
    field: Literal["any", "title", "body"] = "any"
    weight: float = 1.0
    meaning: str | None = Field(None, description="Plain Chinese meaning of code words, shown to officers.")


class Thresholds(Record):
    """`named`: how likely, in [0, 1], a code must be for a post that is taken for a violation to be said to show it.

    Whether a post is flagged at all is no rule's own: nlp/judge.py weighs the whole.
    """

    # At even odds twice as many codes were left unsaid as said wrongly.
    named: float = Field(0.35, ge=0, le=1)


class Examples(Record):
    """Invented posts that must be flagged with this code, and such as must not."""

    flagged: tuple[str, ...] = Field(min_length=3)
    clear: tuple[str, ...] = Field(min_length=3)


class Violation(Record):
    """A prohibited practice; id is the file's name and the code."""

    id: Code
    title: str
    law: tuple[Law, ...] = Field(min_length=1)
    severity: int = Field(ge=1, le=5)
    department: str
    signals: tuple[Signal, ...] = Field(min_length=1)
    needs: tuple[tuple[str, ...], ...] = Field(
        (), description="Alternatives of signal names that must occur together."
    )
    excuses: tuple[Signal, ...] = ()
    thresholds: Thresholds = Thresholds()
    examples: Examples


# Of what a family posts that seeks lessons: the platform must not carry it, the family is no offender.
LEAST_SEVERITY = 1


def severity(verdict: Verdict, rules: Iterable[Violation]) -> int | None:
    """How grave the suspicion is by these rules, 1 to 5: that of its gravest code; None where nothing is suspected."""
    codes = frozenset(verdict.codes)
    grave = [rule.severity for rule in rules if rule.id in codes]
    if not grave:
        return None
    return LEAST_SEVERITY if verdict.role == "seeker" else max(grave)


class ElementRule(Record):
    """One thing that a penalty clause asks for, and what in a text points to it.

    `entities` are kinds of `core.model.Entity`. Without words, pattern and entities a text can never show it. `check`
    says, in Chinese, where an officer finds out.
    """

    name: str
    title: str
    words: tuple[str, ...] = ()
    pattern: str | None = None
    entities: tuple[str, ...] = ()
    check: str


class Route(Record):
    """A clause under which a violation is punished; id is the file's name. `needs`: all of its elements, or any."""

    id: str
    title: str
    law: Law
    needs: Literal["all", "any"]
    elements: tuple[ElementRule, ...] = Field(min_length=1)
