"""Pace, waiting when told to wait, robots.txt: the site's say in how it is visited."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from core.errors import SourceRefused
from core.model import Exchange

# Each host's robots.txt as it was answered, or in words why it could not be had.
Rules = dict[str, "Exchange | str"]
# A site that asks for more than ten minutes has closed for this run; the next run comes by its schedule.
LONGEST_WAIT = 600.0
# Told to slow down without a time: a minute is what the large sites' own documents ask for.
UNSAID_WAIT = 60.0
DISALLOW_ALL = b"User-agent: *\nDisallow: /"


class RunEnds(IgnoreRequest):
    """The run was told to end before the answer came: that says nothing of the page."""


def retry_after(value: str, now: datetime) -> float:
    """Seconds to wait by a Retry-After header (RFC 9110, 10.2.3: seconds or a date); UNSAID_WAIT when unreadable."""
    if (said := value.strip()).isascii() and said.isdecimal():  # "²" is a digit to Python, and no number
        return float(said)
    try:
        moment = parsedate_to_datetime(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - now).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return UNSAID_WAIT


@dataclass
class Used:
    """How often a host was asked since the run began, and how near two requests came to each other."""

    requests: int = 0
    last: float = 0.0
    nearest: float | None = None

    def again(self, now: float) -> None:
        """A request leaves now."""
        if self.requests:
            gap = now - self.last
            self.nearest = gap if self.nearest is None else min(self.nearest, gap)
        self.requests, self.last = self.requests + 1, now

    def __str__(self) -> str:
        least = "" if self.nearest is None else f", never nearer than {self.nearest:.2f} s"
        return f"{self.requests} requests since the run began{least}"


class Pacer:
    """One for the process, shared by Scrapy and browser, keyed by host.

    A turn is held from sending until the answer begins, and the delay counts from there. So two requests are never
    nearer to each other *at the site* than the delay, however busy this machine or the network is.
    """

    def __init__(self, delay: float, clock: Callable[[], float] = monotonic) -> None:
        self.delay = delay
        self._clock = clock
        self._next: defaultdict[str, float] = defaultdict(float)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.used: dict[str, Used] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Waits for this host's turn; the next one comes `delay` seconds after the block ends."""
        async with self._locks[host]:
            # Again and again, because hold() may move the time while we wait.
            while (wait := self._next[host] - self._clock()) > 0:  # noqa: ASYNC110 - a time is waited for, not an event
                await asyncio.sleep(wait)
            self.used.setdefault(host, Used()).again(self._clock())
            try:
                yield
            finally:
                self._next[host] = max(self._next[host], self._clock() + self.delay)

    def hold(self, host: str, seconds: float) -> None:
        """Nobody asks this host for so many seconds, LONGEST_WAIT at most."""
        self._next[host] = max(self._next[host], self._clock() + min(seconds, LONGEST_WAIT))


class ObeyRobots(RobotsTxtMiddleware):
    """Scrapy's robots.txt, with RFC 9309 for what Scrapy lets pass.

    An unreachable robots.txt forbids everything (2.3.1.4), one that is not there (4xx) allows everything (2.3.1.3).
    `unreached`: the hosts whose robots.txt could not be had, and why. `answers`: what the others said.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.unreached: dict[str, Exception] = {}
        self.answers: Rules = {}

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        kept = response.meta.get("exchanges", ())
        self.answers[netloc] = kept[-1] if kept else f"HTTP {response.status}"
        if response.status >= 500 or response.status == 429:
            self.unreached[netloc] = SourceRefused(f"HTTP {response.status}")
            response = response.replace(body=DISALLOW_ALL)
        elif response.status >= 400:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if not isinstance(exc, RunEnds):  # told to end: the site was not heard, which is no fault of its own
            self.unreached[netloc] = exc
        self.answers[netloc] = f"not had: {type(exc).__name__}"
        waiting: Any = self._parsers[netloc]
        parser = self._parserimpl.from_crawler(self.crawler, DISALLOW_ALL)
        self._parsers[netloc] = parser
        waiting.callback(parser)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ObeyRobots:
        """Kept within reach of the browser's guard: a drawn page may navigate by itself."""
        middleware = cls(crawler)
        if crawler.spider is not None:
            spider: Any = crawler.spider
            spider.robots, spider.sheet.rules = middleware, middleware.answers
        return middleware
