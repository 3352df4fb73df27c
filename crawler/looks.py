"""The second look: the page as drawn, with its picture, for each finding that still needs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from core.errors import NotFound, PageChanged
from core.model import Capture
from crawler import captures, failures, walls
from crawler import reading as read
from crawler.circumstances import Circumstances
from crawler.outfit import Outfit
from crawler.politeness import RunEnds

# A page that came in part or as something else is kept as far as it came; a wall or a refusal is no content.
_KEPT = ("failed", "gone")
CHINESE: dict[walls.Wall, str] = {
    "login_wall": "网站要求登录", "captcha": "网站要求验证码", "blocked": "网站拦截了访问",
}  # fmt: skip


class SecondLooks:
    """Asks for looks and takes their answers; a finding gets one look a run."""

    def __init__(
        self, outfit: Outfit, sheet: Circumstances, browser: Callable[[], dict[str, Any]],
        fetched: Callable[[Response], read.Fetched],
    ) -> None:  # fmt: skip
        self._source, self._intake, self._tally = outfit.source, outfit.intake, outfit.tally
        self._sheet = sheet
        self._browser, self._fetched = browser, fetched
        self._asked: set[str] = set()

    def request(self, finding_id: str, url: str) -> list[Request]:
        """The request of a look, unless this run has asked for it already."""
        if finding_id in self._asked:
            return []
        self._asked.add(finding_id)
        meta = {"kind": "look", "finding_id": finding_id, "look_url": url, **self._browser()}
        # Each floor of a thread has its own look at the same address, hence no filter.
        return [Request(url, self.answered, errback=self.failed, meta=meta, priority=20, dont_filter=True)]

    async def answered(self, response: Response) -> None:
        """Kept when it shows the post's page, missed with its cause when it shows a wall."""
        meta, fetched = response.meta, self._fetched(response)
        try:
            found = read.read_post(fetched.page(), self._source, fetched.received_at)
        except PageChanged:
            found = ()  # no wall either: it is kept as it is, an officer sees what stands there now
        if isinstance(found, str):
            self._tally.counts[found] += 1
            self._tally.trouble("warning", CHINESE[found], response.url)
            await self._missed(meta["finding_id"], f"再次访问时{CHINESE[found]}")
            return
        capture = captures.of_visit(meta["visit"], meta["look_url"], self._sheet)
        await self._attach(meta["finding_id"], capture)

    async def failed(self, failure: Failure) -> None:
        """No page came: the finding gets the cause and whatever did come, and what did not is named.

        If it was our browser that died, or the run that was told to end, the look stays pending.
        """
        if isinstance(failure.value, RunEnds):
            return
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        kind, said = failures.told(failure.value, self._source.budget.body_bytes)
        self._tally.counts[kind] += 1
        if kind not in failures.QUIET:
            self._tally.trouble("warning", said, request.url)
        if kind == "browser_lost":
            return
        visit, finding_id = request.meta["visit"], request.meta["finding_id"]
        late = visit.recorder.late and "脚本" not in said
        cause = f"再次访问失败：{'取证时限已到，页面没有打开' if late else said}"
        if kind not in _KEPT or not visit.recorder.exchanges:
            await self._missed(finding_id, cause[:300])
            return
        visit.lack_all(("dom", "text", "screenshot"), cause)
        capture = captures.of_visit(visit, request.meta["look_url"], self._sheet)
        if kind == "gone":
            status = cast("HttpError", failure.value).response.status
            await self._intake.gone(request.meta["look_url"], status, capture, finding_id)
        else:
            self._tally.counts["looks_missed"] += 1
            await self._attach(finding_id, capture, 0)

    async def _attach(self, finding_id: str, capture: Capture, looks: int = 1) -> None:
        try:
            await self._intake.attach(finding_id, capture)
        except NotFound as error:
            self._tally.trouble("warning", str(error), capture.url)
            return
        self._tally.counts["looks"] += looks

    async def _missed(self, finding_id: str, cause: str) -> None:
        self._tally.counts["looks_missed"] += 1
        await self._intake.miss(finding_id, cause)
