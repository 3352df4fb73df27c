"""The one download handler: everything leaves through the egress, in its turn, and is recorded as it comes."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from crawler.egress import REFUSED
from crawler.politeness import LONGEST_WAIT, retry_after
from crawler.recorder import from_scrapy

if TYPE_CHECKING:
    from crawler.spider import PatrolSpider


class TurnedAway(IgnoreRequest):
    """The site or the egress said no; the text says why."""


class PoliteHandler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]  # scrapy-playwright carries no hints
    """Scrapy-playwright's handler, which is also Scrapy's own for pages without browser."""

    async def download_request(self, request: Request) -> Response:
        """One exchange. Raises TurnedAway when the egress refused the address or the site asks for too long a wait."""
        spider = cast("PatrolSpider", self._crawler.spider)
        parts = urlsplit(request.url)
        asked_at = datetime.now(UTC)
        async with AsyncExitStack() as turn:
            # Inside a tunnel the egress sees no requests: Scrapy's are paced here, the browser's at its recorder.
            if parts.scheme == "https" and not request.meta.get("playwright"):
                await turn.enter_async_context(spider.pacer.turn((parts.hostname or "").lower()))
            response = await self._download(request, spider)
        if reason := response.headers.get(REFUSED):
            raise TurnedAway(reason.decode("latin-1"))
        self._heed(request, response, spider)
        if not request.meta.get("playwright"):
            request.meta.setdefault("exchanges", []).append(from_scrapy(request, response, asked_at))
        return response

    async def _download(self, request: Request, spider: PatrolSpider) -> Response:
        if not request.meta.get("playwright"):
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
