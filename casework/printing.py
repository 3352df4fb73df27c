"""Prints pages to PDF: our own reports, and captured pages from their sealed files. Never from the network.

Scripts are off; each request is answered from what is given or refused. The same input gives the same bytes:
the times that Chromium writes into a PDF are replaced.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from casework.devtools import Browser
from core.errors import Unavailable

_A4 = {"paperWidth": 8.27, "paperHeight": 11.69}  # inches
_MARGINS = {"marginTop": 0.7, "marginBottom": 0.6, "marginLeft": 0.6, "marginRight": 0.6}
_DATES = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)(\d{14})([+-]\d\d'\d\d')\)")
_PIECE = 1 << 20  # bytes of a PDF asked for at once
WIDTH, HEIGHT = 1366, 900  # as the second look draws pages
TALLEST = 16_000  # pixels: Chromium's textures end at 16,384
_RENEW = 50  # pages: a Chromium that has drawn hundreds of pages has grown by hundreds of MiB


@dataclass(frozen=True)
class Answer:
    """What a request gets."""

    body: bytes
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = field(default=())


Answering = Callable[[str], Answer | None]


class Printer:
    """Prints one page after the other. Raises Unavailable when the browser fails; the next page gets a new one."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._browser: Browser | None = None
        self._printed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def print(self, url: str, answer: Answering, output: Path, at: datetime, header: str = "") -> None:
        """Print the page at `url`, all of whose requests `answer` answers, to the PDF `output`.

        `header` stands above each page; `at` is written as the PDF's time.
        """
        self._with_page(url, answer, lambda page: page.print(output, header))
        output.write_bytes(_dated(output.read_bytes(), at))

    def picture(self, url: str, answer: Answering, output: Path) -> None:
        """The whole page at `url` as the PNG `output`, TALLEST pixels at most."""
        self._with_page(url, answer, lambda page: page.picture(output))

    def _with_page(self, url: str, answer: Answering, work: Callable[[_Page], None]) -> None:
        try:
            browser = self._open()
            context = browser.call("Target.createBrowserContext")["browserContextId"]
            made = {"url": "about:blank", "browserContextId": context, "width": WIDTH, "height": HEIGHT}
            target = browser.call("Target.createTarget", made)["targetId"]
            attached = browser.call("Target.attachToTarget", {"targetId": target, "flatten": True})
            page = _Page(browser, attached["sessionId"], answer)
            page.load(url)
            work(page)
            browser.call("Target.disposeBrowserContext", {"browserContextId": context})
        except Unavailable:
            self._close()
            raise

    def _open(self) -> Browser:
        if self._printed >= _RENEW:
            self._close()
        if self._browser is None:
            self._browser = Browser(self._program).__enter__()
        self._printed += 1
        return self._browser

    def _close(self) -> None:
        if self._browser is not None:
            self._browser.__exit__(None, None, None)
        self._browser, self._printed = None, 0


class _Page:
    """One page in its own nameless context."""

    def __init__(self, browser: Browser, session: str, answer: Answering) -> None:
        self._browser, self._session, self._answer = browser, session, answer

    def load(self, url: str) -> None:
        self._call("Page.enable")
        self._call("Emulation.setScriptExecutionDisabled", {"value": True})
        self._call("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})
        self._browser.send("Page.navigate", {"url": url}, self._session)
        for event in self._browser.events():
            if event.get("sessionId") != self._session:
                continue
            if event["method"] == "Fetch.requestPaused":
                self._reply(event["params"])
            elif event["method"] == "Page.loadEventFired":
                return
        raise Unavailable(f"Chromium did not finish drawing {url[:100]}")

    def print(self, output: Path, header: str) -> None:
        shown = (
            '<div style="font-size:7px;width:100%;margin:0 0.6in;color:#444;word-break:break-all">{}</div>'
        )
        number = '<span class="pageNumber"></span> / <span class="totalPages"></span>'
        titles = {"headerTemplate": shown.format(html.escape(header)), "footerTemplate": shown.format(number)}
        options = {"printBackground": True, "transferMode": "ReturnAsStream", "generateTaggedPDF": False}
        asked = {**_A4, **_MARGINS, **options, "displayHeaderFooter": True, **titles}
        stream = self._call("Page.printToPDF", asked)["stream"]
        with output.open("wb") as file:
            while True:
                piece = self._call("IO.read", {"handle": stream, "size": _PIECE})
                data = piece["data"]
                file.write(base64.b64decode(data) if piece.get("base64Encoded") else data.encode())
                if piece["eof"]:
                    break
        self._call("IO.close", {"handle": stream})

    def picture(self, output: Path) -> None:
        size = self._call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": min(max(size["height"], 1), TALLEST), "scale": 1}
        asked = {"format": "png", "captureBeyondViewport": True, "clip": clip}
        output.write_bytes(base64.b64decode(self._call("Page.captureScreenshot", asked)["data"]))

    def _reply(self, asked: dict[str, Any]) -> None:
        found = self._answer(asked["request"]["url"]) if asked["request"]["method"] == "GET" else None
        if found is None:
            refused = {"requestId": asked["requestId"], "errorReason": "AddressUnreachable"}
            self._browser.send("Fetch.failRequest", refused, self._session)
            return
        headers = [{"name": "Content-Type", "value": found.media_type}]
        headers += [{"name": name, "value": value} for name, value in found.headers]
        body = base64.b64encode(found.body).decode()
        told = {"requestId": asked["requestId"], "responseCode": found.status, "responseHeaders": headers}
        self._browser.send("Fetch.fulfillRequest", {**told, "body": body}, self._session)

    def _call(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        return self._browser.call(method, params, self._session)


def _dated(content: bytes, at: datetime) -> bytes:
    """The PDF with `at` (UTC) in place of the clock's time: as long as before, so no offset moves."""
    moment = at.strftime("%Y%m%d%H%M%S").encode()
    return _DATES.sub(rb"\g<1>" + moment + rb"+00'00')", content)
