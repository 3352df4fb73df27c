"""The browser that draws pages, and may die under them: a page is then asked for again in a new one."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page
from scrapy.http import Request, Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

if TYPE_CHECKING:
    from crawler.visit import Visit

# A browser that dies three times under one page is killed by that page; the next run may try again.
_BROWSERS_A_PAGE = 3
# Pages drawn at once: each takes a processor's time and some 100 MB, and one endless page must not hold up the others.
_AT_ONCE = 2
# Answers of a live browser take milliseconds; ten seconds allow for a machine that swaps.
_SIGN_OF_LIFE_SECONDS = 10.0


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
        self._seats, self._visits = asyncio.Semaphore(_AT_ONCE), count()

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
                return await self._visit(request)
            except Exception as error:
                if deaths == self._deaths and await self._lives():
                    raise
                cause = error
            if self._closing:
                break
            await self._bury()
        raise BrowserLost("浏览器意外结束或未能启动") from cause

    async def _visit(self, request: Request) -> Response:
        """One page in a context of its own: what one page left there (cookies, storage, cache) no other may show."""
        async with self._seats:
            request.meta["playwright_context"] = name = f"visit {next(self._visits)}"
            try:
                return cast("Response", await super().download_request(request))
            finally:
                await self._leave(name)

    async def _leave(self, name: str) -> None:
        wrapper = self.context_wrappers.pop(name, None)
        if wrapper is not None:
            with suppress(BrowserError, TimeoutError):  # a browser that died took it along
                await asyncio.wait_for(wrapper.context.close(), _SIGN_OF_LIFE_SECONDS)

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
