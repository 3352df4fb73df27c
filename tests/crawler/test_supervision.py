from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from core.model import Run
from core.settings import Settings
from core.source import Source
from crawler import supervision, worker
from crawler.outfit import Outfit
from crawler.spider import PatrolSpider

RULES = {
    "id": "s", "title": "t", "channel": "forum", "basis": "b", "start": ["http://s.test/"],
    "list": {"items": "li", "link": {"select": "a::attr(href)"}},
    "post": {"fields": {"body": {"select": ".b"}}}, "expect": {"fields": {"body": 0.9}},
}  # fmt: skip


@pytest.fixture
def outfit() -> Iterator[Outfit]:
    intake: Any = None  # nobody hands in anything here
    kit = worker.outfit(Settings(), Source.model_validate_json(json.dumps(RULES)), intake)
    yield kit
    asyncio.run(kit.egress.close())  # its port is taken when it is made


def watched(outfit: Outfit) -> Crawler:
    crawler = Crawler(PatrolSpider)
    supervision.watch(crawler, outfit)
    return crawler


def test_an_error_of_ours_is_named_with_its_page_and_makes_the_run_suspect(outfit: Outfit) -> None:
    response = Response("http://s.test/p/1", request=Request("http://s.test/p/1", meta={"kind": "post"}))
    crawler = watched(outfit)
    try:
        raise ValueError("no such thing\nsecond line")
    except ValueError:
        crawler.signals.send_catch_log(
            signals.spider_error, failure=Failure(), response=response, spider=None
        )
    (trouble,) = outfit.tally.troubles
    assert (trouble.level, trouble.url) == ("error", "http://s.test/p/1")
    assert "ValueError: no such thing" in trouble.text
    assert "second line" not in trouble.text
    assert outfit.tally.fields.shares() == {"body": (0, 1)}
    outfit.tally.counts["pages"] = outfit.tally.counts["posts"] = 5
    run = Run.model_construct(kind="visit")
    assert worker._state(outfit.source, run, outfit.tally, "finished") == "suspect"
    assert "1 页读取时程序出错" in outfit.tally.troubles[-1].text


def test_a_run_is_told_to_end_when_its_time_and_the_grace_are_over(
    outfit: Outfit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "_GRACE_SECONDS", 0.05 - outfit.source.budget.minutes * 60)

    async def begin() -> bool:
        watched(outfit).signals.send_catch_log(signals.spider_opened, spider=None)
        before = outfit.ending.is_set()
        await asyncio.wait_for(outfit.ending.wait(), 30)
        return before

    assert asyncio.run(begin()) is False
