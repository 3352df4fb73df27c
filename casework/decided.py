"""What officers decided, as labelled examples for training and for the figures of agreement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casework import shelf
from casework.desk import Desk
from core.model import Finding, Verdict
from core.text import judged_text
from store.base import Query


@dataclass(frozen=True)
class Decided:
    """One decided version: its text, what the judge had said of it, and what the officer said."""

    text: str
    verdict: Verdict
    confirmed: bool


def decided(desk: Desk) -> Iterator[Decided]:
    """The last decision on each version that still stands in a finding, in the order of finding ids."""
    desk.store.flush()
    findings = sorted(walked(desk), key=lambda finding: finding.id)
    for finding in findings:
        last = {made.content_digest: made.outcome == "confirmed" for made in finding.decisions}
        for version in finding.versions:
            if (confirmed := last.get(version.content_digest)) is not None:
                yield Decided(judged_text(version.post), version.verdict, confirmed)


def walked(desk: Desk) -> Iterator[Finding]:
    """All findings."""
    return shelf.walk(desk.store, Finding, Query())
