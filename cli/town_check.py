"""The demo's questions: was everything read, politely, judged well, and sealed?"""

from __future__ import annotations

import urllib.request
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from protego import Protego

from casework.desk import Desk
from cli.town import Town
from core.model import Finding, Sighting, Stored
from core.source import Source
from evidence.verify import verify_path
from store.base import Query

# Requests are spaced when they leave; two may arrive closer than that by the jitter of a busy machine.
JITTER_SECONDS = 0.05
LEAST_QUALITY = 0.90  # recall and precision below which the demo has failed (issue: the main job)


@dataclass(frozen=True)
class Score:
    """What one site gave. Counts of posts; recall and precision of `flagged` against the ground truth."""

    crawlable: int
    read: int
    flagged: int
    unsure: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def recall(self) -> float:
        """Share of violations that were flagged; 1 when there is none."""
        hits = self.flagged - len(self.wrong)
        return hits / (hits + len(self.missed)) if hits + len(self.missed) else 1.0

    @property
    def precision(self) -> float:
        """Share of flagged posts that are violations; 1 when nothing was flagged."""
        return (self.flagged - len(self.wrong)) / self.flagged if self.flagged else 1.0


def everything(desk: Desk, kind: str) -> Iterator[Stored]:
    """All records of a kind."""
    desk.store.flush()
    cursor: str | None = None
    while True:
        page = desk.store.search(kind, Query(limit=200, cursor=cursor))
        yield from page.records
        cursor = page.cursor
        if not cursor:
            return


def findings(desk: Desk) -> dict[str, Finding]:
    """All findings by address."""
    return {record.url: record for record in everything(desk, "finding") if isinstance(record, Finding)}


def score(truth: Iterable[dict[str, Any]], read: set[str], found: dict[str, Finding]) -> Score:
    """Compare what was read and found with the truth of the same addresses."""
    posts = [entry for entry in truth if entry["crawlable"]]
    flagged = {url for url, finding in found.items() if finding.latest.verdict.decision == "flagged"}
    guilty = {entry["url"] for entry in posts if entry["violation"]}
    here = {entry["url"] for entry in posts}
    return Score(
        crawlable=len(posts),
        read=len(here & read),
        flagged=len(flagged & here),
        unsure=len((found.keys() - flagged) & here),
        wrong=tuple(sorted((flagged - guilty) & here)),
        missed=tuple(sorted(guilty - flagged)),
    )


def read_addresses(desk: Desk) -> set[str]:
    """Addresses of all posts that were taken in."""
    return {record.url for record in everything(desk, "sighting") if isinstance(record, Sighting)}


def unread(truth: Iterable[dict[str, Any]], read: set[str]) -> Iterator[str]:
    """Crawlable posts that nobody read, and walls that became posts."""
    for entry in truth:
        if entry["crawlable"] and entry["url"] not in read:
            yield f"not read: {entry['url']}"
        if not entry["crawlable"] and entry["url"] in read:
            yield f"{entry['why_not']} page became a post: {entry['url']}"


def disallowed(town: Town) -> Iterator[str]:
    """Requests that robots.txt forbids."""
    rules: dict[str, Protego] = {}
    for entry in town.log():
        host = entry["host"]
        if host not in rules:
            rules[host] = Protego.parse(_robots(town.address, host))
        if not rules[host].can_fetch(f"http://{host}{entry['path']}", entry["agent"]):
            yield f"disallowed page fetched: http://{host}{entry['path']}"


def _robots(address: str, host: str) -> str:
    request = urllib.request.Request(f"http://{address}/robots.txt", headers={"Host": host})
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return str(answer.read().decode("utf-8", "replace"))


def too_fast(
    log: Iterable[dict[str, Any]], sources: Iterable[Source], hosts: dict[str, str]
) -> Iterator[str]:
    """Requests that came sooner after the one before than the source's pace allows; `hosts` maps source to host."""
    arrivals: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for entry in log:
        arrivals[entry["host"]].append((float(entry["t"]), entry["path"]))
    for source in sources:
        times = arrivals[hosts[source.id]]
        for (before, _), (after, path) in pairwise(times):
            if after - before < source.pace.delay - JITTER_SECONDS:
                yield f"{source.id}: {path} came {after - before:.3f} s after the one before; pace {source.pace.delay} s"


def unproven(desk: Desk) -> Iterator[str]:
    """Findings without second look or evidence, and everything that verification finds broken."""
    for url, finding in findings(desk).items():
        if finding.second_look == "pending" or (
            finding.second_look == "missing" and not finding.second_look_cause
        ):
            yield f"no picture and no reason why not: {url}"
        if not all(version.evidence_ids for version in finding.versions):
            yield f"no evidence: {url}"
    yield from verify_path(desk.settings.data / "vault")


def census(desk: Desk) -> dict[str, Any]:
    """What a second crawl of the same day must leave as it was."""
    found = findings(desk)
    return {
        "sightings": sum(1 for _ in everything(desk, "sighting")),
        "evidence": sum(1 for _ in everything(desk, "evidence")),
        "versions": {url: len(finding.versions) for url, finding in found.items()},
        "looks": {url: (finding.second_look, finding.latest.evidence_ids) for url, finding in found.items()},
    }
