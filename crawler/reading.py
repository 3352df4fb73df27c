"""From received bytes to what a page says: links, posts, or the wall that stood there. Pure functions, no network.

The spider and the saved cases (`crawler.cases`) read through the same functions, so a case proves what a run does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from scrapy.http import Response

from core.errors import PageChanged
from core.model import Post
from core.source import Source
from crawler import page as pages
from crawler import walls

Kind = Literal["list", "post", "reveal"]


@dataclass(frozen=True)
class Fetched:
    """A page as received; `drawn` says that `body` is the browser's document, in UTF-8. `date` is the Date header."""

    kind: Kind
    url: str
    content_type: str
    date: str
    body: bytes
    received_at: datetime
    drawn: bool = False

    def page(self) -> pages.Page:
        """The page decoded. A drawn page is text already: its charset was the browser's business."""
        claim = "charset=utf-8" if self.drawn else self.content_type
        return pages.load(self.url, claim, self.date, self.body, self.received_at)


def header(response: Response, name: str) -> str:
    """A header's value; "" when it was not sent."""
    return (response.headers.get(name) or b"").decode("latin-1")


def fetched(response: Response) -> Fetched:
    """What came as an answer to one of the spider's requests, with or without browser."""
    drawn = "playwright" in response.flags
    body = response.text.encode("utf-8", "replace") if drawn else response.body
    kind: Kind = "post" if response.meta["kind"] == "look" else response.meta["kind"]
    claim, date = header(response, "Content-Type"), header(response, "Date")
    return Fetched(kind, response.url, claim, date, body, datetime.now(UTC), drawn)


def read_list(page: pages.Page, source: Source) -> pages.Links | walls.Wall:
    """The links of a list page, or the wall in its place. Raises PageChanged when it is neither."""
    try:
        found = pages.links(page, source)
        if not found.posts:
            raise PageChanged(f"{page.url}: 列表页上没有帖子")
    except PageChanged:
        if wall := walls.without_post(page):
            return wall
        raise
    return found


def read_post(page: pages.Page, source: Source, seen_at: datetime) -> tuple[Post, ...] | walls.Wall:
    """The posts of a post page, or the wall in its place. Raises PageChanged when it is neither."""
    try:
        found = pages.posts(page, source, seen_at)
    except PageChanged:
        if wall := walls.without_post(page):
            return wall
        raise
    return walls.around_post(page, found[0].body) or found
