"""Try a source: fetch once, read, judge, keep nothing."""

from __future__ import annotations

from collections.abc import Sequence

from casework.desk import Desk
from casework.intake import Taken
from core.errors import PageChanged
from core.model import Capture, Post, Verdict
from crawler.worker import outfit, run_spider

# A list page and what hangs on it: enough to see whether the selectors are right, little enough to bother nobody.
TRIAL_PAGES = 6


class Onlooker:
    """An Intake that judges and forgets."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.seen: list[tuple[Post, Verdict]] = []

    async def take_in(self, post: Post, capture: Capture) -> Taken:  # noqa: ARG002 - the seam's own signature
        """Judge the post; never ask for a second look."""
        self.seen.append((post, self._desk.judge.judge(post)))
        return Taken("clear", None, False)

    async def attach(self, finding_id: str, capture: Capture) -> None:
        """Nothing is looked at twice here."""

    async def miss(self, finding_id: str, cause: str) -> None:
        """Nothing is looked at twice here."""

    async def pending_looks(self) -> Sequence[tuple[str, str]]:
        """None: a trial does no one else's work."""
        return ()


def try_source(desk: Desk, source_id: str, url: str | None) -> list[tuple[Post, Verdict]]:
    """Posts of one page (or of the first list page) with their verdicts. Raises PageChanged when nothing was read.

    Runs Twisted's reactor, so once in a process.
    """
    source = desk.catalog.source(source_id)
    budget = source.budget.model_copy(update={"pages": min(TRIAL_PAGES, source.budget.pages)})
    onlooker = Onlooker(desk)
    kit = outfit(desk.settings, source.model_copy(update={"budget": budget}), onlooker, (url,) if url else ())
    run_spider(desk.settings, kit)
    if not onlooker.seen:
        said = "; ".join(trouble.text for trouble in kit.tally.troubles) or "the list names no posts"
        raise PageChanged(f"source {source_id}: no post was read: {said}")
    return onlooker.seen
