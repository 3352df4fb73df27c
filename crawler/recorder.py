"""What was sent and received, kept before anybody unpacks it.

Scrapy's answers are recorded at the download handler, below its decompression. The browser's are recorded
through the DevTools protocol, Fetch at the response stage: Playwright's own `response.body()` is unpacked and
re-coded text under a header that still says gzip and gbk. What is lost either way is said in `Exchange.rebuilt`.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as BrowserError
from scrapy.http import Request, Response

from core.model import Exchange

SCRAPY_LOST = "header order and spelling, status text; chunk marks; cookies and tokens are removed"
BROWSER_LOST = (
    "rebuilt from DevTools Fetch: body unpacked, charset as sent; header order and spelling, status text;"
    " cookies and tokens are removed"
)
# Evidence proves what a site shows to anybody: a session is not part of that, and whoever holds it could use it.
_SECRET = re.compile(
    r"^(cookie|set-cookie2?|authorization|proxy-authorization)$|token|session|csrf|api-?key", re.I
)
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
Guard = Callable[[str, str], Awaitable[str | None]]
Turn = Callable[[str], "AbstractAsyncContextManager[None] | None"]
# As at the egress: a site that does not begin to answer within a minute is no longer waited for.
_LONGEST_TURN = 60.0


def head(first: str, fields: Iterable[tuple[str, str]], unpacked: bool = False) -> bytes:
    """Raw HTTP/1.1 head bytes. `unpacked` renames the fields that no longer describe the body."""
    lines = [first]
    for name, value in fields:
        lower = name.lower()
        if _SECRET.search(lower):
            value = "[removed]"
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


class BrowserRecorder:
    """Records all that a page of the browser asks for and gets; asks `guard` before each request leaves.

    `guard(url, resource type)` returns why the request must not leave, or None. `turn(url)` is the site's pace where
    nobody further out can keep it (inside TLS), or None; it is held until the answer begins, so that a request which
    this machine was slow to send does not arrive together with the next one.
    """

    def __init__(self, guard: Guard, body_bytes: int, turn: Turn = lambda _url: None) -> None:
        self._guard, self._limit, self._turn = guard, body_bytes, turn
        self._turns: dict[str, AsyncExitStack] = {}
        self._waiting: dict[str, tuple[CDPSession, str]] = {}
        self._endings: set[asyncio.Future[None]] = set()
        self._deadline: asyncio.TimerHandle | None = None
        self._ended = False
        self.exchanges: list[Exchange] = []
        self.lost: list[str] = []
        self.attached = False
        self._answered_somewhere: dict[str, None] = {}

    async def attach(self, page: Page) -> None:
        """Begins; to be called before the first navigation."""
        session = await page.context.new_cdp_session(page)

        async def paused(event: dict[str, Any]) -> None:
            await self._paused(session, event)

        session.on("Fetch.requestPaused", paused)
        stages = [{"urlPattern": "*", "requestStage": stage} for stage in ("Request", "Response")]
        await session.send("Fetch.enable", {"patterns": stages})
        page.on("close", self._end)
        page.on("response", lambda response: self._answered_somewhere.setdefault(response.url))
        self.attached = True

    def unrecorded(self) -> list[str]:
        """What the browser got and this record has not, such as the requests of a worker or of a foreign process."""
        kept = {exchange.url for exchange in self.exchanges}
        return [
            f"{url[:200]}: received outside of the recorded page (worker or frame in a process of its own)"
            for url in self._answered_somewhere
            if url.startswith("http")
            and url not in kept
            and not any(item.startswith(url[:200]) for item in self.lost)
        ]

    async def _paused(self, session: CDPSession, event: dict[str, Any]) -> None:
        url = str(event["request"]["url"])
        try:
            if "responseStatusCode" in event or "responseErrorReason" in event:
                await self._answered(session, event, url)
            else:
                await self._asked(session, event, url)
        except BrowserError as error:
            # The page went on or was closed under us; what was not recorded is said.
            self.lost.append(f"{url[:200]}: {str(error).splitlines()[0][:200]}")

    async def _asked(self, session: CDPSession, event: dict[str, Any], url: str) -> None:
        request = str(event["requestId"])
        # The icon of the tab is no part of the page; it comes when all is over, and nobody would record it.
        if self._ended or url.endswith("/favicon.ico"):
            await _refuse(session, request)
            return
        self._waiting[request] = (session, url)
        why_not = await self._guard(url, str(event.get("resourceType", "")))
        if why_not is None:
            await self._begin_turn(str(event.get("networkId", "")), url)
        if self._waiting.pop(request, None) is None:
            self._end_turn(str(event.get("networkId", "")))
            return  # finish() was quicker
        if why_not is None:
            await session.send("Fetch.continueRequest", {"requestId": request})
            return
        self.lost.append(f"{url[:200]}: not fetched, {why_not}")
        await _refuse(session, request)

    async def finish(self) -> None:
        """Nothing more leaves. To be called before the page is closed: closing it would set free all that still waits
        for its turn, and the site would get it in one burst."""
        self._ended = True
        while self._waiting:
            request, (session, url) = self._waiting.popitem()
            self.lost.append(f"{url[:200]}: not fetched, the look had ended")
            with suppress(BrowserError):  # the page has dropped it by itself
                await _refuse(session, request)

    async def _begin_turn(self, request: str, url: str) -> None:
        if (turn := self._turn(url)) is None:
            return
        held = AsyncExitStack()
        await held.enter_async_context(turn)
        if self._ended or not request:  # nobody would end it
            await held.aclose()
            return
        self._turns[request] = held
        asyncio.get_running_loop().call_later(_LONGEST_TURN, self._end_turn, request, held)

    def _end_turn(self, request: str, held: AsyncExitStack | None = None) -> None:
        """Lets the next one go; the watchdog (`held`) only when it is still that same turn."""
        if held is None or self._turns.get(request) is held:
            turn = self._turns.pop(request, None)
            if turn is not None:
                self._keep(asyncio.ensure_future(turn.aclose()))

    def finish_after(self, seconds: float) -> None:
        """A page with more parts than its time allows is loaded as far as it came, and what is lacking is said."""
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(seconds, lambda: self._keep(asyncio.ensure_future(self.finish())))

    def _keep(self, ending: asyncio.Future[None]) -> None:
        # The loop itself holds tasks only weakly.
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    def _end(self, _page: Page) -> None:
        """The page was closed: what it still asked for will not be answered any more."""
        if self._deadline:
            self._deadline.cancel()
        self._ended = True
        for request in list(self._turns):
            self._end_turn(request)

    async def _answered(self, session: CDPSession, event: dict[str, Any], url: str) -> None:
        self._end_turn(str(event.get("networkId", "")))
        if "responseErrorReason" in event:
            if not url.endswith("/favicon.ico"):
                self.lost.append(f"{url[:200]}: {event['responseErrorReason']}")
            await session.send("Fetch.continueRequest", {"requestId": event["requestId"]})
            return
        body = (
            b"" if int(event["responseStatusCode"]) in _REDIRECTS else await self._body(session, event, url)
        )
        self.exchanges.append(_exchange(event, url, body))
        await session.send("Fetch.continueRequest", {"requestId": event["requestId"]})

    async def _body(self, session: CDPSession, event: dict[str, Any], url: str) -> bytes:
        try:
            answer = await session.send("Fetch.getResponseBody", {"requestId": event["requestId"]})
        except BrowserError as error:
            self.lost.append(f"{url[:200]}: body not received whole ({str(error).splitlines()[0][:120]})")
            return b""
        text = str(answer["body"])
        body = base64.b64decode(text) if answer["base64Encoded"] else text.encode("utf-8", "replace")
        if len(body) > self._limit:
            self.lost.append(f"{url[:200]}: body of {len(body)} bytes is over the bound")
            return b""
        return body


async def _refuse(session: CDPSession, request: str) -> None:
    await session.send("Fetch.failRequest", {"requestId": request, "errorReason": "BlockedByClient"})


def _exchange(event: dict[str, Any], url: str, body: bytes) -> Exchange:
    asked = event["request"]
    fields = [
        ("Host", urlsplit(url).netloc),
        *((str(key), str(value)) for key, value in asked["headers"].items()),
    ]
    got = [(str(item["name"]), str(item["value"])) for item in event.get("responseHeaders", ())]
    return Exchange(
        url=url, at=datetime.now(UTC), request_head=head(request_line(str(asked["method"]), url), fields),
        response_head=head(status_line(int(event["responseStatusCode"])), got, unpacked=True), body=body,
        rebuilt=BROWSER_LOST,
    )  # fmt: skip
