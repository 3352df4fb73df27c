"""A way to the pretend town that holds a crawl in its midst, however fast it is, until a test lets it go on."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from cli.town import Town


class Way(socketserver.ThreadingTCPServer):
    """A way to the town on which only so many posts are asked for until it is opened."""

    daemon_threads = True
    request_queue_size = 128  # a browser opens many at once; who finds no room tries again a second later
    POSTS = 20  # of some 34: half a dozen findings are among them, and as many among the rest

    def __init__(self, town: str) -> None:
        super().__init__(("127.0.0.1", 0), _Through)
        self.town, self.opened = town, threading.Event()
        self._known: set[bytes] = set()
        self._turn = threading.Lock()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def let_through(self, request: bytes) -> None:
        """Waits with a post that is one too many."""
        path = request.partition(b" ")[2].partition(b" ")[0]
        with self._turn:
            more = b"/info/" in path and path not in self._known
            if more and len(self._known) < self.POSTS:
                self._known.add(path)
                more = False
        if more:
            self.opened.wait()

    def handle_error(self, request: object, client_address: object) -> None:
        """A crawl that hangs up is no news."""


class _Through(socketserver.BaseRequestHandler):
    server: Way

    def handle(self) -> None:
        host, _, port = self.server.town.partition(":")
        with socket.create_connection((host, int(port))) as there:
            back = threading.Thread(target=self._back, args=(there,), daemon=True)
            back.start()
            while asked := self.request.recv(65_536):
                self.server.let_through(asked)
                there.sendall(asked)
            there.shutdown(socket.SHUT_WR)
            back.join()

    def _back(self, there: socket.socket) -> None:
        with suppress(OSError):  # the crawl hung up
            while answer := there.recv(65_536):
                self.request.sendall(answer)
            self.request.shutdown(socket.SHUT_WR)


@contextmanager
def way_to(town: Town) -> Iterator[Way]:
    with Way(town.address) as way:
        thread = threading.Thread(target=way.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield way
        finally:
            way.opened.set()
            way.shutdown()
            thread.join()
