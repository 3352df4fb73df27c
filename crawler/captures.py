"""What a look at a page leaves behind: the Capture of a fetch or a visit, and the digests of the post's own pictures."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from core.model import Capture, Exchange, Missing, Post
from crawler.circumstances import Circumstances, times
from crawler.visit import Visit

_LOCATION = re.compile(rb"^location:\s*(\S+)", re.I | re.M)
_MOST_HOPS = 5  # as many as Scrapy follows (REDIRECT_MAX_TIMES)


def of_response(response: Response, sheet: Circumstances) -> Capture:
    """The capture of a page that was just read, with or without browser, its provenance sheet filled in."""
    visit = response.meta.get("visit")
    if isinstance(visit, Visit):
        return of_visit(visit, response.url, sheet)
    exchanges: tuple[Exchange, ...] = tuple(response.meta.get("exchanges", ()))
    started = exchanges[0].at if exchanges else datetime.now(UTC)
    capture = Capture(
        url=response.url, started_at=started, ended_at=datetime.now(UTC), exchanges=exchanges,
        provenance=sheet.common,
    )  # fmt: skip
    # Scrapy hands on the site's own certificate and not the chain above it; the browser's look has the whole chain.
    own = response.certificate
    chain = {urlsplit(response.url).netloc: (bytes(own.dump()),)} if own else {}
    return sheet.complete(capture, chain, "tls-leaf-scrapy")


def of_visit(visit: Visit, url: str, sheet: Circumstances) -> Capture:
    """What the browser saw, its provenance sheet filled in."""
    capture = visit.capture(url, sheet.common)
    return sheet.complete(capture, visit.certificates, "tls-chain-devtools", visit.browser_version)


def with_more(capture: Capture, exchanges: Iterable[Exchange], missing: Iterable[Missing] = ()) -> Capture:
    """The capture with what a later request of the same look brought or failed to bring."""
    longer = capture.model_copy(
        update={
            "exchanges": (*capture.exchanges, *exchanges),
            "missing": (*capture.missing, *missing),
            "ended_at": datetime.now(UTC),
        }
    )
    return longer.model_copy(update={"provenance": capture.provenance | times(longer)})


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
        Missing(role="picture", cause=f"图片没有收到：{picture.url[:200]}", url=picture.url)
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
