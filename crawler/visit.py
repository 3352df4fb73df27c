"""One visit of the browser: a list or post drawn by script, or the second look with its pictures."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page

from core.errors import Unavailable
from core.model import Artifact, Capture, Missing
from core.source import BrowserRule, Source
from crawler.browser import HEIGHT, WIDTH, context_options
from crawler.browser_recorder import BrowserRecorder, Guard
from crawler.shots import MOST_HEIGHT, Camera
from crawler.turns import Turn

# After loading: script that draws a post is done in well under this, or waits for something that never comes.
SETTLE_SECONDS = 4.0
WAIT_FOR_SECONDS = 8.0
# Nothing under way for so long: what a page draws in steps follows its answers within a few hundredths.
IDLE_SECONDS = 0.3
# Navigation: a minute as for Scrapy, and a turn for each of some forty requisites of a heavy page.
LOAD_SECONDS, REQUISITES = 60, 40
# Of the time to load, what may be spent on parts; the rest is for what came to be drawn.
_FOR_PARTS = 0.8
# Code, text and pictures of a page whose script never lets go of its thread: then there are none.
_FOR_KEEPING = 60.0
# A page that grows when its end is shown may do so this often; a feed without end would do it for ever.
_GROWTHS = 3
_SEEN_TEXT = "() => document.body ? document.body.innerText : ''"
_HEIGHT = (
    "() => Math.max(document.documentElement.scrollHeight, document.body ? document.body.scrollHeight : 0)"
)
# Pictures further down wait for the reader to scroll (loading=lazy); here they are asked for at once.
_LOADED = (
    "own => [...document.querySelectorAll(own)].filter(found => found instanceof HTMLImageElement)"
    ".every(image => { image.loading = 'eager'; return image.complete; })"
)
# A frame for each screenful, so that what waits to come into view does; 50 ms where no frames are drawn.
_READ_THROUGH = """async ([most, growths]) => {
  const height = () => Math.max(document.documentElement.scrollHeight, document.body ? document.body.scrollHeight : 0);
  const frame = () => new Promise(done => { requestAnimationFrame(() => done()); setTimeout(done, 50); });
  for (const image of document.images) image.loading = 'eager';
  let end = Math.min(height(), most);
  for (let y = 0; y + innerHeight < end;) {
    y += innerHeight; scrollTo(0, y); await frame();
    if (y + innerHeight >= end && height() > end && growths-- > 0) end = Math.min(height(), most);
  }
  scrollTo(0, 0);
}"""


@dataclass(frozen=True)
class Wish:
    """What a visit is to bring; `own` selects the post's own pictures (waited for), `alone` the post within its page.

    `delay`: seconds between two requests. `picture`: the second look, with text and pictures.
    """

    rule: BrowserRule | None
    body_bytes: int
    delay: float
    picture: bool = False
    own: str = ""
    alone: str = ""

    @property
    def seconds(self) -> float:
        """The budget of the whole page."""
        return LOAD_SECONDS + REQUISITES * self.delay

    @property
    def options(self) -> dict[str, str]:
        """For the provenance sheet: screen, waits, scrolling and clicks, budget."""
        rule = self.rule
        return {
            "option_viewport": f"{WIDTH}x{HEIGHT}, zh-CN, Asia/Shanghai",
            "option_waits": f"{rule.wait_for if rule and rule.wait_for else 'load'}; idle {IDLE_SECONDS:g} s, at most "
            f"{SETTLE_SECONDS:g} s",
            "option_scroll": str(rule.scroll if rule else 0)
            + ("; read through once" if self.picture else ""),
            "option_click": (rule.click if rule and self.picture else None) or "none",
            "option_budget": f"{self.seconds:g} s, {self.body_bytes} bytes a part, {MOST_HEIGHT} px high",
        }


def wish_for(source: Source, picture: bool, kind: str) -> Wish:
    """What a visit of a list or post page of that source is to bring."""
    post, rule = source.post, source.browser
    if rule:
        off: dict[str, object] = {"scroll": 0} if kind == "post" else {"click": None}
        if kind not in rule.pages or kind == "list":
            off["wait_for"] = None
        rule = rule.model_copy(update=off)
    html = kind == "post" and post.format == "html"
    shown = post.fields.get("pictures")
    own = shown.select.partition("::")[0] if html and shown else ""
    alone = (post.picture or post.posts or "") if html else ""
    return Wish(rule, source.budget.body_bytes, source.pace.delay, picture, own, alone)


class Visit:
    """One visit; `meta` goes into the Scrapy request, `capture()` gives what was seen."""

    def __init__(self, wish: Wish, guard: Guard, turn: Turn) -> None:
        """`guard` and `turn`: see BrowserRecorder."""
        self.wish, self._rule = wish, wish.rule
        self._guard, self._turn = guard, turn
        self._begin()

    def _begin(self) -> None:
        """From nothing: what a browser saw that died is no part of what the next one sees."""
        self.recorder = BrowserRecorder(self._guard, self.wish.body_bytes, self._turn)
        self.browser_version = ""
        self.certificates: dict[str, tuple[bytes, ...]] = {}
        self._started_at, self._began = datetime.now(UTC), time.monotonic()
        self._artifacts: list[Artifact] = []
        self._missing: list[Missing] = []

    def meta(self, agent: str) -> dict[str, Any]:
        """Scrapy-playwright's keys for this visit."""
        return {
            "playwright": True,
            "playwright_context_kwargs": context_options(agent),
            "playwright_page_init_callback": self._prepare,
            # Not until "load": a page with one part that never ends would be lost with all that came of it.
            "playwright_page_goto_kwargs": {"wait_until": "commit", "timeout": self.wish.seconds * 1000},
            "visit": self,
        }

    async def _prepare(self, page: Page, _: Any) -> None:
        async def close(popup: Page) -> None:
            await popup.close()  # pop-ups are advertisements, and would leave without the recorder

        self._begin()
        # Scrapy-playwright asks Python about each request, which costs a quarter of the time; the recorder does it all.
        await page.unroute("**")
        page.on("popup", close)
        await self.recorder.attach(page)
        if self.wish.picture and self.recorder.session:
            await Camera(page, self.recorder.session).make_room()
        self.recorder.finish_after(self.wish.seconds * _FOR_PARTS)
        browser = page.context.browser
        self.browser_version = browser.version if browser else ""

    async def after_commit(self, page: Page) -> None:
        """Draws, keeps, ends. Raises TimeoutError when the page's script never lets anybody else in."""
        if not self.recorder.attached:
            # scrapy-playwright logs a failed init callback and goes on: unrecorded, unpaced bytes are no evidence.
            raise Unavailable("the browser's recorder could not be attached")
        async with asyncio.timeout(self._left() + _FOR_KEEPING):
            await self._draw(page)
            await self._keep(page)
            await self.recorder.finish()

    def _left(self) -> float:
        return max(1.0, self.wish.seconds - (time.monotonic() - self._began))

    async def _draw(self, page: Page) -> None:
        await self._load(page)
        await self._settle(page)
        if self._rule and self._rule.scroll:
            await self._scroll(page, self._rule.scroll)
        if self._rule and self._rule.click and self.wish.picture:
            await self._click(page, self._rule.click)
        if self.wish.picture:
            await self._read_through(page)
        if self.wish.own:
            await self._own_pictures(page)

    async def _load(self, page: Page) -> None:
        """Until all parts came, or the recorder let nothing more come."""
        limit = self._left()
        waits = [page.wait_for_load_state("load", timeout=limit * 1000), self.recorder.ended.wait()]
        loaded, late = (asyncio.ensure_future(one) for one in waits)
        await asyncio.wait({loaded, late}, return_when=asyncio.FIRST_COMPLETED)
        late.cancel()
        if not loaded.done():
            loaded.cancel()
        error = (await asyncio.gather(loaded, late, return_exceptions=True))[0]
        if error is not None:
            why = _line(error) if isinstance(error, BrowserError) else "取证时限已到"
            self.lack("loaded", f"页面没有加载完：{why}")

    async def _settle(self, page: Page) -> None:
        if self._rule and self._rule.wait_for:
            try:
                await page.wait_for_selector(
                    self._rule.wait_for, timeout=WAIT_FOR_SECONDS * 1000, state="attached"
                )
            except BrowserError as error:
                self.lack("settled", f"没有等到约定的内容：{_line(error)}")
                return
            if not self.wish.picture:
                return  # drawn as promised; a picture waits for what else is still coming
        if not self.wish.picture:
            await self._quiet()

    async def _quiet(self) -> None:
        """Parts that wait for their turn are our own slowness, not the page's unrest: their time is added."""
        most = min(SETTLE_SECONDS + self.recorder.waiting * self.wish.delay, self._left())
        if not await self.recorder.quiet(IDLE_SECONDS, most):
            self.lack("settled", "页面没有静止下来：一直有请求没有结束")

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
        """Until the page has grown beyond `height`, or SETTLE_SECONDS say that it has ended."""
        try:
            wait = SETTLE_SECONDS * 1000
            await page.wait_for_function(f"height => ({_HEIGHT})() > height", arg=height, timeout=wait)
        except BrowserError:
            return  # not grown: the caller sees it by the height and ends

    async def _click(self, page: Page, selector: str) -> None:
        try:
            if await page.locator(selector).count():
                await page.locator(selector).first.click(timeout=WAIT_FOR_SECONDS * 1000)
        except BrowserError as error:
            self.lack("click", f"没有点开：{_line(error)}")

    async def _read_through(self, page: Page) -> None:
        """Down to the end once as a reader would, then back, then until all that this called for has come."""
        try:
            await page.evaluate(_READ_THROUGH, [MOST_HEIGHT, _GROWTHS])
        except BrowserError as error:
            self.lack("read_through", f"没有浏览到页面底部：{_line(error)}")
        await self._quiet()

    async def _own_pictures(self, page: Page) -> None:
        """A post that is a picture is known by its bytes: with them on one visit only, it would seem edited."""
        try:
            await page.wait_for_function(_LOADED, arg=self.wish.own, timeout=self._left() * 1000)
        except BrowserError as error:
            self.lack("pictures_loaded", f"图片没有全部到齐：{_line(error)}")

    async def _keep(self, page: Page) -> None:
        try:
            dom = (await page.content()).encode("utf-8", "surrogatepass")
            self._add("dom", "text/html; charset=utf-8", dom, "drawn-dom")
        except BrowserError as error:
            self.lack("dom", f"网页代码没有取到：{_line(error)}")
        self.certificates = await self.recorder.certificates()
        if not self.wish.picture:
            return
        try:
            shown = str(await page.evaluate(_SEEN_TEXT)).encode("utf-8", "replace")
            self._add("text", "text/plain; charset=utf-8", shown, "drawn-text")
        except BrowserError as error:
            self.lack("text", f"网页文字没有取到：{_line(error)}")
        assert self.recorder.session is not None  # noqa: S101 - after_commit has seen it
        artifacts, missing = await Camera(page, self.recorder.session).take(self.wish.alone)
        self._artifacts += artifacts
        self._missing += missing

    def _add(self, role: str, media_type: str, content: bytes, how: str) -> None:
        self._artifacts.append(Artifact(role=role, media_type=media_type, content=content, how=how))

    def lack(self, role: str, cause: str) -> None:
        """Something that the look should have and has not."""
        self._missing.append(Missing(role=role, cause=cause[:300]))

    def lack_all(self, roles: Sequence[str], cause: str) -> None:
        """The same cause for all of these that are not there yet."""
        known = {item.role for item in self._artifacts} | {gap.role for gap in self._missing}
        for role in roles:
            if role not in known:
                self.lack(role, cause)

    def capture(self, url: str, provenance: dict[str, str]) -> Capture:
        """What was seen, and what was not and why."""
        missing = (*self._missing, *self.recorder.lost, *self.recorder.unrecorded())
        return Capture(
            url=url, started_at=self._started_at, ended_at=datetime.now(UTC), missing=missing,
            exchanges=tuple(self.recorder.exchanges), artifacts=tuple(self._artifacts),
            provenance={**provenance, **self.wish.options},
        )  # fmt: skip


def _line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
