"""The one spider: reads a Source, hands in posts with their captures, takes the second looks that are asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any, Literal
from urllib.parse import urlsplit

import scrapy
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure
from w3lib.url import canonicalize_url

from core.errors import PageChanged
from core.model import Capture, Missing, Post
from crawler import captures, failures, reveal, walls
from crawler import page as pages
from crawler import reading as read
from crawler.circumstances import Circumstances, of_run
from crawler.looks import CHINESE, SecondLooks
from crawler.memory import Known
from crawler.outfit import Outfit
from crawler.politeness import ObeyRobots, RunEnds
from crawler.retakes import Retakes
from crawler.revisits import NOT_MODIFIED, Revisits
from crawler.visit import Visit, wish_for


class PatrolSpider(scrapy.Spider):
    """One run of one source."""

    name = "wangxun"
    robots: ObeyRobots | None = None

    def __init__(self, outfit: Outfit) -> None:
        super().__init__()
        self.source, self.intake, self.egress = outfit.source, outfit.intake, outfit.egress
        self.ending = outfit.ending
        self.pacer, self.agent, self.only = outfit.pacer, outfit.agent, outfit.only
        self._lists = outfit.lists or self.source.start
        self.counts, self.trouble = outfit.tally.counts, outfit.tally.trouble
        self._yield, self._witness, self._revisits = outfit.tally.fields, outfit.witness, Revisits(outfit)
        self.sheet = Circumstances(of_run(self.source, self.agent, outfit.clock), self.egress, self.pacer)
        browser = partial(self._browser, picture=True, kind="post")
        self._looks = SecondLooks(outfit, self.sheet, browser, self._fetched)
        self._again = outfit.again and Retakes(outfit, outfit.again, self.sheet, self._looks)
        self._cut = False
        self._closed: set[str] = set()
        self._asked: set[str] = set()

    async def start(self) -> AsyncIterator[Request]:
        """What is tried again, alone; else the looks still pending, then the one address of a visit, or the lists."""
        await self.egress.start()
        if self._again:
            for request in self._again.requests():
                yield request
            return
        for finding_id, url in await self.intake.pending_looks():
            for request in self._looks.request(finding_id, url):
                yield request
        for url in self.only or self._lists:
            for request in self._visit(url, "post" if self.only else "list"):
                yield request

    def _visit(
        self, url: str, kind: Literal["list", "post"], known: Known | None = None, updated: str = ""
    ) -> list[Request]:
        """The request for a page, unless this run has asked for it already; a known page only if it changed."""
        if (page := canonicalize_url(url)) in self._asked:
            return []
        self._asked.add(page)
        meta: dict[str, Any] = {"kind": kind, "asked": page, "updated": updated}
        if self.source.browser and kind in self.source.browser.pages:
            meta |= self._browser(picture=False, kind=kind)
            known = None  # the browser's page is drawn anew: no validator speaks for it
        if known:
            meta |= {"known": known, "handle_httpstatus_list": [NOT_MODIFIED]}
        callback = self.parse_list if kind == "list" else self.parse_post
        # Not Scrapy's filter: it swallows the second of two posts that lead to one log-in page without a word.
        # Posts first: what a list promised may be gone when all lists have been read.
        return [
            Request(
                url, callback, errback=self.failed, meta=meta, priority=10 if kind == "post" else 0,
                headers=known.headers if known else None, dont_filter=True,
            )
        ]  # fmt: skip

    def _browser(self, picture: bool, kind: str) -> dict[str, Any]:
        return Visit(wish_for(self.source, picture, kind), self.guard, self.turn).meta(self.agent)

    async def guard(self, url: str, resource: str) -> str | None:
        """Asked by the browser before a request leaves: why it must not, or None."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            return None if parts.scheme in ("data", "blob", "about") else f"不是网页地址（{parts.scheme}）"
        if resource == "Document" and self.robots is not None and not await self._allowed(url):
            return "网站规则（robots.txt）不允许"
        self.egress.expect(url)
        return None

    def turn(self, url: str) -> AbstractAsyncContextManager[None] | None:
        """The browser's turn at a site under TLS; plain HTTP is paced at the egress, which sees each request."""
        parts = urlsplit(url)
        return self.pacer.turn((parts.hostname or "").lower()) if parts.scheme == "https" else None

    async def _allowed(self, url: str) -> bool:
        if self.robots is None:
            return True
        try:
            await self.robots.process_request(Request(url))
        except IgnoreRequest:
            return False
        return True

    def _fetched(self, response: Response) -> read.Fetched:
        fetched = read.fetched(response)
        if self._witness:
            self._witness(fetched)
        return fetched

    async def parse_list(self, response: Response) -> AsyncIterator[Request]:
        """Posts first, then the next list page; both within the run's budget of pages."""
        self.counts["pages"] += 1
        page = self._fetched(response).page()
        try:
            found = read.read_list(page, self.source)
        except PageChanged as error:
            self._changed(page, error)
            return
        if not isinstance(found, pages.Links):
            self._walled(page.url, found)
            return
        for link in found.broken:
            self.trouble("warning", f"列表里的链接不是有效的网址，已略过：{link[:200]!r}", page.url)
        for url in found.posts:
            for request in await self._listed(url, found.updated.get(url, "")):
                yield request
        for request in self._budgeted(found.next, "list") if found.next else ():
            yield request

    async def _listed(self, url: str, updated: str) -> list[Request]:
        """A post that a list names: passed over when the list itself says that it is as it was."""
        known = await self._revisits.known(url)
        if known and updated and known.updated == updated:
            await self._revisits.unchanged(known, "not_asked")
            self._asked.add(canonicalize_url(url))
            return []
        return self._budgeted(url, "post", known, updated)

    def _budgeted(
        self, url: str, kind: Literal["list", "post"], known: Known | None = None, updated: str = ""
    ) -> list[Request]:
        if len(self._asked) < self.source.budget.pages:
            return self._visit(url, kind, known, updated)
        if not self._cut:
            self._cut = True
            self.trouble("warning", f"已达本次页数上限 {self.source.budget.pages}")
        return []

    async def parse_post(self, response: Response) -> AsyncIterator[Request]:
        """Each post of the page is taken in; those that need it get their second look in this run."""
        self.counts["pages"] += 1
        if response.status == NOT_MODIFIED:
            for request in await self._not_modified(response):
                yield request
            return
        fetched = self._fetched(response)
        if found := self._posts(fetched):
            capture = captures.of_response(response, self.sheet)
            found = tuple(captures.with_digests(post, capture) for post in found)
            self._yield.read(found)
            async for request in self._each(response, fetched, found, capture):
                yield request

    async def _each(
        self, response: Response, fetched: read.Fetched, found: tuple[Post, ...], capture: Capture
    ) -> AsyncIterator[Request]:
        """Takes in the posts of a page, those with a hidden contact only after it was asked for."""
        hidden = reveal.addresses(fetched.page(), self.source) or (None,) * len(found)
        for post, address in zip(found, hidden, strict=True):
            own = captures.with_more(capture, (), captures.without_bytes(post)) if fetched.drawn else capture
            if address is None or await self._revisits.has_read(response.url, post):
                for request in await self._take_in(post, own):
                    yield request
            else:
                yield self._reveal(
                    address, post, own, partial(self._revisits.remember, response, found, True)
                )
        if not any(hidden):
            await self._revisits.remember(response, found)

    def _posts(self, fetched: read.Fetched) -> tuple[Post, ...]:
        page = fetched.page()
        try:
            found = read.read_post(page, self.source, fetched.received_at)
        except PageChanged as error:
            self._yield.unread()
            self._changed(page, error)
            return ()
        if isinstance(found, str):
            self._walled(page.url, found)
            return ()
        if not pages.belongs(page.url, self.source):
            self.trouble("warning", "跳转到别的网站，未作为本站内容读取", page.url)
            return ()
        return found

    def _reveal(self, url: str, post: Post, capture: Capture, done: Callable[[], Awaitable[None]]) -> Request:
        # Not taken in before the answer: the judge is to see the contact. A run that dies here meets the post again.
        meta = {"kind": "reveal", "post": post, "capture": capture, "done": done}
        return Request(
            url, self.parse_reveal, errback=self.reveal_failed, meta=meta, priority=15, dont_filter=True
        )  # fmt: skip

    async def parse_reveal(self, response: Response) -> AsyncIterator[Request]:
        """What stood behind the click becomes the post's contacts; the answer belongs to its evidence."""
        rule, post = self.source.post.reveal, response.meta["post"]
        assert rule is not None  # noqa: S101 - the request was made by this rule
        found = reveal.contacts(self._fetched(response).page(), rule)
        self.counts["revealed"] += bool(found)
        lacking = () if found else (Missing(role="contact", cause="点击后没有给出联系方式"),)
        capture = captures.with_more(response.meta["capture"], response.meta.get("exchanges", ()), lacking)
        post = post.model_copy(update={"contacts": tuple(dict.fromkeys((*post.contacts, *found)))})
        for request in await self._take_in(post, capture):
            yield request
        if found:
            await response.meta["done"]()

    async def reveal_failed(self, failure: Failure) -> AsyncIterator[Request]:
        """The post is taken in without its hidden contact, and its evidence says why."""
        if isinstance(failure.value, RunEnds):
            return  # not taken in without its contact: the next run meets it again and asks
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        said = self._note(failure)
        capture = captures.with_more(
            request.meta["capture"],
            (),
            (Missing(role="contact", cause=f"点击后的联系方式未取得：{said}"[:300]),),
        )
        for follow in await self._take_in(request.meta["post"], capture):
            yield follow

    async def _take_in(self, post: Post, capture: Capture) -> list[Request]:
        taken = await self.intake.take_in(post, capture)
        self.counts["posts"] += 1
        self.counts[taken.outcome] += 1
        if taken.needs_look and taken.finding_id:
            return self._looks.request(taken.finding_id, post.url)
        return []

    async def _not_modified(self, response: Response) -> list[Request]:
        meta = response.meta
        if canonicalize_url(response.url) == meta["asked"]:
            await self._revisits.unchanged(meta["known"], "not_modified")
            return []
        # Another page answered for it: that one may be as old as it likes.
        self._asked.discard(meta["asked"])
        return self._visit(meta["asked"], "post", None, meta["updated"])

    async def failed(self, failure: Failure) -> None:
        """Everything that brought no page: counted by kind. A finding's post that is gone is written down."""
        if isinstance(failure.value, RunEnds):
            return  # the page said nothing; the next run asks for it
        self._note(failure)
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        if isinstance(failure.value, HttpError) and request.meta["kind"] == "post":
            response = failure.value.response
            if response.status in failures.GONE:
                capture = captures.of_response(response, self.sheet)
                url = request.meta.get("redirect_urls", [request.url])[0]
                await self.intake.gone(url, response.status, capture)

    def _note(self, failure: Failure) -> str:
        kind, said = failures.told(failure.value, self.source.budget.body_bytes)
        self.counts[kind] += 1
        self._note_robots()
        if kind not in failures.QUIET:
            self.trouble("warning", said, failure.request.url)  # type: ignore[attr-defined]  # Scrapy puts it there
        return said

    def _note_robots(self) -> None:
        """A robots.txt that could not be had closes the whole host: that is told once."""
        for host, error in self.robots.unreached.items() if self.robots else ():
            if host not in self._closed:
                self._closed.add(host)
                why = failures.told(error, self.source.budget.body_bytes)[1]
                self.trouble("warning", f"{host} 的 robots.txt 取不到，按全部禁止处理：{why}")

    def _changed(self, page: pages.Page, error: PageChanged) -> None:
        self.counts["page_changed"] += 1
        self.trouble("warning", str(error), page.url)

    def _walled(self, url: str, wall: walls.Wall) -> None:
        self.counts[wall] += 1
        self.trouble("warning", CHINESE[wall], url)
