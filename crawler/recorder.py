"""What was sent and received, kept before anybody unpacks it.

Scrapy's answers are recorded at the download handler, below its decompression; the browser's by
`crawler.browser_recorder`. What is lost either way is said in `Exchange.rebuilt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from core.model import Exchange

BROWSER_LOST = (
    "rebuilt from DevTools Fetch: body unpacked, charset as sent; header order and spelling, status text, bodies of"
    " requests; cookies and tokens are removed"
)
SCRAPY_LOST = "header order and spelling, status text; chunk marks; cookies and tokens are removed"
# Evidence proves what a site shows to anybody: a session is not part of that, and whoever holds it could use it.
_SECRET = re.compile(
    r"^(cookie|set-cookie2?|authorization|proxy-authorization)$|token|session|csrf|api-?key", re.I
)
REMOVED = "[removed]"
_WITHOUT_BODY = frozenset((204, 304))  # whatever length they announce (RFC 9110, section 8.6)


def head(first: str, fields: Iterable[tuple[str, str]], unpacked: bool = False) -> bytes:
    """Raw HTTP/1.1 head bytes. `unpacked` renames the fields that no longer describe the body."""
    lines = [first]
    for name, value in fields:
        lower = name.lower()
        if _SECRET.search(lower):
            value = REMOVED
        if lower == "transfer-encoding" or (unpacked and lower in ("content-encoding", "content-length")):
            name = f"X-Original-{name}"
        # A value with line breaks would forge further fields; DevTools joins repeated ones that way.
        lines += [f"{name}: {part}" for part in value.splitlines() or [""]]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace")


def status_line(status: int) -> str:
    """A status line; its text is the registered one, since neither source gives the sent one."""
    try:
        return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP/1.1 {status} "


def body_length(status: int, method: str, fields: Iterable[tuple[str, str]]) -> int:
    """The bytes that the body must have; 0 where the head does not say: of a packed body it counts the packed bytes."""
    told = {name.lower(): value.strip().lower() for name, value in fields}
    length = told.get("content-length", "")
    packed = told.get("content-encoding", "identity") != "identity"
    if status in _WITHOUT_BODY or method == "HEAD" or packed or not length.isdecimal():
        return 0
    return int(length)


def request_line(method: str, url: str) -> str:
    """Origin form, whatever way the request took."""
    parts = urlsplit(url)
    return f"{method} {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1"


def _fields(headers: Any) -> list[tuple[str, str]]:
    return [
        (key.decode("latin-1"), value.decode("latin-1"))
        for key, values in headers.items()
        for value in values
    ]


def from_scrapy(request: Request, response: Response, at: datetime) -> Exchange:
    """The exchange as Scrapy's download handler saw it."""
    asked = [("Host", urlsplit(request.url).netloc), *_fields(request.headers)]
    return Exchange(
        url=request.url, at=at, request_head=head(request_line(request.method, request.url), asked),
        response_head=head(status_line(response.status), _fields(response.headers)), body=response.body,
        rebuilt=SCRAPY_LOST,
    )  # fmt: skip


def received(event: dict[str, Any]) -> list[tuple[str, str]]:
    """The answer's fields, as a DevTools Fetch event has them."""
    return [(str(one["name"]), str(one["value"])) for one in event.get("responseHeaders", ())]


def from_devtools(event: dict[str, Any], url: str, body: bytes, at: datetime) -> Exchange:
    """The exchange as DevTools showed it at the response stage."""
    asked = event["request"]
    fields = [
        ("Host", urlsplit(url).netloc),
        *((str(key), str(value)) for key, value in asked["headers"].items()),
    ]
    return Exchange(
        url=url, at=at, request_head=head(request_line(str(asked["method"]), url), fields),
        response_head=head(status_line(int(event["responseStatusCode"])), received(event), unpacked=True), body=body,
        rebuilt=BROWSER_LOST,
    )  # fmt: skip
