"""A run that only tries again what an earlier look could not get."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from scrapy.http import Request, Response
from twisted.python.failure import Failure

from core.model import Capture, Exchange, Missing
from crawler import failures
from crawler.circumstances import Circumstances
from crawler.looks import SecondLooks
from crawler.outfit import Again, Outfit
from crawler.politeness import RunEnds


class Retakes:
    """Asks for the parts, each by itself and in its turn; hands in what came, and what did not, for each evidence."""

    def __init__(self, outfit: Outfit, again: Again, sheet: Circumstances, looks: SecondLooks) -> None:
        self._source, self._intake, self._tally = outfit.source, outfit.intake, outfit.tally
        self._again, self._sheet, self._looks = again, sheet, looks
        self._began = datetime.now(UTC)
        self._left = {name: len(urls) for name, urls in again.parts.items()}
        self._got: dict[str, list[Exchange]] = {name: [] for name in again.parts}
        self._lost: dict[str, list[Missing]] = {name: [] for name in again.parts}

    def requests(self) -> Iterator[Request]:
        """The page's look first, if that is lacking; then each part."""
        if self._again.look:
            yield from self._looks.request(self._again.finding_id, self._again.url)
        for name, urls in self._again.parts.items():
            for url in urls:
                meta = {"kind": "part", "evidence": name, "part": url, "handle_httpstatus_all": True}
                yield Request(url, self._came, errback=self._failed, meta=meta, dont_filter=True)

    async def _came(self, response: Response) -> None:
        """Whatever the site answers is what it says today: also that it has the part no more."""
        self._tally.counts["parts"] += 1
        self._got[response.meta["evidence"]] += response.meta.get("exchanges", ())
        await self._one_less(response.meta["evidence"])

    async def _failed(self, failure: Failure) -> None:
        if isinstance(failure.value, RunEnds):
            return  # nothing was learnt of the part: what it belongs to is not sealed half, it stays lacking
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        kind, said = failures.told(failure.value, self._source.budget.body_bytes)
        self._tally.counts[kind] += 1
        url = request.meta["part"]
        cause = f"{url[:200]}：补取时仍未取到：{said}"
        self._lost[request.meta["evidence"]].append(Missing(role="exchange", cause=cause, url=url))
        await self._one_less(request.meta["evidence"])

    async def _one_less(self, name: str) -> None:
        self._left[name] -= 1
        if self._left[name]:
            return
        capture = Capture(
            url=self._again.url, started_at=self._began, ended_at=datetime.now(UTC),
            exchanges=tuple(self._got[name]), missing=tuple(self._lost[name]), provenance=self._sheet.common,
        )  # fmt: skip
        await self._intake.keep_again(self._again.finding_id, name, self._sheet.complete(capture, {}, ""))
