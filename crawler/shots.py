"""Pictures of a drawn page: the whole page in as many parts as it needs, and the post alone."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from PIL import Image
from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as BrowserError

from core.model import Artifact, Missing
from crawler.browser import HEIGHT, WIDTH

# Chromium's GPU textures end at 16,384 px; beyond it pictures repeat or turn black.
TALLEST = 16_000
# Four such parts: seventy screens, longer than any advert; what is longer is a feed.
MOST_PARTS = 4
MOST_HEIGHT = TALLEST * MOST_PARTS
# A table may be wider than the screen; a page of kilometres is an attack on memory.
WIDEST = 2 * WIDTH
# Drawing 16,000 px takes a second or two; half a minute says that the page hangs.
_PATIENCE = 30.0
# A window's frame and bars: so much lower than its window is what Chromium really draws on (87 px were seen).
_BARS = 200
# A page of less than two screens is copied off that surface as it is; for a taller one Chromium makes a new surface
# first (of 160 pictures of 6,000 px none was wrong, of 350 of 900 px three). So many rows must repeat, and so many of
# them differ, to be no chance: a line of writing has some fifteen, a border or a rule two.
_TAKEN_AS_IS, _REPEATED, _DIFFERENT = 2 * HEIGHT, 20, 8
_TRIES = 3
_RECTANGLE = """([selector, anchor]) => {
  const place = anchor ? document.getElementById(anchor) : null;
  const found = place ? (place.closest(selector) || place.querySelector(selector)) : document.querySelector(selector);
  if (!found) return null;
  const box = found.getBoundingClientRect();
  return {x: Math.max(0, box.x + scrollX), y: Math.max(0, box.y + scrollY), width: box.width, height: box.height};
}"""
_ADDRESS = "() => location.href"


class Camera:
    """Takes the pictures of one page. Over DevTools, since Playwright presses its PNGs at three times the cost."""

    def __init__(self, page: Page, session: CDPSession) -> None:
        self._page, self._session = page, session
        self._artifacts: list[Artifact] = []
        self._missing: list[Missing] = []

    async def make_room(self) -> None:
        """A surface no smaller than the screen, to be called early. Playwright's window has the screen's size with its
        bars, and what is missing below, Chromium now and then fills with the page's beginning over again.
        """
        try:
            window = (await self._session.send("Browser.getWindowForTarget"))["windowId"]
            bounds = {"width": WIDTH + _BARS, "height": HEIGHT + _BARS}
            await self._session.send("Browser.setWindowBounds", {"windowId": window, "bounds": bounds})
        except BrowserError:
            return  # a Chromium without windows: each picture is looked at all the same

    async def take(self, alone: str) -> tuple[list[Artifact], list[Missing]]:
        """The page, and the element `alone` within it if that is not ""; and what could not be had."""
        await self._tried("screenshot", self._whole)
        if alone:
            await self._tried("post_screenshot", lambda: self._alone(alone))
        return self._artifacts, self._missing

    async def _tried(self, role: str, work: Any) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                await work()
        except (BrowserError, TimeoutError) as error:
            said = str(error).splitlines()[0][:200] if str(error) else f"{_PATIENCE:g} 秒内没有画出来"
            self._missing.append(Missing(role=role, cause=f"截图失败：{said}"))

    async def _whole(self) -> None:
        size = (await self._session.send("Page.getLayoutMetrics"))["cssContentSize"]
        width, height = max(WIDTH, int(size["width"])), max(1, int(size["height"]))
        for top in parts(height):
            clip = {
                "x": 0,
                "y": top,
                "width": min(width, WIDEST),
                "height": min(TALLEST, height - top),
            }
            await self._shoot("screenshot", clip, "full-page-screenshot")
        if height > MOST_HEIGHT or width > WIDEST:
            cause = f"页面宽 {width} 像素、高 {height} 像素，截图只含左上 {min(width, WIDEST)} × {min(height, MOST_HEIGHT)} 像素"
            self._missing.append(Missing(role="screenshot_rest", cause=cause))

    async def _alone(self, selector: str) -> None:
        anchor = urlsplit(str(await self._page.evaluate(_ADDRESS))).fragment
        box = await self._page.evaluate(_RECTANGLE, [selector, anchor])
        if not box or box["width"] < 1 or box["height"] < 1:
            self._missing.append(Missing(role="post_screenshot", cause="页面上没有找到帖文所在的部分"))
            return
        clip = {**box, "width": min(box["width"], WIDEST), "height": min(box["height"], TALLEST)}
        await self._shoot("post_screenshot", clip, "post-screenshot")

    async def _shoot(self, role: str, clip: dict[str, Any], how: str) -> None:
        # PNG loses nothing; pressed quickly it is 5 to 22 % larger in half the time (measured).
        asked = {
            "format": "png",
            "captureBeyondViewport": True,
            "optimizeForSpeed": True,
            "clip": {**clip, "scale": 1},
        }
        for _ in range(_TRIES):
            answer = await self._session.send("Page.captureScreenshot", asked)
            content = base64.b64decode(answer["data"])
            if role != "screenshot" or not await asyncio.to_thread(begins_again, content):
                break
        else:
            # A picture of what nobody could see is worse than none.
            cause = f"截图失败：浏览器 {_TRIES} 次都把页首重复画在页尾"
            self._missing.append(Missing(role=role, cause=cause))
            return
        self._artifacts.append(Artifact(role=role, media_type="image/png", content=content, how=how))


def parts(height: int) -> Iterator[int]:
    """Where each picture of a page so high begins."""
    return iter(range(0, min(height, MOST_HEIGHT), TALLEST))


def begins_again(content: bytes) -> bool:
    """Whether the picture of a low page shows the page's beginning once more from where the surface ended."""
    with Image.open(io.BytesIO(content)) as picture:
        if picture.height > _TAKEN_AS_IS:
            return False
        plain = picture.convert("RGB")
    length = plain.width * 3
    pixels = plain.tobytes()
    rows = [pixels[start : start + length] for start in range(0, len(pixels), length)]
    lowest = min(HEIGHT + _BARS, len(rows) - _REPEATED)
    again = (
        rows[start:]
        for start in range(HEIGHT - _BARS, lowest + 1)
        if rows[start:] == rows[: len(rows) - start]
    )
    return any(len(set(strip)) >= _DIFFERENT for strip in again)
