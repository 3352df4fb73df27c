"""The HTTP server of the town: virtual hosts, proxy-style targets, the pretended date, the log."""

from __future__ import annotations

import json
import sys
import threading
import time
from datetime import UTC
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from sandbox.answers import Answer, Request, plain
from sandbox.clock import Clock
from sandbox.sites import open_sites
from sandbox.town import Town

# An idle kept-alive connection holds a thread; browsers close theirs sooner than this.
_IDLE_SECONDS = 60


class Log:
    """One JSON line a request, flushed at once."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()

    def write(self, entry: dict[str, object]) -> None:
        with self._lock:
            self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            self._file.flush()

    def close(self) -> None:
        with self._lock:
            self._file.close()


class TownServer(ThreadingHTTPServer):
    """Serves all hosts of a town on one loopback port."""

    daemon_threads = True
    # A browser and a crawler together open more connections at once than the default of five.
    request_queue_size = 128

    def __init__(self, town: Town, clock: Clock, log: Log, port: int) -> None:
        self.clock, self.log = clock, log
        self.sites = open_sites(town, clock)
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up in the middle of a page is no fault of the town."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    timeout = _IDLE_SECONDS
    server: TownServer

    def do_GET(self) -> None:
        arrived = time.time()
        host, request = self._request()
        site = self.server.sites.get(host)
        answer = site.answer(request) if site else plain("misdirected request", 421)
        self._log(arrived, host, answer.status)
        self._send(answer)

    do_HEAD = do_GET  # noqa: N815 (http.server looks methods up by this name)

    def do_POST(self) -> None:
        self._refuse()

    def do_CONNECT(self) -> None:
        self._refuse()

    def _refuse(self) -> None:
        host, _ = self._request()
        self._log(time.time(), host, 405)
        self.close_connection = True
        self._send(plain("method not allowed", 405))

    def _request(self) -> tuple[str, Request]:
        target = urlsplit(self.path)
        named = target.netloc if target.scheme == "http" else self.headers.get("Host", "")
        agent = self.headers.get("User-Agent", "")
        return named.partition(":")[0].lower(), Request(
            target.path or "/",
            dict(parse_qsl(target.query)),
            agent,
            self.headers.get("If-None-Match", ""),
        )

    def _log(self, arrived: float, host: str, status: int) -> None:
        target = urlsplit(self.path)
        path = target.path + (f"?{target.query}" if target.query else "")
        self.server.log.write(
            {
                "t": arrived,
                "host": host,
                "method": self.command,
                "path": path,
                "agent": self.headers.get("User-Agent", ""),
                "status": status,
            }
        )

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self._frame(answer)
        self.end_headers()
        if self.command == "HEAD":
            return
        if answer.stream is None:
            self.wfile.write(answer.body)
            return
        self._stream(answer)

    def _frame(self, answer: Answer) -> None:
        if answer.framing == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
        elif answer.framing == "close":
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(answer.length or len(answer.body)))

    def _stream(self, answer: Answer) -> None:
        for chunk in answer.stream or ():
            if answer.framing == "chunked":
                chunk = b"%x\r\n%b\r\n" % (len(chunk), chunk)
            self.wfile.write(chunk)
        if answer.framing == "chunked":
            self.wfile.write(b"0\r\n\r\n")

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002 (an override)
        """The pretended date, for the Date header."""
        return format_datetime(self.server.clock.now().astimezone(UTC), usegmt=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (an override)
        """Requests stand in the log file, not on the terminal."""
