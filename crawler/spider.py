"""The one spider: reads a Source, hands in posts with their captures, takes the second looks that are asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

import scrapy
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure
from w3lib.url import canonicalize_url

from core.errors import NotFound, PageChanged
from core.model import Capture, Post
from crawler import page as pages
from crawler import walls
from crawler.browser import Visit
from crawler.outfit import Outfit
from crawler.politeness import ObeyRobots

_GONE = (404, 410)


class PatrolSpider(scrapy.Spider):
    """One run of one source."""

    name = "wangxun"
    robots: ObeyRobots | None = None

    def __init__(self, outfit: Outfit) -> None:
        super().__init__()
        self.source, self.intake, self.egress = outfit.source, outfit.intake, outfit.egress
        self.pacer, self.agent, self.only = outfit.pacer, outfit.agent, outfit.only
        self.counts, self.trouble = outfit.tally.counts, outfit.tally.trouble
        self._cut = False
        self._asked: set[str] = set()
        self._looked: set[str] = set()

    async def start(self) -> AsyncIterator[Request]:
        """The looks still pending first; then the one address of a visit, or the lists."""
        await self.egress.start()
        for finding_id, url in await self.intake.pending_looks():
            for request in self._look(finding_id, url):
                yield request
        for url in self.only or self.source.start:
            for request in self._visit(url, "post" if self.only else "list"):
                yield request

    def _visit(self, url: str, kind: Literal["list", "post"]) -> list[Request]:
        """The request for a page, unless this run has asked for it already."""
        if (page := canonicalize_url(url)) in self._asked:
            return []
        self._asked.add(page)
        meta: dict[str, Any] = {"kind": kind}
        if self.source.browser and kind in self.source.browser.pages:
            meta |= self._browser(picture=False, kind=kind)
        callback = self.parse_list if kind == "list" else self.parse_post
        # Not Scrapy's filter: it swallows the second of two posts that lead to one log-in page without a word.
        # Posts first: what a list promised may be gone when all lists have been read.
        priority = 10 if kind == "post" else 0
        return [
            Request(url, callback, errback=self.failed, meta=meta, priority=priority, dont_filter=True)
        ]  # fmt: skip

    def _browser(self, picture: bool, kind: str) -> dict[str, Any]:
        rule = self.source.browser
        if rule and kind == "post" and rule.scroll:
            rule = rule.model_copy(update={"scroll": 0})
        if rule and kind not in rule.pages:
            rule = rule.model_copy(update={"wait_for": None})
        if rule and kind == "list":
            rule = rule.model_copy(update={"wait_for": None, "click": None})
        visit = Visit(rule, self.guard, self.source.budget.body_bytes, picture, self.source.pace.delay)
        return visit.meta(self.agent)

    def _look(self, finding_id: str, url: str) -> list[Request]:
        if finding_id in self._looked:
            return []
        self._looked.add(finding_id)
        meta = {
            "kind": "look",
            "finding_id": finding_id,
            "look_url": url,
            **self._browser(picture=True, kind="post"),
        }
        # Each floor of a thread has its own look at the same address, hence no filter.
        request = Request(
            url, callback=self.parse_look, errback=self.failed, meta=meta, priority=20, dont_filter=True
        )  # fmt: skip
        return [request]

    async def guard(self, url: str, resource: str) -> str | None:
        """Asked by the browser before a request leaves: why it must not, or None. Waits for its turn under TLS."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            return None if parts.scheme in ("data", "blob", "about") else f"scheme {parts.scheme}"
        if resource == "Document" and self.robots is not None and not await self._allowed(url):
            return "robots.txt says no"
        if parts.scheme == "https":
            async with self.pacer.turn((parts.hostname or "").lower()):
                pass
        return None

    async def _allowed(self, url: str) -> bool:
        if self.robots is None:
            return True
        try:
            await self.robots.process_request(Request(url))
        except IgnoreRequest:
            return False
        return True

    def _read(self, response: Response) -> pages.Page:
        date = (response.headers.get("Date") or b"").decode("latin-1")
        if "playwright" in response.flags:
            # The drawn page is text already: its charset was the browser's business.
            return pages.load(
                response.url, "charset=utf-8", date, response.text.encode("utf-8", "replace"), _now()
            )
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        return pages.load(response.url, content_type, date, response.body, _now())

    async def parse_list(self, response: Response) -> AsyncIterator[Request]:
        """Posts first, then the next list page; both within the run's budget of pages."""
        self.counts["pages"] += 1
        page = self._read(response)
        try:
            found = pages.links(page, self.source)
        except PageChanged as error:
            self._odd(page, str(error))
            return
        if not found.posts:
            self._odd(page, "列表页上没有帖子")
        for url in found.posts:
            for request in self._budgeted(url, "post"):
                yield request
        for request in self._budgeted(found.next, "list") if found.next else ():
            yield request

    def _budgeted(self, url: str, kind: Literal["list", "post"]) -> list[Request]:
        if len(self._asked) < self.source.budget.pages:
            return self._visit(url, kind)
        if not self._cut:
            self._cut = True
            self.trouble("warning", f"已达本次页数上限 {self.source.budget.pages}")
        return []

    async def parse_post(self, response: Response) -> AsyncIterator[Request]:
        """Each post of the page is taken in; those that need it get their second look in this run."""
        self.counts["pages"] += 1
        page = self._read(response)
        try:
            found = pages.posts(page, self.source, _now())
        except PageChanged as error:
            self._odd(page, str(error))
            return
        if wall := walls.around_post(page, found[0].body):
            self._walled(page.url, wall)
            return
        if not pages.belongs(page.url, self.source):
            self.trouble("warning", "跳转到别的网站，未作为本站内容读取", page.url)
            return
        capture = self._capture(response)
        for post in found:
            for request in await self._take_in(post, capture):
                yield request

    async def _take_in(self, post: Post, capture: Capture) -> list[Request]:
        taken = await self.intake.take_in(post, capture)
        self.counts["posts"] += 1
        self.counts[taken.outcome] += 1
        return self._look(taken.finding_id, post.url) if taken.needs_look and taken.finding_id else []

    async def parse_look(self, response: Response) -> None:
        """The second look: kept when it shows the post's page, missed with its cause when it shows a wall."""
        meta, page = response.meta, self._read(response)
        if wall := walls.without_post(page) if not self._has_post(page) else None:
            self._walled(page.url, wall)
            await self._missed(meta["finding_id"], f"再次访问时遇到{_CHINESE[wall]}")
            return
        visit: Visit = meta["visit"]
        await self._attach(meta["finding_id"], visit.capture(meta["look_url"], self._provenance()))

    def _has_post(self, page: pages.Page) -> bool:
        try:
            return bool(pages.posts(page, self.source, _now()))
        except PageChanged:
            return False

    async def _attach(self, finding_id: str, capture: Capture) -> None:
        try:
            await self.intake.attach(finding_id, capture)
        except NotFound as error:
            self.trouble("warning", str(error), capture.url)
            return
        self.counts["looks"] += 1

    async def _missed(self, finding_id: str, cause: str) -> None:
        self.counts["looks_missed"] += 1
        await self.intake.miss(finding_id, cause)

    async def failed(self, failure: Failure) -> None:
        """Everything that brought no page: counted by kind; a look gets its cause."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        kind, said = self._kind(failure)
        self.counts[kind] += 1
        if kind not in ("disallowed", "gone"):
            self.trouble("warning", said, request.url)
        # A browser that was closed under us (shutdown, crash) says nothing of the page: the look stays pending.
        ours = any(word in said for word in ("new tab", "has been closed", "Connection closed"))
        if request.meta.get("kind") == "look" and not ours:
            await self._missed(request.meta["finding_id"], f"再次访问失败：{said}"[:300])

    def _kind(self, failure: Failure) -> tuple[str, str]:
        error = failure.value
        said = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
        if isinstance(error, HttpError):
            status = error.response.status
            return ("gone" if status in _GONE else "refused"), f"HTTP {status}"
        if isinstance(error, DownloadCancelledError):
            return "too_large", f"页面超过大小上限 {self.source.budget.body_bytes} 字节"
        if isinstance(error, IgnoreRequest):
            return ("disallowed" if "robots" in said else "turned_away"), said
        return "failed", said

    def _odd(self, page: pages.Page, said: str) -> None:
        if wall := walls.without_post(page):
            self._walled(page.url, wall)
            return
        self.counts["page_changed"] += 1
        self.trouble("warning", said, page.url)

    def _walled(self, url: str, wall: walls.Wall) -> None:
        self.counts[wall] += 1
        self.trouble("warning", _CHINESE[wall], url)

    def _capture(self, response: Response) -> Capture:
        if visit := response.meta.get("visit"):
            seen: Capture = visit.capture(response.url, self._provenance())
            return seen
        exchanges = tuple(response.meta.get("exchanges", ()))
        return Capture(
            url=response.url, started_at=exchanges[0].at if exchanges else _now(), ended_at=_now(),
            exchanges=exchanges, provenance=self._provenance(),
        )  # fmt: skip

    def _provenance(self) -> dict[str, str]:
        return {
            "user_agent": self.agent, "source": self.source.id, "basis": self.source.basis,
            "pace_seconds": str(self.source.pace.delay), "scrapy": scrapy.__version__,
            "robots": "obeyed" if self.source.robots == "obey" else f"agreement {self.source.robots.reference}",
        }  # fmt: skip


_CHINESE: dict[str, str] = {"login_wall": "登录墙", "captcha": "验证码页", "blocked": "拦截页"}


def _now() -> datetime:
    return datetime.now(UTC)
