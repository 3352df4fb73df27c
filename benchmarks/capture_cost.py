"""What a capture costs beside a bare Playwright page load with a full-page screenshot of the same page.

- Time for wire, DOM, text and picture: at most 1.3 times the bare load and picture; two tabs on either side.
- Memory of Chromium while it captures: at most 1.2 GiB (proportional set size of all its processes).

The page is that of performance.md, section 8, without its font: 210 KB of script, 40 answers in JSON, 40 pictures of
100 KB, some 7,000 px high. Each page has its own addresses (nothing comes out of a cache). Each round measures both
sides within seconds of each other, the other one first each time, and is one ratio: other work on the machine meets
both. Their median counts, after a round that warms both browsers and counts for nothing. Scrapy's own part is not in
it: it is the same for a page that is only read.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
from PIL import Image
from playwright.async_api import Browser, BrowserContext, async_playwright

from core.settings import Settings
from crawler.browser import context_options, launch_options
from crawler.egress import Egress
from crawler.gate import Gate
from crawler.politeness import Pacer
from crawler.visit import Visit, Wish

RATIO, MEMORY = 1.3, 1.2 * 2**30
ROUNDS, PAGES, TABS = 9, 4, 2
ITEMS = 40
_COMPLETE = "n => document.images.length === n && [...document.images].every(image => image.complete)"
_WORDS = ("家教", "数学", "一对一", "function", "return", "上门", "辅导", "var", "价格", "电话")


def _script() -> bytes:
    chance = random.Random(1)
    padding = " ".join(chance.choices(_WORDS, k=35_000))[:150_000]
    work = (
        "for (let n = 0; n < 40; n++) fetch(base + '/json/' + n).then(r => r.json()).then(item => {"
        "const row = document.createElement('div'); row.style = 'height:170px;overflow:hidden';"
        "const image = new Image(220, 165); image.src = base + '/jpg/' + n; row.append(image, item.text);"
        "document.body.append(row); });"
    )
    return f"/* {padding} */ const base = location.pathname; {work}".encode()


def _picture() -> bytes:
    noise = Image.frombytes("RGB", (300, 225), random.Random(2).randbytes(300 * 225 * 3))
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=88)
    return out.getvalue()


class Site(BaseHTTPRequestHandler):
    """`/N` is a page; its parts lie below it. Answers as a site and as the proxy that the town is."""

    protocol_version = "HTTP/1.1"
    script, picture = _script(), _picture()

    def do_GET(self) -> None:
        path = "/" + self.path.split("/", 3)[3] if self.path.startswith("http://") else self.path
        kind, body = self._found(path)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _found(self, path: str) -> tuple[str, bytes]:
        if "/json/" in path:
            return "application/json", json.dumps({"text": "上门家教 一对一 " * 40}).encode()
        if "/jpg/" in path:
            return "image/jpeg", self.picture
        if path.endswith(".js"):
            return "text/javascript", self.script
        html = f"<html><head><meta charset=utf-8><title>x</title></head><body><script src={path}/a.js></script></body></html>"
        return "text/html", html.encode()

    def log_message(self, *_: object) -> None:
        """Silent."""


async def _bare(context: BrowserContext, address: str) -> int:
    page = await context.new_page()
    # The least that a picture of this page needs, and nothing is waited for beyond it.
    await page.goto(address, wait_until="load")
    await page.wait_for_function(_COMPLETE, arg=ITEMS)
    picture = await page.screenshot(full_page=True)
    await page.close()
    return len(picture)


async def _guard(_url: str, _kind: str) -> str | None:
    return None


async def _captured(context: BrowserContext, address: str) -> int:
    visit = Visit(Wish(None, 8_000_000, 0.0, picture=True), _guard, lambda _url: None)
    page = await context.new_page()
    options = visit.meta("bench")
    await options["playwright_page_init_callback"](page, None)
    await page.goto(address, **options["playwright_page_goto_kwargs"])
    await visit.after_commit(page)
    capture = visit.capture(address, {})
    await page.close()
    assert len(capture.exchanges) == 2 + 2 * ITEMS, (len(capture.exchanges), capture.missing)
    assert {item.role for item in capture.artifacts} == {"dom", "text", "screenshot"}
    return next(len(item.content) for item in capture.artifacts if item.role == "screenshot")


async def _round(work: Callable[[str], Awaitable[int]], addresses: list[str]) -> tuple[float, int]:
    began, sizes = time.perf_counter(), list[int]()

    async def tab() -> None:
        while addresses:
            sizes.append(await work(addresses.pop()))

    await asyncio.gather(*(tab() for _ in range(TABS)))
    return time.perf_counter() - began, sizes[0]


def _memory(browser_parent: int) -> int:
    """Proportional set size of all Chromium processes below this one, in bytes."""
    total = 0
    for child in psutil.Process(browser_parent).children(recursive=True):
        try:
            if "chrom" in child.name():
                total += child.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue  # it ended while it was asked
    return total


async def _watch(peak: list[int]) -> None:
    while True:
        peak[0] = max(peak[0], await asyncio.to_thread(_memory, os.getpid()))
        await asyncio.sleep(0.3)


@dataclass
class Measured:
    """Seconds a page of each round (ours, bare), sizes of the two pictures, and Chromium's peak in bytes."""

    seconds: list[tuple[float, float]] = field(default_factory=list)
    sizes: tuple[int, int] = (0, 0)
    peak: int = 0

    @property
    def ratios(self) -> list[float]:
        """Of each round, sorted."""
        return sorted(ours / bare for ours, bare in self.seconds)


async def measure(port: int) -> Measured:
    """Both sides in turns, then the memory of ours alone."""
    found = Measured()
    egress = Egress(Gate(f"127.0.0.1:{port}"), Pacer(0), 8_000_000)
    await egress.start()
    async with async_playwright() as playwright:
        settings = Settings()
        watched: Browser = await playwright.chromium.launch(**launch_options(settings, egress.url))
        plain = launch_options(settings, egress.url) | {"args": []}
        bare = await playwright.chromium.launch(**plain)
        own = await watched.new_context(**context_options("bench"))
        other = await bare.new_context(viewport={"width": 1366, "height": 900})

        async def ours(number: int) -> tuple[float, int]:
            return await _round(lambda url: _captured(own, url), _addresses("http://bench.test", number))

        async def theirs(number: int) -> tuple[float, int]:
            place = f"http://127.0.0.1:{port}"
            return await _round(lambda url: _bare(other, url), _addresses(place, number, "x"))

        for number in range(ROUNDS + 1):
            if number % 2:
                mine, its = await ours(number), await theirs(number)
            else:
                its, mine = await theirs(number), await ours(number)
            if number:
                found.seconds.append((mine[0] / PAGES, its[0] / PAGES))
            found.sizes = (mine[1], its[1])
        await bare.close()  # memory is that of one browser
        # Being watched costs time: this round counts for memory only.
        peak = [0]
        watching = asyncio.ensure_future(_watch(peak))
        await ours(ROUNDS + 1)
        watching.cancel()
        found.peak = peak[0]
        await watched.close()
    await egress.close()
    return found


def _addresses(place: str, number: int, ending: str = "") -> list[str]:
    return [f"{place}/{number}{'abcdefghij'[page]}{ending}" for page in range(PAGES)]


def run() -> tuple[float, float]:
    """The ratio of times and the peak of memory in bytes; prints what they are made of."""
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__)), "serve"], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
    )  # fmt: skip
    try:
        assert server.stdout is not None
        found = asyncio.run(measure(int(server.stdout.readline())))
    finally:
        server.kill()
        server.wait()
    own, other = (statistics.median(side) for side in zip(*found.seconds, strict=True))
    ratios = found.ratios
    sys.stdout.write(
        f"capture {own:.2f} s a page, bare load and picture {other:.2f} s ({TABS} tabs, median of {ROUNDS}); ratio "
        f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}); pictures {found.sizes[0] / 2**20:.1f} "
        f"and {found.sizes[1] / 2**20:.1f} MiB; Chromium {found.peak / 2**20:.0f} MiB\n"
    )
    return statistics.median(ratios), float(found.peak)


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
        print(site.server_address[1], flush=True)
        site.serve_forever()
    ratio, memory = run()
    sys.exit(0 if ratio <= RATIO and memory <= MEMORY else 1)
