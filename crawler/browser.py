"""The browser's part: lists and posts drawn by script, and the second look with its picture."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page
from scrapy_playwright.page import PageMethod

from core.errors import Unavailable
from core.model import Artifact, Capture, Missing
from core.settings import Settings
from core.source import BrowserRule
from crawler.recorder import BrowserRecorder, Guard, Turn

# The narrowest common desktop screen: pages lay out as a reader meets them.
WIDTH, HEIGHT = 1366, 900
# Chromium's GPU textures end at 16,384 px; beyond it pictures repeat or turn black.
TALLEST = 16_000
# After loading: script that draws a post is done in well under this, or waits for something that never comes.
SETTLE_MS = 4_000
WAIT_FOR_MS = 8_000
# Navigation: a minute as for Scrapy, and a turn for each of some forty requisites of a heavy page.
LOAD_SECONDS, REQUISITES = 60, 40
# Of the time to load, what may be spent on parts; the rest is for what came to be drawn.
_FOR_PARTS = 0.8
_FLAGS = (
    "--proxy-bypass-list=<-loopback>",  # else Chromium goes round the proxy for loopback names
    "--disable-quic",  # UDP would go round the proxy
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    # Frames of other sites would live in processes that the recorder does not see. Isolation guards sessions and
    # passwords of one site from another; this browser has none, and Chromium's sandbox around them all stays on.
    "--disable-site-isolation-trials",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-pings",
    "--no-first-run",
    "--disable-features=WebRtcHideLocalIpsWithMdns,OptimizationHints,MediaRouter,DialMediaRouteProvider,Prerender2",
)
_SEEN_TEXT = "() => document.body ? document.body.innerText : ''"
# Pictures further down wait for the reader to scroll (loading=lazy); here they are asked for at once.
_LOADED = (
    "own => [...document.querySelectorAll(own)].filter(found => found instanceof HTMLImageElement)"
    ".every(image => { image.loading = 'eager'; return image.complete; })"
)
_HEIGHT = (
    "() => Math.max(document.documentElement.scrollHeight, document.body ? document.body.scrollHeight : 0)"
)


def chromium_path(configured: str) -> str | None:
    """The Chromium to start: the configured one, the machine's, or None for the one Playwright installed."""
    if configured:
        return configured
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def launch_options(settings: Settings, proxy: str) -> dict[str, Any]:
    """Playwright's launch options: one way out, Chromium's own sandbox on unless root, for which it cannot be."""
    return {
        "executable_path": chromium_path(settings.browser),
        "chromium_sandbox": os.geteuid() != 0,
        "args": [f"--proxy-server={proxy}", *_FLAGS],
        "timeout": LOAD_SECONDS * 1000,
    }


def context_options(agent: str) -> dict[str, Any]:
    """A fresh, nameless visitor from Beijing who takes no downloads and starts no service workers."""
    return {
        "user_agent": agent, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "service_workers": "block",
        "accept_downloads": False, "viewport": {"width": WIDTH, "height": HEIGHT},
    }  # fmt: skip


class Visit:
    """One visit of the browser; `meta` goes into the Scrapy request, `capture()` gives what was seen."""

    def __init__(
        self, rule: BrowserRule | None, guard: Guard, turn: Turn, body_bytes: int, picture: bool, delay: float,
        own: str = "",
    ) -> None:  # fmt: skip
        """`own` selects the post's own pictures: they are waited for. `guard` and `turn`: see BrowserRecorder."""
        self._rule, self._picture, self._own = rule, picture, own
        self._guard, self._turn, self._body_bytes = guard, turn, body_bytes
        self._timeout = (LOAD_SECONDS + REQUISITES * delay) * 1000
        self._begin()

    def _begin(self) -> None:
        """From nothing: what a browser saw that died is no part of what the next one sees."""
        self.recorder = BrowserRecorder(self._guard, self._body_bytes, self._turn)
        self._started_at = datetime.now(UTC)
        self._artifacts: list[Artifact] = []
        self._missing: list[Missing] = []

    def meta(self, agent: str) -> dict[str, Any]:
        """Scrapy-playwright's keys for this visit."""
        return {
            "playwright": True,
            "playwright_context_kwargs": context_options(agent),
            "playwright_page_init_callback": self._prepare,
            "playwright_page_goto_kwargs": {"wait_until": "load", "timeout": self._timeout},
            "playwright_page_methods": [PageMethod(self._after_load)],
            "visit": self,
        }

    async def _prepare(self, page: Page, _: Any) -> None:
        async def close(popup: Page) -> None:
            await popup.close()  # pop-ups are advertisements, and would leave without the recorder

        self._begin()
        page.on("popup", close)
        await self.recorder.attach(page)
        self.recorder.finish_after(self._timeout / 1000 * _FOR_PARTS)

    async def _after_load(self, page: Page) -> None:
        if not self.recorder.attached:
            # scrapy-playwright logs a failed init callback and goes on: unrecorded, unpaced bytes are no evidence.
            raise Unavailable("the browser's recorder could not be attached")
        await self._settle(page)
        if self._rule and self._rule.scroll:
            await self._scroll(page, self._rule.scroll)
        if self._rule and self._rule.click and self._picture:
            await self._click(page, self._rule.click)
        if self._own:
            await self._own_pictures(page)
        await self._keep(page)
        await self.recorder.finish()

    async def _settle(self, page: Page) -> None:
        try:
            if self._rule and self._rule.wait_for:
                await page.wait_for_selector(self._rule.wait_for, timeout=WAIT_FOR_MS, state="attached")
                if not self._picture:
                    return  # drawn as promised; a picture waits for what else is still coming
            await page.wait_for_load_state("networkidle", timeout=SETTLE_MS)
        except BrowserError as error:
            self._lack("settled", f"页面没有静止下来：{_line(error)}")

    async def _scroll(self, page: Page, times: int) -> None:
        height = 0
        for _ in range(times):
            await page.evaluate("() => window.scrollTo(0, document.documentElement.scrollHeight)")
            await self._settle_after(page, height)
            now = int(await page.evaluate(_HEIGHT))
            if now <= height:
                return
            height = now

    async def _settle_after(self, page: Page, height: int) -> None:
        """Until the page has grown beyond `height`, or SETTLE_MS say that it has ended."""
        try:
            await page.wait_for_function(f"height => ({_HEIGHT})() > height", arg=height, timeout=SETTLE_MS)
        except BrowserError:
            return  # not grown: the caller sees it by the height and ends

    async def _click(self, page: Page, selector: str) -> None:
        try:
            if await page.locator(selector).count():
                await page.locator(selector).first.click(timeout=WAIT_FOR_MS)
                await page.wait_for_load_state("networkidle", timeout=SETTLE_MS)
        except BrowserError as error:
            self._lack("click", _line(error))

    async def _own_pictures(self, page: Page) -> None:
        """A post that is a picture is known by its bytes: with them on one visit only, it would seem edited."""
        try:
            await page.wait_for_function(_LOADED, arg=self._own, timeout=self._timeout)
        except BrowserError as error:
            self._lack("pictures_loaded", f"图片没有全部到齐：{_line(error)}")

    async def _keep(self, page: Page) -> None:
        dom = await page.content()
        self._add(
            "dom",
            "text/html; charset=utf-8",
            dom.encode("utf-8", "surrogatepass"),
            "page.content() after drawing",
        )
        if not self._picture:
            return
        try:
            shown = str(await page.evaluate(_SEEN_TEXT))
            self._add(
                "text",
                "text/plain; charset=utf-8",
                shown.encode("utf-8", "replace"),
                "innerText of the drawn page",
            )
        except BrowserError as error:
            self._lack("text", _line(error))
        await self._screenshot(page)

    async def _screenshot(self, page: Page) -> None:
        try:
            height = int(await page.evaluate(_HEIGHT))
            clip: Any = (
                {"x": 0, "y": 0, "width": WIDTH, "height": min(height, TALLEST)} if height > TALLEST else None
            )
            await page.evaluate("() => window.scrollTo(0, 0)")
            picture = await page.screenshot(
                full_page=True, clip=clip, animations="disabled", timeout=self._timeout
            )
        except BrowserError as error:
            self._lack("screenshot", f"截图失败：{_line(error)}")
            return
        self._add("screenshot", "image/png", picture, f"full page, {WIDTH} px wide, headless Chromium")
        if height > TALLEST:
            self._lack("screenshot_rest", f"页面高 {height} 像素，截图只含前 {TALLEST} 像素")

    def _add(self, role: str, media_type: str, content: bytes, how: str) -> None:
        self._artifacts.append(Artifact(role=role, media_type=media_type, content=content, how=how))

    def _lack(self, role: str, cause: str) -> None:
        self._missing.append(Missing(role=role, cause=cause))

    @property
    def has_picture(self) -> bool:
        """Whether there is a screenshot."""
        return any(item.role == "screenshot" for item in self._artifacts)

    def capture(self, url: str, provenance: dict[str, str]) -> Capture:
        """What was seen, and what was not and why."""
        lost = tuple(
            Missing(role="exchange", cause=cause)
            for cause in (*self.recorder.lost, *self.recorder.unrecorded())
        )
        return Capture(
            url=url, started_at=self._started_at, ended_at=datetime.now(UTC), exchanges=tuple(self.recorder.exchanges),
            artifacts=tuple(self._artifacts), missing=(*self._missing, *lost), provenance=provenance,
        )  # fmt: skip


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
