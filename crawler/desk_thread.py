"""Casework in one thread of the crawl: judging and storing never hold up the reactor."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from casework import intake, landing
from casework.desk import Desk, open_desk
from core.errors import StoreAway, Unavailable
from core.model import Capture, Post
from core.settings import Settings
from crawler.lifeline import Brake

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")
# Posts that wait for the one thread. Beyond it their pages wait in Scrapy, which is bounded by bytes.
MOST_WAITING = 1000
# Posts in a row that could be kept nowhere: one may meet a network's hiccup, three meet a full disk.
MOST_UNKEPT = 3


class DeskThread:
    """Casework behind one thread and a bounded queue; implements the spider's Intake."""

    def __init__(self, settings: Settings, source_id: str, brake: Brake | None = None) -> None:
        self._source_id, self._brake, self._unkept = source_id, brake or Brake(), 0
        self._addresses: dict[str, str] = {}
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")
        self._room = asyncio.Semaphore(MOST_WAITING)
        # Opened in the thread that uses it: SQLite's connections belong to threads.
        self.desk: Desk = self._pool.submit(open_desk, settings).result()

    def now(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        """Does it in the thread and waits; for before and after the reactor runs."""
        return self._pool.submit(work, self.desk, *arguments).result()

    async def _later(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        async with self._room:
            return await asyncio.wrap_future(self._pool.submit(work, self.desk, *arguments))

    async def take_in(self, post: Post, capture: Capture) -> intake.Taken:
        """casework.intake.take_in, in the thread."""
        return await self._later(self._take_in, post, capture)

    def _take_in(self, desk: Desk, post: Post, capture: Capture) -> intake.Taken:
        with self._kept():
            taken = intake.take_in(desk, post, capture)
        if taken.outcome == "waiting" and desk.spool.full:
            self._brake.pull("lost", "资料库未恢复，暂存区已满，恢复后续查")
        return taken

    @contextmanager
    def _kept(self) -> Iterator[None]:
        """Neither store nor spool takes it, or the vault does not: reading on would bring nothing but load."""
        try:
            yield
        except Unavailable as error:
            self._unkept += 1
            if self._unkept == MOST_UNKEPT:
                self._brake.pull("failed", f"读到的内容无处保存：{error}")
            raise
        self._unkept = 0

    async def attach(self, finding_id: str, capture: Capture) -> None:
        """casework.intake.attach, in the thread."""
        await self._later(self._attach, finding_id, capture)

    def _attach(self, desk: Desk, finding_id: str, capture: Capture) -> None:
        with self._kept():
            intake.attach(desk, finding_id, capture)

    async def gone(self, url: str, status: int, capture: Capture, finding_id: str = "") -> None:
        """casework.landing.gone, in the thread, for the finding of that address."""
        await self._later(self._gone, url, status, capture, finding_id)

    def _gone(self, desk: Desk, url: str, status: int, capture: Capture, finding_id: str) -> None:
        with self._kept():
            landing.gone(desk, self._source_id, url, status, capture, finding_id, self._addresses)

    async def keep_again(self, finding_id: str, refers_to: str, capture: Capture) -> None:
        """casework.landing.parts, in the thread."""
        await self._later(landing.parts, finding_id, refers_to, capture)

    async def miss(self, finding_id: str, cause: str) -> None:
        """casework.intake.miss, in the thread."""
        await self._later(intake.miss, finding_id, cause)

    async def pending_looks(self) -> Sequence[tuple[str, str]]:
        """casework.intake.pending_looks, in the thread; none while the store is away: the next run has them."""
        try:
            return await self._later(intake.pending_looks, self._source_id)
        except StoreAway as error:
            log.warning("looks that are pending: %s", error)
            return ()

    def close(self) -> None:
        """Ends the thread after what is queued."""
        self._pool.submit(self.desk.close).result()
        self._pool.shutdown()
