"""What a page of the browser asked for and got, through the DevTools protocol: Fetch at the response stage.

Playwright's own `response.body()` is unpacked and re-coded text under a header that still says gzip and gbk. What is
lost this way is said in `Exchange.rebuilt`; what did not come, or not whole, in `lost`.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import CDPSession, Page, Request
from playwright.async_api import Error as BrowserError

from core.model import Exchange, Missing
from crawler.egress import REFUSED
from crawler.recorder import body_length, from_devtools, received
from crawler.turns import Turn, Turns

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
# What Chromium says when the network was cut in the midst of a body; what came before it shows all the same.
_CUT = re.compile(
    "CONTENT_LENGTH_MISMATCH|INCOMPLETE_CHUNKED|CONTENT_DECODING|CONNECTION_(RESET|CLOSED|ABORTED)"
)
Guard = Callable[[str, str], Awaitable[str | None]]
_ICON = "/favicon.ico"
_SHOWN = 200  # characters of an address in a line for people; `Missing.url` has all of it


@dataclass(frozen=True)
class _Asked:
    url: str
    at: datetime


class BrowserRecorder:
    """Records all that a page of the browser asks for and gets; asks `guard` before each request leaves.

    `guard(url, resource type)` returns why the request must not leave, or None. `turn(url)` is the site's pace where
    nobody further out can keep it (inside TLS), or None; it is held until the answer begins, so that a request which
    this machine was slow to send does not arrive together with the next one.
    """

    def __init__(self, guard: Guard, body_bytes: int, turn: Turn = lambda _url: None) -> None:
        self._guard, self._limit, self._turns = guard, body_bytes, Turns(turn)
        self._waiting: dict[str, str] = {}
        self._sent: dict[str, _Asked] = {}
        self._receiving: dict[str, str] = {}
        self._unanswered: set[str] = set()  # addresses whose last answer did not even begin
        self._deadline: asyncio.TimerHandle | None = None
        self.ended, self.late = asyncio.Event(), False
        self._stirred, self._last = asyncio.Event(), 0.0
        self.exchanges: list[Exchange] = []
        self.lost: list[Missing] = []
        self.session: CDPSession | None = None
        self._answered_somewhere: dict[str, None] = {}

    @property
    def attached(self) -> bool:
        """Whether it records."""
        return self.session is not None

    async def attach(self, page: Page) -> None:
        """Begins; to be called before the first navigation."""
        session = await page.context.new_cdp_session(page)

        async def paused(event: dict[str, Any]) -> None:
            await self._paused(session, event)

        session.on("Fetch.requestPaused", paused)
        # Each look is whole by itself: nothing of it may come out of the cache of an earlier one. The network domain
        # also keeps the certificates; bodies need not stay in its buffers, they are read one by one.
        await session.send("Network.enable", {"maxTotalBufferSize": 0, "maxResourceBufferSize": 0})
        await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        stages = [{"urlPattern": "*", "requestStage": stage} for stage in ("Request", "Response")]
        await session.send("Fetch.enable", {"patterns": stages})
        page.on("close", self._end)
        page.on("response", lambda response: self._answered_somewhere.setdefault(response.url))
        page.on("requestfailed", self._given_up)
        self.session = session

    async def certificates(self) -> dict[str, tuple[bytes, ...]]:
        """Host -> chain (DER, the site's own first) as Chromium verified it, of each site met under TLS."""
        found: dict[str, tuple[bytes, ...]] = {}
        hosts = {urlsplit(one.url).netloc for one in self.exchanges if one.url.startswith("https://")}
        for host in sorted(hosts):
            with suppress(BrowserError):  # not kept any more: the sheet then says that there is none
                assert self.session is not None  # noqa: S101 - exchanges come from it
                answer = await self.session.send("Network.getCertificate", {"origin": f"https://{host}"})
                found[host] = tuple(base64.b64decode(one) for one in answer["tableNames"])
        return {host: chain for host, chain in found.items() if chain}

    async def quiet(self, idle: float, limit: float) -> bool:
        """Waits until nothing was under way for `idle` seconds; False when `limit` seconds went by first."""
        loop = asyncio.get_running_loop()
        end = loop.time() + limit
        while (now := loop.time()) < end:
            still = idle - (now - self._last)
            if not self._under_way and still <= 0:
                return True
            self._stirred.clear()
            with suppress(TimeoutError):
                left = end - now if self._under_way else min(still, end - now)
                await asyncio.wait_for(self._stirred.wait(), left)
        return False

    @property
    def waiting(self) -> int:
        """How many requests wait for their turn or their answer."""
        return len(self._waiting) + len(self._sent)

    @property
    def _under_way(self) -> bool:
        return bool(self._waiting or self._sent or self._receiving)

    def _stir(self) -> None:
        self._last = asyncio.get_running_loop().time()
        self._stirred.set()

    def unrecorded(self) -> list[Missing]:
        """What the browser got and this record has not, such as the requests of a worker or of a foreign process."""
        told = {exchange.url for exchange in self.exchanges} | {item.url for item in self.lost}
        outside = (url for url in self._answered_somewhere if url.startswith("http") and url not in told)
        return [
            _lack(url, "已收到，但不在所记录的页面进程内（后台脚本或别站的框架），内容未保存")
            for url in outside
        ]

    async def _paused(self, session: CDPSession, event: dict[str, Any]) -> None:
        url = str(event["request"]["url"])
        try:
            if "responseStatusCode" in event or "responseErrorReason" in event:
                await self._answered(session, event, url)
            else:
                await self._asked(session, event, url)
        except BrowserError as error:
            # The page went on or was closed under us; what was not recorded is said. Of a tab's icon nobody asks.
            if not self.ended.is_set() and not url.endswith(_ICON):
                self.lost.append(_lack(url, f"记录中断（{_first_line(error)}）"))
        self._stir()

    async def _asked(self, session: CDPSession, event: dict[str, Any], url: str) -> None:
        request, network = str(event["requestId"]), _network(event)
        # The icon of the tab is no part of the page; it comes when all is over, and nobody would record it.
        if self.ended.is_set() or url.endswith(_ICON):
            await _refuse(session, request)
            return
        self._waiting[request] = url
        why_not = await self._guard(url, str(event.get("resourceType", "")))
        if why_not is None:
            await self._turns.begin(network, url)
        if self._waiting.pop(request, None) is None:
            self._turns.end(network)
            return  # finish() was quicker
        if why_not is None:
            self._sent[network] = _Asked(url, datetime.now(UTC))
            await session.send("Fetch.continueRequest", {"requestId": request})
            return
        self.lost.append(_lack(url, f"没有读取：{why_not}"))
        await _refuse(session, request)

    async def finish(self) -> None:
        """Nothing more leaves, and nothing more is waited for.

        To be called before the page is closed: closing it would set free all that still waits for its turn, and the
        site would get it in one burst.
        """
        self.ended.set()
        self._turns.close()
        if (session := self.session) is None:
            return
        while self._waiting:
            request, url = self._waiting.popitem()
            self.lost.append(_lack(url, "没有读取：取证时限已到"))
            with suppress(BrowserError):  # the page has dropped it by itself
                await _refuse(session, request)
        for asked in self._sent.values():
            self.lost.append(_lack(asked.url, "取证时限已到，对方没有应答"))
        self._sent.clear()
        while self._receiving:
            request, url = self._receiving.popitem()
            self.lost.append(_lack(url, "正文没有收全，未保存（取证时限已到）"))
            with suppress(BrowserError):
                await _refuse(session, request)
        with suppress(BrowserError):
            await session.send("Page.stopLoading")
        self._stir()

    def _given_up(self, request: Request) -> None:
        """The page itself no longer wants it, and no answer will be shown to us; or what was shown was cut."""
        if _CUT.search(request.failure or ""):
            self._take_back(request.url, str(request.failure))
        gone = [network for network, asked in self._sent.items() if asked.url == request.url]
        for network in gone:
            del self._sent[network]
            self._turns.end(network)
            self.lost.append(_lack(request.url, "页面自行取消了这个请求"))
        self._stir()

    def _take_back(self, url: str, cause: str) -> None:
        """Half a body is none: of a packed one only Chromium's later word tells. It is the last that came from there."""
        numbers = [number for number, exchange in enumerate(self.exchanges) if exchange.url == url]
        if url in self._unanswered or not numbers or not self.exchanges[numbers[-1]].body:
            return  # nothing came of it, or it is known
        self.exchanges[numbers[-1]] = self.exchanges[numbers[-1]].model_copy(update={"body": b""})
        self.lost.append(_lack(url, f"正文没有收全，未保存（{cause}）"))

    def finish_after(self, seconds: float) -> None:
        """A page with more parts than its time allows is loaded as far as it came, and what is lacking is said."""
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(seconds, self._overdue)

    def _overdue(self) -> None:
        self.late = True
        self._turns.keep(asyncio.ensure_future(self.finish()))

    def _end(self, _page: Page) -> None:
        if self._deadline:
            self._deadline.cancel()
        self.ended.set()
        self._turns.end_all()

    async def _answered(self, session: CDPSession, event: dict[str, Any], url: str) -> None:
        asked = self._sent.pop(_network(event), None)
        self._turns.end(_network(event))
        self._unanswered.discard(url)
        if "responseErrorReason" in event:
            self._unanswered.add(url)
            if not url.endswith(_ICON):
                self.lost.append(_lack(url, f"没有收到（{event['responseErrorReason']}）"))
        elif reason := _refusal(event):
            # Our own way out answered, no site did: that is no exchange.
            self.lost.append(_lack(url, f"没有收到（{reason[:120]}）"))
        else:
            redirect = int(event["responseStatusCode"]) in _REDIRECTS
            body = b"" if redirect else await self._body(session, event, url)
            at = asked.at if asked else datetime.now(UTC)
            self.exchanges.append(from_devtools(event, url, body, at))
        if not self.ended.is_set():  # finish() has refused it already
            await session.send("Fetch.continueRequest", {"requestId": event["requestId"]})

    async def _body(self, session: CDPSession, event: dict[str, Any], url: str) -> bytes:
        request = str(event["requestId"])
        self._receiving[request] = url
        try:
            answer = await session.send("Fetch.getResponseBody", {"requestId": request})
        except BrowserError as error:
            if request in self._receiving:  # else finish() has said it
                self.lost.append(_lack(url, f"正文没有收全，未保存（{_first_line(error)}）"))
            return b""
        finally:
            self._receiving.pop(request, None)
        text = str(answer["body"])
        body = base64.b64decode(text) if answer["base64Encoded"] else text.encode("utf-8", "replace")
        if len(body) > self._limit:
            self.lost.append(_lack(url, f"正文 {len(body)} 字节，超过上限 {self._limit} 字节，未保存"))
            return b""
        status, method = int(event["responseStatusCode"]), str(event["request"]["method"])
        if len(body) < (announced := body_length(status, method, received(event))):
            self.lost.append(
                _lack(url, f"正文没有收全，未保存（应有 {announced} 字节，只到 {len(body)} 字节）")
            )
            return b""
        return body


def _lack(url: str, cause: str) -> Missing:
    return Missing(role="exchange", cause=f"{url[:_SHOWN]}：{cause}", url=url)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:120]


def _refusal(event: dict[str, Any]) -> str:
    """Why the egress let nothing through, or ""."""
    return next((value for name, value in received(event) if name.lower() == REFUSED.lower()), "")


def _network(event: dict[str, Any]) -> str:
    """The id that a request keeps from stage to stage."""
    return str(event.get("networkId") or event["requestId"])


async def _refuse(session: CDPSession, request: str) -> None:
    await session.send("Fetch.failRequest", {"requestId": request, "errorReason": "BlockedByClient"})
