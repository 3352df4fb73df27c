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

SCRAPY_LOST = "header order and spelling, status text; chunk marks; cookies and tokens are removed"
# Evidence proves what a site shows to anybody: a session is not part of that, and whoever holds it could use it.
_SECRET = re.compile(
    r"^(cookie|set-cookie2?|authorization|proxy-authorization)$|token|session|csrf|api-?key", re.I
)
REMOVED = "[removed]"


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
