"""What analysts say as data: a Violation (law, signals, needs, excuses, thresholds, examples) and a penalty Route."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

from pydantic import Field

from core.model import Code, Decision, EntityKind, Record, Role


class Law(Record):
    """Where it is forbidden. `checked`: a person compared the text with the issuing body's."""

    instrument: str
    article: str
    checked: bool = False


class Signal(Record):
    """Words or patterns that speak for (positive weight) or against (excuses) a violation; any one of them is enough."""

    name: str
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    field: Literal["any", "title", "body"] = "any"
    weight: float = 1.0
    meaning: str | None = Field(None, description="Plain Chinese meaning of code words, shown to officers.")


class Thresholds(Record):
    """Scores from which something is said of a post with this code, in [0, 1].

    `named`: how likely the code must be for a post that is taken for a violation to be said to show it. `flagged` and
    `unsure`: the score of the whole post from which it is flagged, or handed to the review queue, when this code is
    named; of several named codes the one with the lowest decides, since one violation is enough. `wordy`: as `flagged`,
    for a post that names so much of the trade that a narrow score means a look-alike (`nlp.wordy`); below it such a
    post goes to the review queue.
    """

    # At even odds twice as many codes were left unsaid as said wrongly.
    named: float = Field(0.35, ge=0, le=1)
    # Scores are calibrated: at even odds a post is more likely a violation than not.
    flagged: float = Field(0.5, gt=0, le=1)
    # Below this two of three are lawful: too many eyes for too little; 4 % of hard posts lie between. Never 0: a post
    # that names nothing of the field has that score, and the first gate lets it go.
    unsure: float = Field(0.35, gt=0, le=1)

    # Between 0.5 and 0.7, 15 of 18 such posts by five authors of hard ones were lawful (docs/decisions.md, 2026-11-22).
    wordy: float = Field(0.7, ge=0, le=1)

    def decision(self, score: float, wordy: bool = False) -> Decision:
        """What becomes of a post of this score that shows the code."""
        bar = max(self.flagged, self.wordy) if wordy else self.flagged
        return "flagged" if score >= bar else "unsure" if score >= self.unsure else "clear"


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


def severity(codes: Collection[Code], role: Role, rules: Iterable[Violation]) -> int | None:
    """How grave it is by these rules, 1 to 5: as its gravest code; None without a code that they know."""
    grave = [rule.severity for rule in rules if rule.id in codes]
    if not grave:
        return None
    return LEAST_SEVERITY if role == "seeker" else max(grave)


DECISIONS: tuple[Decision, ...] = ("clear", "unsure", "flagged")  # the gravest last


def decision(
    score: float, codes: Collection[Code], rules: Iterable[Violation], wordy: bool = False
) -> Decision:
    """What becomes of a post of this score that shows these codes: the gravest that one of them says.

    `wordy`: see `Thresholds`.
    """
    said = [rule.thresholds.decision(score, wordy) for rule in rules if rule.id in codes]
    return max(said, key=DECISIONS.index, default="clear")


class ElementRule(Record):
    """One thing that a penalty clause asks for, and what in a text points to it.

    `signals` are signals of violations, as CODE.name: what such a signal finds points to the element, too. `entities`
    are kinds of what the text names. Without words, patterns, signals and entities a text can never show it. `check` says,
    in Chinese, where an officer finds out.
    """

    name: str
    title: str
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    entities: tuple[EntityKind, ...] = ()
    check: str


class Route(Record):
    """A clause under which a violation is punished; id is the file's name. `needs`: all of its elements, or any."""

    id: str
    title: str
    law: Law
    needs: Literal["all", "any"]
    elements: tuple[ElementRule, ...] = Field(min_length=1)
