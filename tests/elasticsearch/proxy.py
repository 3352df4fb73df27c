"""A way to the real server that can be disturbed: answers that get lost, refusals, what was sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

# Method, path and body of a request -> what happens to it: "" nothing; "lost": it reaches the server and its answer
# gets lost; "slow": it reaches the server only after `release` was set (long after the client has given up), and is
# done then; a number: it does not reach the server and this status is answered.
Fault = Callable[[str, str, bytes], str]


class Proxy(ThreadingHTTPServer):
    """Forwards to `server`; `fault` decides what goes wrong. `heads` are the headers of all requests."""

    daemon_threads = True

    def __init__(self, server: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.server_url = urlsplit(server)
        self.fault: Fault = lambda method, path, body: ""
        self.heads: list[dict[str, str]] = []
        self.release = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up early is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heads.append({name.lower(): value for name, value in self.headers.items()})
        fault = self.server.fault(self.command, self.path, body)
        if fault.isdigit():
            return self._refuse(int(fault))
        if fault == "slow":
            self.server.release.wait(60)
        status, headers, answer = self._forward(body)
        if fault == "lost":
            self.close_connection = True
            self.connection.close()
            return None
        return self._answer(status, headers, answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass  # noqa: N815 - the names of the base class

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        place = self.server.server_url
        connection = HTTPConnection(place.hostname or "", place.port)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.getheaders(), content

    def _refuse(self, status: int) -> None:
        body = json.dumps(
            {"error": {"type": "test", "reason": "so the test wants it"}, "status": status}
        ).encode()
        kept = [("Content-Type", "application/json"), ("X-Elastic-Product", "Elasticsearch")]
        self._answer(status, kept, body)

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Tests are quiet."""


@contextmanager
def running(server: str) -> Iterator[Proxy]:
    """A proxy before `server`."""
    proxy = Proxy(server)
    thread = threading.Thread(target=proxy.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()
