"""A Chromium of our own, spoken to through its DevTools pipe: no port is open, and no library is needed.

It prints what we hand it. It has no way out: names resolve to nothing, the proxy is a closed port, and each
request is answered by us or refused.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from core.errors import Unavailable

Message = dict[str, Any]
# A page of sealed files is drawn and printed in a second or two; a minute says that the browser hangs.
PATIENCE = 60.0
_READ = 1 << 20
# Chromium reads from descriptor 3 and writes to 4. The pipes are first moved out of the way of these numbers.
_EXEC = (
    "import fcntl, os, sys; "
    "pair = [fcntl.fcntl(int(one), fcntl.F_DUPFD, 10) for one in sys.argv[1:3]]; "
    "[os.dup2(one, place) for place, one in enumerate(pair, 3)]; os.execvp(sys.argv[3], sys.argv[3:])"
)
_FLAGS = (
    "--headless", "--remote-debugging-pipe", "--no-first-run", "--no-default-browser-check", "--no-pings",
    "--disable-background-networking", "--disable-component-update", "--disable-domain-reliability",
    "--disable-sync", "--disable-extensions", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",  # else Chromium goes round the proxy for loopback names
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    # One process for a page and its frames, so that the frames' requests, too, come to us.
    "--disable-site-isolation-trials", "--disable-features=IsolateOrigins,site-per-process",
    "--font-render-hinting=none", "--hide-scrollbars",
)  # fmt: skip


class Browser:
    """A running Chromium. Raises Unavailable when it dies or hangs."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._number, self._waiting = 0, b""
        self._events: list[Message] = []

    def __enter__(self) -> Self:
        self._profile = tempfile.TemporaryDirectory(prefix="wangxun-print-", ignore_cleanup_errors=True)
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        options = [*_FLAGS, f"--user-data-dir={self._profile.name}", *self._sandbox()]
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-IS", "-c", _EXEC, str(theirs_in), str(theirs_out), self._program, *options],
                pass_fds=(theirs_in, theirs_out), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._out)
        os.close(self._in)
        with suppress(ProcessLookupError):  # it ended by itself when its pipe closed
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._profile.cleanup()

    def call(self, method: str, params: Message | None = None, session: str | None = None) -> Message:
        """Ask and wait for the answer; events that come meanwhile wait for `events`."""
        number = self.send(method, params, session)
        for message in self._messages(PATIENCE):
            if message.get("id") == number:
                if "error" in message:
                    raise Unavailable(f"Chromium refused {method}: {message['error'].get('message')}")
                result: Message = message["result"]
                return result
            self._events.append(message)
        raise Unavailable(f"Chromium gave no answer to {method} in {PATIENCE:.0f} s")

    def send(self, method: str, params: Message | None = None, session: str | None = None) -> int:
        """Ask without waiting; the number of the question."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params or {}}
        plain = json.dumps(message | ({"sessionId": session} if session else {})).encode() + b"\0"
        try:
            while plain:
                plain = plain[os.write(self._out, plain) :]
        except OSError as error:
            raise Unavailable("Chromium ended while printing") from error
        return self._number

    def events(self) -> Iterator[Message]:
        """Events as they come, until PATIENCE is over."""
        end = time.monotonic() + PATIENCE
        while (left := end - time.monotonic()) > 0:
            if self._events:
                yield self._events.pop(0)
            else:
                message = next(self._messages(left), None)
                if message is not None and "method" in message:
                    yield message

    def _messages(self, seconds: float) -> Iterator[Message]:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            plain, found, rest = self._waiting.partition(b"\0")
            if found:
                self._waiting = rest
                yield json.loads(plain)
            elif select.select([self._in], [], [], left)[0]:
                chunk = os.read(self._in, _READ)
                if not chunk:
                    raise Unavailable("Chromium ended while printing")
                self._waiting += chunk

    def _sandbox(self) -> tuple[str, ...]:
        """Chromium's own sandbox cannot be had by root."""
        return ("--no-sandbox",) if os.geteuid() == 0 else ()
