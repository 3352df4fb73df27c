"""The one download handler: everything leaves through the egress, in its turn, and is recorded as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from crawler.browsing import Browsing
from crawler.egress import LONGEST_ANSWER, REFUSED
from crawler.politeness import LONGEST_WAIT, RunEnds, retry_after
from crawler.recorder import from_scrapy

if TYPE_CHECKING:
    from crawler.spider import PatrolSpider


# A page that is on its way comes within this, or is asked for again by the next run. Whoever told the run to end kills
# it after half a minute (cli.crawling), and what was read has to be handed in before.
_LAST_SECONDS = 10.0


class TurnedAway(IgnoreRequest):
    """The site or the egress said no; the text says why."""


class PoliteHandler(Browsing):
    """The handler of all requests: the browser's, and Scrapy's own for pages without it."""

    async def download_request(self, request: Request) -> Response:
        """One exchange. Raises TurnedAway when the egress refused the address or the site asks for too long a wait,
        RunEnds when the run is told to end meanwhile.
        """
        spider = cast("PatrolSpider", self._crawler.spider)
        # A visit of the browser takes minutes where the pace is slow, and cut short it would be a look with gaps.
        patience = 0.0 if request.meta.get("playwright") else _LAST_SECONDS
        return await _unless(spider.ending, patience, self._exchange(request, spider))

    async def _exchange(self, request: Request, spider: PatrolSpider) -> Response:
        parts = urlsplit(request.url)
        asked_at = datetime.now(UTC)
        spider.egress.expect(request.url)
        async with AsyncExitStack() as turn:
            # Inside a tunnel the egress sees no requests: Scrapy's are paced here, the browser's at its recorder.
            if parts.scheme == "https" and not request.meta.get("playwright"):
                await turn.enter_async_context(spider.pacer.turn((parts.hostname or "").lower()))
                # Plain HTTP is bounded at the egress, where the wait for a turn is told from the answer.
                await turn.enter_async_context(asyncio.timeout(LONGEST_ANSWER))
            response = await self._download(request, spider)
        if reason := response.headers.get(REFUSED):
            raise TurnedAway(reason.decode("latin-1"))
        self._heed(request, response, spider)
        if not request.meta.get("playwright"):
            request.meta.setdefault("exchanges", []).append(from_scrapy(request, response, asked_at))
        return response

    async def _download(self, request: Request, spider: PatrolSpider) -> Response:
        if request.meta.get("playwright"):
            return await self.draw(request)
        request.meta["proxy"] = spider.egress.url
        return cast("Response", await super().download_request(request))

    def _heed(self, request: Request, response: Response, spider: PatrolSpider) -> None:
        said = (response.headers.get("Retry-After") or b"").decode("latin-1")
        if response.status != 429 and not (response.status == 503 and said):
            return
        seconds = retry_after(said, datetime.now(UTC))
        if seconds > LONGEST_WAIT:
            raise TurnedAway(f"asks to come back in {seconds:.0f} seconds")
        spider.pacer.hold((urlsplit(request.url).hostname or "").lower(), seconds)


async def _unless(
    ending: asyncio.Event, patience: float, exchange: Coroutine[Any, Any, Response]
) -> Response:
    """The exchange, if it is done within so many seconds of the run's being told to end. Raises RunEnds."""
    asked = asyncio.ensure_future(exchange)
    told = asyncio.ensure_future(ending.wait())
    try:
        await asyncio.wait({asked, told}, return_when=asyncio.FIRST_COMPLETED)
        if not asked.done():
            await asyncio.wait({asked}, timeout=patience)
        if not asked.done():
            raise RunEnds("the run was told to end")
        return asked.result()
    finally:
        asked.cancel()
        told.cancel()
