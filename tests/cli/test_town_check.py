"""The demo's checks must be able to fail: each is shown something wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cli.town_check import Score, score, too_fast, unread
from core.model import Finding, Post, Verdict, Version
from core.source import FieldRule, ListRule, Pace, PostRule, Source

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def entry(url: str, *, violation: bool = False, crawlable: bool = True) -> dict[str, Any]:
    return {
        "url": url,
        "violation": violation,
        "crawlable": crawlable,
        "why_not": None if crawlable else "captcha",
    }


def finding(url: str, decision: str = "flagged") -> Finding:
    post = Post(id=url, source_id="s", channel="forum", url=url, body="文", seen_at=NOW)
    verdict = Verdict.model_validate(
        {"decision": decision, "score": 0.9, "rule_version": "r", "model_version": "m"}
    )
    version = Version(
        content_digest="d", post=post, verdict=verdict, evidence_ids=("e",), seen_from=NOW, seen_to=NOW
    )
    return Finding(
        id=url,
        source_id="s",
        channel="forum",
        url=url,
        versions=(version,),
        status="flagged",
        first_seen=NOW,
        last_seen=NOW,
    )


def test_score_counts_wrong_and_missed() -> None:
    truth = [entry("a", violation=True), entry("b"), entry("c", violation=True), entry("d")]
    found = {"a": finding("a"), "b": finding("b"), "d": finding("d", "unsure")}
    result = score(truth, {"a", "b", "c"}, found)
    assert (result.read, result.crawlable, result.flagged, result.unsure) == (3, 4, 2, 1)
    assert (result.wrong, result.missed) == (("b",), ("c",))
    assert result.recall == pytest.approx(0.5)
    assert result.precision == pytest.approx(0.5)


def test_a_site_with_nothing_to_flag_is_perfect_when_nothing_is_flagged() -> None:
    assert (Score(1, 1, 0, 0, (), ()).recall, Score(1, 1, 0, 0, (), ()).precision) == (1.0, 1.0)


def test_unread_posts_and_walls_taken_for_posts_are_named() -> None:
    truth = [entry("a"), entry("b", crawlable=False)]
    assert list(unread(truth, {"b"})) == ["not read: a", "captcha page became a post: b"]
    assert list(unread(truth, {"a"})) == []


def test_a_request_that_comes_too_soon_is_named() -> None:
    link = FieldRule(select="a::attr(href)")
    source = Source(
        id="s", title="站", channel="forum", basis="授权", start=("http://s.test/",), pace=Pace(delay=0.5),
        list=ListRule(items="li", link=link), post=PostRule(fields={"body": FieldRule(select="p")}),
    )  # fmt: skip
    log = [{"t": 1.0, "host": "s.test", "path": "/1"}, {"t": 1.5, "host": "s.test", "path": "/2"}]
    assert list(too_fast(log, [source], {"s": "s.test"})) == []
    log.append({"t": 1.7, "host": "s.test", "path": "/3"})
    assert len(list(too_fast(log, [source], {"s": "s.test"}))) == 1
