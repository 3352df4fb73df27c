"""Violation: a prohibited practice as data - law, signals, needs, excuses, thresholds and its own examples."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.model import Code, Record


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
    """Scores in [0, 1]: at or above `flag` flagged, at or above `review` unsure."""

    flag: float = Field(0.5, ge=0, le=1)
    review: float = Field(0.45, ge=0, le=1)


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
