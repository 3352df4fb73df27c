"""Pictures show the page once: what a surface lower than the screen repeats is seen, taken again, or named as missing."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from typing import Any, cast

import pytest
from PIL import Image, ImageDraw
from playwright.async_api import CDPSession, Page, async_playwright

from core.settings import Settings
from crawler.browser import HEIGHT, WIDTH, context_options, launch_options
from crawler.shots import Camera, begins_again

SURFACE = 813  # as seen: a window of 900 px less its bars


def drawn(height: int, surface: int | None = None, head: int = 60) -> bytes:
    """A page with a head and lines; beyond `surface` it begins again."""
    page = Image.new("RGB", (200, height), "white")
    pen = ImageDraw.Draw(page)
    for y in range(head):
        pen.line((0, y, 200, y), fill=(y, 255 - y, 90))
    for y in range(head + 20, height - 10, 37):
        pen.line((5, y, 20 + y % 150, y), fill="black")
    if surface is not None:
        head_again = page.crop((0, 0, 200, surface))
        for top in range(surface, height, surface):
            page.paste(head_again, (0, top))
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("height", [HEIGHT, 1200, 1700])
def test_a_page_that_begins_again_is_seen(height: int) -> None:
    assert begins_again(drawn(height, SURFACE))
    assert not begins_again(drawn(height))


def test_an_empty_page_and_one_with_empty_borders_are_no_repetition() -> None:
    assert not begins_again(drawn(HEIGHT, head=0))
    out = io.BytesIO()
    Image.new("RGB", (200, HEIGHT), "white").save(out, "PNG")
    assert not begins_again(out.getvalue())


class Session:
    """DevTools that give these pictures, the last one for ever."""

    def __init__(self, *pictures: bytes) -> None:
        self.pictures, self.asked = list(pictures), 0

    async def send(self, method: str, _: dict[str, Any] | None = None) -> dict[str, Any]:
        if method == "Page.getLayoutMetrics":
            return {"cssContentSize": {"width": WIDTH, "height": HEIGHT}}
        self.asked += 1
        content = self.pictures.pop(0) if len(self.pictures) > 1 else self.pictures[0]
        return {"data": base64.b64encode(content).decode()}


def taken(session: Session) -> tuple[list[bytes], list[str]]:
    camera = Camera(cast("Page", None), cast("CDPSession", session))
    artifacts, missing = asyncio.run(camera.take(""))
    return [one.content for one in artifacts], [one.cause for one in missing]


def test_a_false_picture_is_taken_again() -> None:
    session = Session(drawn(HEIGHT, SURFACE), drawn(HEIGHT))
    assert taken(session) == ([drawn(HEIGHT)], [])
    assert session.asked == 2


def test_a_picture_that_stays_false_is_missing_and_that_is_said() -> None:
    assert taken(Session(drawn(HEIGHT, SURFACE))) == ([], ["截图失败：浏览器 3 次都把页首重复画在页尾"])


@pytest.mark.browser
def test_the_window_is_larger_than_the_screen_and_the_screen_stays_the_same() -> None:
    async def seen() -> tuple[str, str]:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(**launch_options(Settings(), "http://127.0.0.1:9"))
            page = await (await browser.new_context(**context_options("x"))).new_page()
            session = await page.context.new_cdp_session(page)
            await Camera(page, session).make_room()
            shown = await page.evaluate("JSON.stringify([innerWidth, innerHeight])")
            window = await session.send("Browser.getWindowForTarget")
            await browser.close()
            return str(shown), json.dumps(window["bounds"])

    screen, window = asyncio.run(seen())
    assert json.loads(screen) == [WIDTH, HEIGHT]
    assert json.loads(window)["height"] > HEIGHT + 87
