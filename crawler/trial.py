"""`wangxun sources try`: one crawl of a source that keeps nothing and hands its posts to the caller."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from casework.desk import Desk
from core.model import Capture, Post, Verdict
from core.settings import Settings
from core.source import Source
from crawler.worker import outfit, run_spider

# A look at the first list page and its first posts; whoever tries a source wants an answer, not a crawl.
TRIAL_PAGES = 6


@dataclass(frozen=True)
class _Seen:
    outcome: str = "clear"
    finding_id: str | None = None
    needs_look: bool = False


@dataclass
class Collector:
    """An intake that only collects."""

    posts: list[Post] = field(default_factory=list)

    async def take_in(self, post: Post, _capture: Capture) -> _Seen:
        """Keeps the post, drops the capture."""
        self.posts.append(post)
        return _Seen()

    async def attach(self, finding_id: str, capture: Capture) -> None:
        """Never asked for: nothing collected needs a look."""

    async def miss(self, finding_id: str, cause: str) -> None:
        """Never asked for: nothing collected needs a look."""

    async def pending_looks(self) -> Sequence[tuple[str, str]]:
        """None: a trial does no run's work."""
        return ()


def _collect(settings: Settings, source: Source, only: tuple[str, ...], sink: Any) -> None:
    collector = Collector()
    kit = outfit(settings, source, collector, only)
    run_spider(settings, kit)
    sink.put((collector.posts, kit.tally.troubles))


def try_source(desk: Desk, source_id: str, url: str | None = None) -> Iterator[tuple[Post, Verdict]]:
    """Posts of one page, or of the first list page, with their verdicts; nothing is kept. Raises NotFound."""
    source = desk.catalog.source(source_id)
    budget = source.budget.model_copy(update={"pages": TRIAL_PAGES})
    # A process of its own, because Twisted's reactor does not start twice; spawned, so that no thread is copied.
    context = multiprocessing.get_context("spawn")
    sink: Any = context.Queue()
    arguments = (desk.settings, source.model_copy(update={"budget": budget}), (url,) if url else (), sink)
    child = context.Process(target=_collect, args=arguments)
    child.start()
    posts, _troubles = sink.get()
    child.join()
    for post in posts:
        yield post, desk.judge.judge(post)
