"""Try a source: fetch once, read, judge, keep nothing but, if asked, the page as a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from casework.desk import Desk
from casework.intake import Taken
from core.errors import PageChanged
from core.model import Capture, Post, Verdict
from core.source import Source
from crawler.cases import case_of, save
from crawler.reading import Fetched, Kind
from crawler.worker import outfit, run_spider

# A list page and what hangs on it: enough to see whether the selectors are right, little enough to bother nobody.
TRIAL_PAGES = 6


class Onlooker:
    """An Intake that judges and forgets."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.seen: list[tuple[Post, Verdict]] = []
        self.pages: list[Fetched] = []

    async def take_in(self, post: Post, capture: Capture) -> Taken:  # noqa: ARG002 - the seam's own signature
        """Judge the post; never ask for a second look."""
        self.seen.append((post, self._desk.judge.judge(post)))
        return Taken("clear", None, False)

    async def attach(self, finding_id: str, capture: Capture) -> None:
        """Nothing is looked at twice here."""

    async def miss(self, finding_id: str, cause: str) -> None:
        """Nothing is looked at twice here."""

    async def gone(self, url: str, status: int, capture: Capture, finding_id: str = "") -> None:
        """Nothing is written down here."""

    async def keep_again(self, finding_id: str, refers_to: str, capture: Capture) -> None:
        """Nothing is tried again here."""

    async def pending_looks(self) -> Sequence[tuple[str, str]]:
        """None: a trial does no one else's work."""
        return ()


@dataclass(frozen=True)
class Tried:
    """What a trial read: posts with their verdicts; what does not come as expected; what else was noted."""

    posts: tuple[tuple[Post, Verdict], ...]
    faults: tuple[str, ...]
    troubles: tuple[str, ...]


def try_source(desk: Desk, source_id: str, url: str | None, case: Path | None = None) -> Tried:
    """Read one page (or the first list and some of its posts); `case` is the folder to save that page in.

    Raises PageChanged when no post was read and no case was asked for, BadInput when the case is there already.
    Runs Twisted's reactor, so once in a process.
    """
    source = desk.catalog.source(source_id)
    kind: Kind = "post" if url and url not in source.start else "list"
    onlooker = Onlooker(desk)
    kit = outfit(desk.settings, _small(source), onlooker, (url,) if url and kind == "post" else ())
    kit = replace(kit, lists=(url,) if url else source.start[:1], witness=onlooker.pages.append)
    run_spider(desk.settings, kit)
    troubles = tuple(trouble.text for trouble in kit.tally.troubles)
    if not (onlooker.pages if case else onlooker.seen):
        said = "; ".join(troubles) or "the list names no posts"
        raise PageChanged(f"source {source_id}: no post was read: {said}")
    if case:
        save(case, case_of(onlooker.pages, kind), source)
    # One post is enough here: whoever tries a page wants to hear what it lacks.
    return Tried(tuple(onlooker.seen), tuple(kit.tally.fields.faults(least_sample=1)), troubles)


def _small(source: Source) -> Source:
    pages = min(TRIAL_PAGES, source.budget.pages)
    return source.model_copy(update={"budget": source.budget.model_copy(update={"pages": pages})})
