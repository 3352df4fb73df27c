"""The one download handler: everything leaves through the egress, in its turn, and is recorded as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from crawler.egress import REFUSED
from crawler.politeness import LONGEST_WAIT, RunEnds, retry_after
from crawler.recorder import from_scrapy

if TYPE_CHECKING:
    from crawler.spider import PatrolSpider
    from crawler.visit import Visit


# A page that is on its way comes within this, or is asked for again by the next run. Whoever told the run to end kills
# it after half a minute (cli.crawling), and what was read has to be handed in before.
_LAST_SECONDS = 10.0
# A browser that dies three times under one page is killed by that page; the next run may try again.
_BROWSERS_A_PAGE = 3
# Answers of a live browser take milliseconds; ten seconds allow for a machine that swaps.
_SIGN_OF_LIFE_SECONDS = 10.0


class TurnedAway(IgnoreRequest):
    """The site or the egress said no; the text says why."""


class BrowserLost(Exception):
    """Our browser died under a request, or would not start: that says nothing of the page."""


class Browsing(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]  # scrapy-playwright carries no hints
    """Scrapy-playwright's handler with a browser that may die: its requests are then made again in a new one.

    Whether it died is seen by its connection, never by the words of an error.
    """

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._deaths, self._closing = 0, False
        self._died, self._reviving = asyncio.Event(), asyncio.Lock()

    async def _apply_page_methods(self, page: Page, request: Request, spider: Any) -> None:  # noqa: ARG002
        """Our visit in place of lists of methods, after each of which the inherited one waits for "load" again."""
        if page.url != "about:blank":  # a download: nothing was drawn, and the error of it comes next
            await cast("Visit", request.meta["visit"]).after_commit(page)

    async def _maybe_launch_browser(self) -> None:
        if not hasattr(self, "browser"):
            self._died.clear()
        await super()._maybe_launch_browser()

    async def _browser_disconnected_callback(self) -> None:
        """Takes the place of the inherited one, which closes contexts of a dead browser first and may fail at it."""
        self._deaths += 1
        self._forget()
        self._died.set()

    def _forget(self) -> None:
        self.context_wrappers.clear()
        if hasattr(self, "browser"):
            del self.browser

    async def close(self) -> None:
        """Ends the browser; what it was still asked for is not asked again."""
        self._closing = True
        await super().close()

    async def draw(self, request: Request) -> Response:
        """The page as drawn. Raises BrowserLost when no browser lived long enough for it."""
        cause: Exception | None = None
        for _ in range(_BROWSERS_A_PAGE):
            deaths = self._deaths
            try:
                return cast("Response", await super().download_request(request))
            except Exception as error:
                if deaths == self._deaths and await self._lives():
                    raise
                cause = error
            if self._closing:
                break
            await self._bury()
        raise BrowserLost("浏览器意外结束或未能启动") from cause

    async def _lives(self) -> bool:
        browser = getattr(self, "browser", None)
        if browser is None or not browser.is_connected():
            return False
        try:
            # Its word for being connected is only as new as the last message: ask it something.
            async with asyncio.timeout(_SIGN_OF_LIFE_SECONDS):
                await (await browser.new_browser_cdp_session()).detach()
        except (BrowserError, TimeoutError):
            return False
        return True

    async def _bury(self) -> None:
        """Waits until the dead browser is known to be dead; Playwright's driver may have died instead of it."""
        dead = getattr(self, "browser", None)
        if dead is None:
            return
        try:
            await asyncio.wait_for(self._died.wait(), _SIGN_OF_LIFE_SECONDS)
        except TimeoutError:
            async with self._reviving:
                if getattr(self, "browser", None) is dead:
                    self._forget()
                    self.browser_provider = self.browser_provider_cls(self.config)
                    await self.browser_provider.start()


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
