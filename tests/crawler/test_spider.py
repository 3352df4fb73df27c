"""Whole crawls of the little town, each in a process of its own, with an intake that only writes down."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

Run = Callable[..., dict[str, Any]]
pytestmark = pytest.mark.browser


def gaps(town: Any, host: str) -> list[float]:
    times = sorted(item["t"] for item in town.requests() if item["host"] == host)
    return [after - before for before, after in pairwise(times)]


def test_adverts_are_read_and_traps_are_not(fake_run: Run, town: Any) -> None:
    got = fake_run("ads", 0.1)
    bodies = {post["url"]: post["body"].split("\n")[0] for post in got["posts"]}
    assert bodies == {
        "http://ads.test/info/plain.html": "高中数学一对一 电话13800000000",
        "http://ads.test/info/slow.html": "英语家教 每小时两百元",
        "http://ads.test/info/lying.html": "初中物理补习 李老师",
    }
    counts = got["counts"]
    named = {
        name: counts.get(name)
        for name in ("gone", "login_wall", "captcha", "too_large", "turned_away", "looks")
    }
    assert named == {"gone": 1, "login_wall": 1, "captcha": 1, "too_large": 1, "turned_away": 1, "looks": 3}
    assert got["reason"] == "finished"
    assert [(url, status) for url, status, _, _ in got["absent"]] == [
        ("http://ads.test/info/missing.html", 404)
    ]
    # By the town's own log: nothing forbidden or foreign was asked for, nobody came too early, everybody said who.
    assert not [
        item for item in town.requests() if item["path"].startswith("/vip") or item["host"] != "ads.test"
    ]
    assert min(gaps(town, "ads.test")) >= 0.1
    assert all("Wangxun" in item["agent"] for item in town.requests())
    slow = [item for item in town.requests() if item["path"] == "/info/slow.html"]
    assert slow[0]["status"] == 429
    assert slow[1]["t"] - slow[0]["t"] >= 1


def test_records_keep_bytes_and_charset_and_no_session(fake_run: Run) -> None:
    got = fake_run("ads")
    post = next(item for item in got["posts"] if item["url"].endswith("plain.html"))
    assert "高中数学" in bytes.fromhex(post["bodies"][0]).decode("gbk")
    assert "charset=gbk" in post["heads"][-1]
    assert "secret" not in str(post["heads"])
    look = next(item for item in got["looks"] if item["url"].endswith("plain.html"))
    assert set(look["roles"]) == {"dom", "text", "screenshot"}
    assert "高中数学" in look["text"]
    by_url = {url: (head, bytes.fromhex(body)) for url, head, body in look["exchanges"]}
    head, body = by_url["http://ads.test/info/plain.html"]
    assert "高中数学" in body.decode("gbk")
    assert "charset=gbk" in head
    assert "secret" not in head
    assert by_url["http://ads.test/p.png"][1].startswith(b"\x89PNG")


def test_drawn_pages_scroll_to_their_end_at_the_sites_pace(fake_run: Run, town: Any) -> None:
    got = fake_run("drawn", 0.1)
    assert sorted(post["url"] for post in got["posts"]) == [
        f"http://drawn.test/note/{number}" for number in range(6)
    ]
    assert {post["body"] for post in got["posts"]} == {"一对一辅导"}
    assert min(gaps(town, "drawn.test")) >= 0.1
    assert got["counts"]["looks"] == 6


def test_floors_have_a_look_each(fake_run: Run) -> None:
    got = fake_run("forum")
    assert [(post["url"], post["title"]) for post in got["posts"]] == [
        ("http://forum.test/t/1", "谁认识好的钢琴老师"), ("http://forum.test/t/1#floor-2", ""),
    ]  # fmt: skip
    assert sorted(look["url"] for look in got["looks"]) == [
        "http://forum.test/t/1",
        "http://forum.test/t/1#floor-2",
    ]


def test_a_slow_judge_does_not_change_the_pace(fake_run: Run, town: Any) -> None:
    fake_run("ads", 0.05, judge="slow")
    first_look = next(i for i, item in enumerate(town.requests()) if item["path"] == "/a.css")
    # The lists and posts were all asked for before the first judgement, which waits for the last, asked for a look.
    assert (
        len({item["path"] for item in town.requests()[:first_look]} & {"/list/2", "/info/captcha.html"}) == 2
    )
