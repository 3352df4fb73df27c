"""What officers decided, as labelled examples for training and for the figures of agreement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casework import shelf
from casework.desk import Desk
from core.model import Code, Finding, Review, Verdict, Version
from core.text import judged_text
from store.base import Query


@dataclass(frozen=True)
class Decided:
    """One decided version: its text, what the judge had said of it, and what the officer said.

    `codes`: the violations that he says it shows, None where he did not say.
    """

    text: str
    verdict: Verdict
    confirmed: bool
    codes: frozenset[Code] | None = None


def decided(desk: Desk) -> Iterator[Decided]:
    """The last decision on each version that still stands in a finding, in the order of finding ids."""
    desk.store.flush()
    findings = sorted(walked(desk), key=lambda finding: finding.id)
    for finding in findings:
        last = {made.content_digest: made for made in finding.decisions}
        for version in finding.versions:
            if made := last.get(version.content_digest):
                yield _of(version, made, finding.naming(version.content_digest))


def _of(version: Version, made: Review, naming: Review | None) -> Decided:
    codes = frozenset(naming.codes) if naming else None
    return Decided(judged_text(version.post), version.verdict, made.outcome == "confirmed", codes)


def walked(desk: Desk) -> Iterator[Finding]:
    """All findings."""
    return shelf.walk(desk.store, Finding, Query())
