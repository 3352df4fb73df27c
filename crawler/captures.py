"""What a look at a page leaves behind: the Capture of a fetch or a visit, and the digests of the post's own pictures."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urljoin

import scrapy
from scrapy.http import Response

from core.model import Capture, Exchange, Missing, Post
from core.source import Source
from crawler.browser import Visit

_LOCATION = re.compile(rb"^location:\s*(\S+)", re.I | re.M)
_MOST_HOPS = 5  # as many as Scrapy follows (REDIRECT_MAX_TIMES)


def provenance(source: Source, agent: str) -> dict[str, str]:
    """How the source was read, for the manifest."""
    return {
        "user_agent": agent, "source": source.id, "basis": source.basis,
        "pace_seconds": str(source.pace.delay), "scrapy": scrapy.__version__,
        "robots": "obeyed" if source.robots == "obey" else f"agreement {source.robots.reference}",
    }  # fmt: skip


def of_response(response: Response, how: dict[str, str]) -> Capture:
    """The capture of a page that was just read, with or without browser."""
    visit = response.meta.get("visit")
    if isinstance(visit, Visit):
        return visit.capture(response.url, how)
    exchanges: tuple[Exchange, ...] = tuple(response.meta.get("exchanges", ()))
    started = exchanges[0].at if exchanges else datetime.now(UTC)
    return Capture(
        url=response.url, started_at=started, ended_at=datetime.now(UTC), exchanges=exchanges, provenance=how
    )  # fmt: skip


def with_more(capture: Capture, exchanges: Iterable[Exchange], missing: Iterable[Missing] = ()) -> Capture:
    """The capture with what a later request of the same look brought or failed to bring."""
    return capture.model_copy(
        update={
            "exchanges": (*capture.exchanges, *exchanges),
            "missing": (*capture.missing, *missing),
            "ended_at": datetime.now(UTC),
        }
    )


def with_digests(post: Post, capture: Capture) -> Post:
    """The post with the SHA-256 of each of its pictures whose bytes the capture holds."""
    if not post.pictures:
        return post
    received = {exchange.url: exchange for exchange in capture.exchanges}
    pictures = tuple(
        picture.model_copy(update={"sha256": _digest(picture.url, received)}) for picture in post.pictures
    )
    return post.model_copy(update={"pictures": pictures})


def without_bytes(post: Post) -> tuple[Missing, ...]:
    """One line for each picture of a drawn post whose bytes did not come."""
    return tuple(
        Missing(role="picture", cause=f"图片没有收到：{picture.url[:200]}")
        for picture in post.pictures
        if picture.sha256 is None
    )


def _digest(url: str, received: dict[str, Exchange]) -> str | None:
    for _ in range(_MOST_HOPS):
        exchange = received.get(url)
        if exchange is None:
            return None
        status = exchange.response_head.split(b" ", 2)[1:2]
        if status == [b"200"]:
            return hashlib.sha256(exchange.body).hexdigest() if exchange.body else None
        moved = _LOCATION.search(exchange.response_head)
        if not moved:
            return None
        url = urljoin(url, moved.group(1).decode("latin-1"))
    return None
