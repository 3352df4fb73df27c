"""The only way out, for Scrapy and browser alike: a loopback proxy that resolves, refuses and paces.

Checks in Python do not see what Chromium resolves by itself, so both go through here. A name is resolved once, each
address is checked, and the connection goes to the address that was checked: a second answer of a hostile name server
is never asked for. Plain HTTP is paced here, at the last place before the wire; inside a TLS tunnel the callers pace.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from core.errors import BadInput, SourceRefused, Unavailable
from crawler.gate import Gate, Target
from crawler.politeness import Pacer, retry_after

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Dial = Callable[[str, int], Awaitable[Streams]]
# Told to callers by this header; what a site itself sends under the name is dropped.
REFUSED = "X-Wangxun-Refused"
# nginx and Apache stop at 8 to 32 KiB of head; 64 KiB is generous and bounds a hostile endless head.
_HEAD_LIMIT = 65_536
_CHUNK = 65_536
# Forms that pages send by themselves are small; nothing of ours uploads.
_REQUEST_BODY_LIMIT = 1_000_000
# Connecting and the first byte of an answer; a site slower than that is away for this run.
_PATIENCE = 60.0
# The rest of an answer. The largest page allowed comes within it at half a megabit a second; a page that drips a byte
# a second, to hold a place for hours, does not.
_WHOLE_ANSWER = 120.0
LONGEST_ANSWER = 2 * _PATIENCE + _WHOLE_ANSWER
_HOP_BY_HOP = frozenset(
    (b"connection", b"proxy-connection", b"keep-alive", b"proxy-authorization", b"te", b"upgrade")
)
# A tunnel carries a page and its requisites in one stream: the page's bound, times the parts of a heavy page.
_TUNNEL_PARTS = 8


async def dial(address: str, port: int) -> Streams:
    """A connection to an address (never a name: that would be resolved a second time)."""
    return await asyncio.open_connection(address, port, limit=_HEAD_LIMIT)


@dataclass(frozen=True)
class _Head:
    method: str
    url: str
    fields: tuple[tuple[bytes, bytes], ...]

    def field(self, name: bytes) -> bytes:
        return next((value for key, value in self.fields if key.lower() == name), b"")


def _parse(raw: bytes) -> _Head:
    first, *rest = raw.rstrip(b"\r\n").split(b"\r\n")
    words = first.decode("latin-1").split(" ", 2)
    fields = tuple((key.strip(), value.strip()) for key, _, value in (line.partition(b":") for line in rest))
    return _Head(words[0], words[1] if len(words) > 1 else "", fields)


def _render(first: bytes, fields: tuple[tuple[bytes, bytes], ...]) -> bytes:
    kept = [key + b": " + value for key, value in fields if key.lower() not in _HOP_BY_HOP]
    return b"\r\n".join([first, *kept, b"Connection: close", b"", b""])


@dataclass
class Route:
    """Where a host was found: the checked answer of the name server, when, and the addresses connected to since.

    `town`: the pretend town answers for it, and no name server was asked.
    """

    addresses: tuple[str, ...]
    asked_at: datetime
    town: bool = False
    connected: dict[str, None] = field(default_factory=dict)


class Egress:
    """The proxy. Its port is taken when it is made, so that browser flags can name it before it runs.

    `strict`: only hosts that somebody of ours has announced (`expect`) are connected to. A browser has habits of its
    own, updates and probes to its maker, which no flag switches off for good: they end here, unresolved.
    """

    def __init__(
        self, gate: Gate, pacer: Pacer, body_bytes: int, dial: Dial = dial, strict: bool = False
    ) -> None:
        self._gate, self._pacer, self._limit, self._dial = gate, pacer, body_bytes, dial
        self._expected: set[str] | None = set() if strict else None
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.refused: list[str] = []
        self.routes: dict[str, Route] = {}

    @property
    def url(self) -> str:
        """The proxy's own address."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def expect(self, url: str) -> None:
        """A request to this address's host is about to be made."""
        if self._expected is not None:
            self._expected.add((urlsplit(url).hostname or "").lower())

    async def _target(self, host: str, port: int) -> Target:
        if self._expected is not None and host not in self._expected:
            raise SourceRefused(f"{host}: no page asked for it")
        asked_at = datetime.now(UTC)
        target = await self._gate.target(host, port)
        before = self.routes.get(host)
        connected = before.connected if before else {}
        self.routes[host] = Route(target.addresses, asked_at, target.proxied, connected)
        return target

    async def start(self) -> None:
        """Begins to answer."""
        self._server = await asyncio.start_server(self._serve, sock=self._socket, limit=_HEAD_LIMIT)

    async def close(self) -> None:
        """Ends, and drops the connections that are left."""
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._socket.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            await self._answer(reader, writer)
        except (
            OSError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            TimeoutError,
            asyncio.CancelledError,
        ):
            pass  # either side hung up or sent no HTTP: closing is the whole answer, the caller reports its failure
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = _parse(await reader.readuntil(b"\r\n\r\n"))
        try:
            if head.method == "CONNECT":
                await self._tunnel(head, reader, writer)
            else:
                await self._forward(head, reader, writer)
        except SourceRefused as error:
            self.refused.append(str(error))
            writer.write(_refusal(403, str(error)))
        except (Unavailable, BadInput) as error:
            writer.write(_refusal(502, str(error)))
        await writer.drain()

    async def _tunnel(self, head: _Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = head.url.rpartition(":")
        target = await self._target(
            host.strip("[]").lower(), int(port) if port.isascii() and port.isdigit() else 443
        )
        if target.proxied:
            raise SourceRefused(f"{host}: the town speaks plain HTTP only")
        upstream_reader, upstream = await self._connect(host.strip("[]").lower(), target)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            # When either direction ends, so does the tunnel: a half-open one would keep a worker alive for ever.
            ways = [
                asyncio.ensure_future(_pump(reader, upstream, self._limit)),
                asyncio.ensure_future(_pump(upstream_reader, writer, self._limit * _TUNNEL_PARTS)),
            ]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        finally:
            upstream.close()

    async def _forward(self, head: _Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port, line = _request_line(head)
        target = await self._target(host, port)
        body = await _request_body(head, reader)
        if target.proxied:
            line = f"{head.method} {head.url} HTTP/1.1".encode()
        upstream_reader, upstream = await self._connect(host, target)
        try:
            async with self._pacer.turn(host):
                upstream.write(_render(line, head.fields) + body)
                raw = await asyncio.wait_for(upstream_reader.readuntil(b"\r\n\r\n"), _PATIENCE)
                answer = self._heed(host, raw)
            writer.write(answer)
            await self._body(upstream_reader, writer)
        except (
            TimeoutError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            ConnectionError,
        ) as error:
            raise Unavailable(f"{host}: no whole answer ({type(error).__name__})") from error
        finally:
            upstream.close()

    async def _body(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The rest of an answer. Where it breaks off so does ours: closed in order, a part would pass as the whole."""
        try:
            async with asyncio.timeout(_WHOLE_ANSWER):
                # A little over the bound, so that Scrapy's own check, which names the cause, strikes first.
                await _pump(reader, writer, self._limit + 2 * _CHUNK)
        except (TimeoutError, ConnectionError):
            _break_off(writer)
            raise

    async def _connect(self, host: str, target: Target) -> Streams:
        failure: Exception | None = None
        for address in target.addresses:
            try:
                streams = await asyncio.wait_for(self._dial(address, target.port), _PATIENCE)
            except (OSError, TimeoutError) as error:
                failure = error
            else:
                self.routes[host].connected[f"{address}:{target.port}"] = None
                return streams
        raise Unavailable(f"no connection to port {target.port}: {failure}") from failure

    def _heed(self, host: str, raw: bytes) -> bytes:
        first, _, rest = raw.partition(b"\r\n")
        head = _parse(b"GET / HTTP/1.1\r\n" + rest)
        words = first.split(b" ", 2)
        if len(words) > 1 and words[1] in (b"429", b"503"):
            said = head.field(b"retry-after").decode("latin-1")
            if said or words[1] == b"429":
                self._pacer.hold(host, retry_after(said, datetime.now(UTC)))
        fields = tuple(item for item in head.fields if item[0].lower() != REFUSED.lower().encode())
        return _render(first, fields)


def _break_off(writer: asyncio.StreamWriter) -> None:
    """Ends with a reset: SO_LINGER of no seconds (socket(7)) is how one is asked for."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def _refusal(status: int, reason: str) -> bytes:
    said = reason.encode("ascii", "backslashreplace").replace(b"\r", b" ").replace(b"\n", b" ")
    return b"HTTP/1.1 %d Refused\r\n%s: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % (
        status,
        REFUSED.encode(),
        said,
    )


def _request_line(head: _Head) -> tuple[str, int, bytes]:
    try:
        parts = urlsplit(head.url)
        host, port = (parts.hostname or "").lower(), parts.port or 80
    except ValueError as error:
        raise BadInput(f"no address: {head.url[:200]!r}") from error
    if parts.scheme != "http" or not host:
        raise BadInput(f"not an absolute http address: {head.url[:200]!r}")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return host, port, f"{head.method} {path} HTTP/1.1".encode("latin-1", "replace")


async def _request_body(head: _Head, reader: asyncio.StreamReader) -> bytes:
    length = head.field(b"content-length")
    if head.field(b"transfer-encoding") or (
        length and (not length.isdigit() or int(length) > _REQUEST_BODY_LIMIT)
    ):
        raise SourceRefused("a page tried to send a body without a sound length")
    return await reader.readexactly(int(length or 0))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: int) -> None:
    """Bytes from one side to the other until the end or the bound; at the bound both are cut."""
    while limit > 0 and (chunk := await reader.read(_CHUNK)):
        limit -= len(chunk)
        writer.write(chunk)
        await writer.drain()
