"""Over the spider's shoulder: its own errors reach the run's record, and its time ends also under a page that does not."""

from __future__ import annotations

import asyncio
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.outfit import Outfit

# Scrapy ends a run whose time is over when what is under way has come. That may take a whole page of the browser;
# what takes longer is dropped, and the next run asks for it.
_GRACE_SECONDS = 120.0


def watch(crawler: Crawler, outfit: Outfit) -> None:
    """To be called before the crawl begins."""
    # Scrapy keeps its listeners by weak references: these live as long as the crawler.
    crawler.wangxun_listeners = listeners = _Listeners(outfit)  # type: ignore[attr-defined]  # ours, on their object
    crawler.signals.connect(listeners.broke, signals.spider_error)
    crawler.signals.connect(listeners.began, signals.spider_opened)


class _Listeners:
    def __init__(self, outfit: Outfit) -> None:
        self._tally, self._ending = outfit.tally, outfit.ending
        self._seconds = outfit.source.budget.minutes * 60 + _GRACE_SECONDS

    def broke(self, failure: Failure, response: Response, **_: Any) -> None:
        """An error of ours while a page was read: without this, only a stack trace on a terminal that nobody sees."""
        self._tally.counts["broken"] += 1
        if response.meta.get("kind") == "post":
            self._tally.fields.unread()
        said = f"{failure.type.__name__ if failure.type else 'Error'}: {failure.value}".splitlines()[0][:200]
        self._tally.trouble("error", f"读取这一页时程序出错，这一页没有读成：{said}", response.url)

    def began(self, **_: Any) -> None:
        """From here the run's time counts."""
        asyncio.get_running_loop().call_later(self._seconds, self._ending.set)
