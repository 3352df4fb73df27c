"""Each trap answers as promised."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from sandbox.census import SITES
from sandbox.town import BUSY_SLOT, LYING_SLOT, Town
from sandbox.traps import RETRY_AFTER


def native_of(site: str, number: int) -> str:
    """The address of the post in a slot of the running town (seed 5, day 3)."""
    posts = Town(5, 3).posts[site]
    return next(post.url for post in posts if post.slot.number == number and post.slot.thread is None)


@pytest.mark.parametrize("site", SITES)
def test_busy_pages_recover(fresh: Any, site: str) -> None:
    url = native_of(site, BUSY_SLOT)
    asked = time.monotonic()
    first, second = fresh.get(url), fresh.get(url)
    in_time = time.monotonic() - asked < RETRY_AFTER  # else this machine was busier than the page
    for refused in (first, second) if in_time else (first,):
        assert refused.status == 429
        assert refused.headers["retry-after"] == str(RETRY_AFTER)
    with pytest.raises(subprocess.TimeoutExpired):
        fresh.process.wait(RETRY_AFTER)
    assert [fresh.get(url).status for _ in range(3)] == [200, 200, 200]
    assert next(r for r in fresh.records if r["url"] == url)["crawlable"]


@pytest.mark.parametrize("site", SITES)
def test_headers_lie_about_the_charset(running: Any, site: str) -> None:
    url = native_of(site, LYING_SLOT)
    answer = running.get(url)
    truly, claimed = ("gbk", "utf-8") if site == "jiajiao" else ("utf-8", "gbk")
    assert answer.headers["content-type"].endswith(claimed)
    text = answer.body.decode(truly)
    record = next(r for r in running.records if r["url"] == url)
    assert record["crawlable"]
    # The social site's shell carries no text; its data call does not lie.
    assert site == "tuwen" or record["title"] in text


@pytest.mark.parametrize("site", SITES)
def test_missing_gone_and_captcha(running: Any, site: str) -> None:
    assert running.get(running.trap(site, "not_found")["url"]).status == 404
    assert running.get(running.trap(site, "gone")["url"]).status in (404, 410)
    captcha = running.get(running.trap(site, "captcha")["url"])
    assert captcha.status == 200
    assert "验证码" in captcha.body.decode("gbk" if site == "jiajiao" else "utf-8")


@pytest.mark.parametrize("site", SITES)
def test_login_walls(running: Any, site: str) -> None:
    answer = running.get(running.trap(site, "login_wall")["url"])
    if site in ("jiajiao", "zhipin", "luntan"):
        assert answer.status == 302
        answer = running.get(f"http://{site}.test{answer.headers['location']}")
    assert answer.status == 200
    assert "登录" in answer.body.decode("gbk" if site == "jiajiao" else "utf-8")


@pytest.mark.parametrize("site", SITES)
def test_redirect_loops(running: Any, site: str) -> None:
    path = first = running.trap(site, "redirect_loop")["url"].removeprefix(f"http://{site}.test")
    seen = []
    for _ in range(4):
        answer = running.ask(f"{site}.test", path)
        assert answer.status == 302
        path = answer.headers["location"]
        seen.append(path)
    assert seen[1] == seen[3] == first


@pytest.mark.parametrize("site", SITES)
def test_endless_pages(running: Any, site: str) -> None:
    answer = running.get(running.trap(site, "too_large")["url"])
    assert answer.status == 200
    assert len(answer.body) >= 30 * 1024 * 1024
    assert ("content-length" in answer.headers) == (site == "zhipin")


@pytest.mark.parametrize("site", SITES)
def test_robots_forbids_the_bait(running: Any, site: str) -> None:
    robots = running.ask(f"{site}.test", "/robots.txt").body.decode()
    forbidden = re.findall(r"Disallow: (\S+)", robots)
    bait = [r for r in running.records if r["site"] == site and r["why_not"] == "disallowed"]
    assert bait
    for record in bait:
        path = record["url"].removeprefix(f"http://{site}.test")
        assert any(path.startswith(rule) for rule in forbidden)
        assert running.get(record["url"]).status == 200


def test_uncrawlable_addresses_accuse_nobody(running: Any) -> None:
    for record in running.records:
        assert record["crawlable"] or not (record["violation"] or record["contacts"] or record["text"])


@pytest.fixture
def fresh(tmp_path: Path, start_town: Any) -> Any:
    return start_town(tmp_path, "--seed", "5", "--day", "3")
