"""The three answers of the doctor's looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Seen:
    """What a look saw, and how to mend it when it is not ok."""

    answer: Literal["ok", "wrong", "cannot tell"]
    text: str
    mend: str = ""


def ok(text: str) -> Seen:
    """It works."""
    return Seen("ok", text)


def wrong(text: str, mend: str) -> Seen:
    """It does not, and this mends it."""
    return Seen("wrong", text, mend)


def cannot_tell(text: str, mend: str) -> Seen:
    """It may or may not; this would tell."""
    return Seen("cannot tell", text, mend)
