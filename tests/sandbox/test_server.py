"""The town as served: both ways of reaching it, the pretended date, pages that hold the truth."""

from __future__ import annotations

import html
import json
import re
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from sandbox import clock
from sandbox.census import HOSTS
from tests.cli.processes import PATIENCE


def shown(body: bytes, encoding: str) -> str:
    """A page's text as a reader sees it, without blanks."""
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]*>", "", body.decode(encoding))))


def drawn(running: Any, record: dict[str, Any]) -> str:
    """The text of a post's page or, where JavaScript draws, of its data call."""
    if record["site"] == "tuwen":
        data = json.loads(running.get(f"http://tuwen.test/api/sns/note/{record['native_id']}").body)["data"]
        return re.sub(r"\s+", "", data["title"] + data["desc"])
    return shown(running.get(record["url"]).body, "gbk" if record["site"] == "jiajiao" else "utf-8")


def recover(running: Any, record: dict[str, Any]) -> None:
    """Ask until a busy page has recovered."""
    busy = running.get(record["url"])
    while busy.status == 429:
        with pytest.raises(subprocess.TimeoutExpired):
            running.process.wait(float(busy.headers["retry-after"]))
        busy = running.get(record["url"])


@pytest.mark.parametrize("host", HOSTS)
def test_both_routings_answer_alike(running: Any, host: str) -> None:
    for path in ("/", "/robots.txt", "/favicon.ico", "/static/logo.png"):
        plain, proxied = running.ask(host, path), running.ask(host, path, proxy=True)
        assert plain.status == proxied.status == 200
        assert plain.body == proxied.body
        assert plain.headers["content-type"] == proxied.headers["content-type"]


def test_unknown_hosts_and_methods_are_refused(running: Any) -> None:
    assert running.ask("elsewhere.test", "/").status == 421
    assert running.ask("elsewhere.test", "/", proxy=True).status == 421
    assert running.ask("xinwen.test", "/", method="POST").status == 405
    head = running.ask("xinwen.test", "/", method="HEAD")
    assert (head.status, head.body) == (200, b"")


def test_the_date_is_pretended(running: Any) -> None:
    told = parsedate_to_datetime(running.ask("xinwen.test", "/").headers["date"])
    opening = clock.opening(running.first["town"]["day"])
    assert running.first["town"]["date"] == "2026-09-04"
    assert opening <= told <= opening + timedelta(hours=1)


def test_every_crawlable_post_is_served_with_its_text(running: Any) -> None:
    for record in running.crawlable():
        recover(running, record)
        seen = drawn(running, record)
        for part in [record["title"], *record["text"].split("\n")]:
            assert re.sub(r"\s+", "", part) in seen, record["url"]


def test_picture_texts_are_pictures_and_not_text(running: Any) -> None:
    for record in running.crawlable("tuwen"):
        if record["text_in_picture"]:
            picture = running.get(f"http://tuwen.test/img/{record['native_id']}-1.png")
            assert picture.body.startswith(b"\x89PNG")
            assert len(picture.body) > 5000
            assert re.sub(r"\s+", "", record["picture_text"])[:30] not in drawn(running, record)


def test_hidden_contacts_come_by_the_allowed_data_call_only(running: Any) -> None:
    hidden = [r for r in running.crawlable("jiazheng") if any(c["hidden"] for c in r["contacts"])]
    assert len(hidden) > 20
    for record in hidden[:20]:
        recover(running, record)
        page = running.get(record["url"]).body.decode()
        match = re.search(r'<button class="show-tel" data-id="(\w+)" data-k="(\w+)"', page)
        assert match
        assert not any(contact["value"] in page for contact in record["contacts"])
        told = json.loads(running.get(f"http://jiazheng.test/ajax/contact?id={match[1]}&k={match[2]}").body)
        names = {"phone": "tel", "wechat": "wx", "qq": "qq"}
        assert all(told[names[c["kind"]]] == c["value"] for c in record["contacts"])
    assert running.get("http://jiazheng.test/ajax/contact?id=1&k=2").status == 403


def test_gbk_pages_are_really_gbk(running: Any) -> None:
    answer = running.get("http://jiajiao.test/list/1.html")
    assert "charset=gbk" in answer.headers["content-type"]
    assert "下一页" in answer.body.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")


def listed(running: Any, host: str, path: str, item: str, after: str) -> set[str]:
    """All addresses of a paged list."""
    found: set[str] = set()
    while path:
        body = running.ask(host, path).body.decode("gbk" if host == "jiajiao.test" else "utf-8")
        found |= {f"http://{host}{where}" for where in re.findall(item, body)}
        following = re.search(after, body)
        path = html.unescape(following[1]) if following else ""
    return found


LISTS = [
    ("jiajiao.test", ["/list/1.html"], r'<td class="t"><a href="([^"]+)"', r'class="next" href="([^"]+)"'),
    ("zhipin.test", ["/api/jobs?page=1&size=15"], r'"url": "([^"]+)"', r'"next": "([^"]+)"'),
    ("luntan.test", ["/board/7", "/board/3"], r'class="xst" href="([^"]+)"', r'class="nxt" href="([^"]+)"'),
    ("jiazheng.test", ["/fuwu/"], r'<h3><a href="([^"]+)"', r'class="pager-next" href="([^"]+)"'),
    ("xinwen.test", ["/news/index.html"], r'<li><a href="([^"]+)"', r'class="next-page" href="([^"]+)"'),
]


@pytest.mark.parametrize(("host", "starts", "item", "after"), LISTS, ids=[row[0] for row in LISTS])
def test_lists_lead_to_everything(running: Any, host: str, starts: list[str], item: str, after: str) -> None:
    found = set().union(*(listed(running, host, path, item, after) for path in starts))
    site = host.removesuffix(".test")
    wanted = {
        r["url"]
        for r in running.records
        if r["site"] == site and r["why_not"] != "gone" and "#" not in r["url"]
    }
    assert found == wanted


def test_the_feed_leads_to_everything(running: Any) -> None:
    found: set[str] = set()
    cursor, more = "0", True
    while more:
        data = json.loads(running.get(f"http://tuwen.test/api/sns/feed?cursor={cursor}&num=12").body)["data"]
        found |= {"http://tuwen.test" + item["url"] for item in data["items"]}
        cursor, more = data["cursor"], data["has_more"]
    assert found == {r["url"] for r in running.records if r["site"] == "tuwen" and r["why_not"] != "gone"}


def test_job_postings_are_structured(running: Any) -> None:
    record = running.crawlable("zhipin")[0]
    recover(running, record)
    page = running.get(record["url"]).body.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found
    posting = json.loads(found[1])
    assert posting["@type"] == "JobPosting"
    assert posting["title"] == record["title"]
    assert html.unescape(posting["description"].replace("<br>\n", "\n")) == record["text"]


def test_lists_beyond_the_last_page_are_missing(running: Any) -> None:
    for url in ("jiajiao.test/list/0.html", "jiajiao.test/list/99.html", "luntan.test/board/7?page=99",
                "luntan.test/board/9", "jiazheng.test/fuwu/pn99/", "xinwen.test/news/index_99.html",
                "tuwen.test/api/sns/note/0", "tuwen.test/nothing", "zhipin.test/nothing"):  # fmt: skip
        assert running.get(f"http://{url}").status == 404, url
    assert running.get("http://zhipin.test/api/jobs?page=x").status == 400


def test_relative_dates_are_meant_against_the_date_header(running: Any) -> None:
    for record in running.crawlable("jiazheng")[:40]:
        recover(running, record)
        answer = running.get(record["url"])
        told = re.search(r'<span class="refresh-time">([^<]+)</span>', answer.body.decode())
        now = parsedate_to_datetime(answer.headers["date"]).astimezone(clock.BEIJING)
        published = datetime.fromisoformat(record["published"])
        assert told
        # The header and the page are written one after the other: a minute may pass between them.
        around = {clock.relative(published, now - timedelta(seconds=s)) for s in range(61)}
        assert told[1] in around


def test_the_log_has_each_request(running: Any) -> None:
    running.ask("xinwen.test", "/robots.txt?mark=1", proxy=True)
    last = [entry for entry in running.logged() if entry["path"] == "/robots.txt?mark=1"]
    assert len(last) == 1
    assert {**last[0], "t": 0} == {"t": 0, "host": "xinwen.test", "method": "GET", "path": "/robots.txt?mark=1",
                                   "agent": "tester/1", "status": 200}  # fmt: skip


def test_it_ends_with_its_parent(tmp_path: Any) -> None:
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    command = [sys.executable, "-m", "sandbox", "--truth", f"{tmp_path}/t", "--log", f"{tmp_path}/l"]
    town = subprocess.Popen([*command, "--parent-pid", str(parent.pid)], stdout=subprocess.PIPE, text=True)
    assert town.stdout is not None
    assert "listening" in town.stdout.readline()
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert town.wait(PATIENCE) == 0
    town.stdout.close()
    assert parent.stdin is not None
    parent.stdin.close()


def test_a_wrong_day_is_refused(tmp_path: Any) -> None:
    command = [sys.executable, "-m", "sandbox", "--truth", f"{tmp_path}/t", "--log", f"{tmp_path}/l", "--day"]
    for day in ("2026-08-31", "soon", "-1"):
        refused = subprocess.run([*command, day], capture_output=True, text=True, check=False)
        assert refused.returncode == 2
        assert "day" in refused.stderr


def test_the_news_site_has_a_feed_of_the_newest(running: Any) -> None:
    feed = running.get("http://xinwen.test/rss.xml")
    assert feed.headers["content-type"].startswith("application/rss+xml")
    links = re.findall(r"<guid>([^<]+)</guid>", feed.body.decode())
    newest = sorted(running.crawlable("xinwen"), key=lambda r: r["published"], reverse=True)
    assert len(links) == 20
    assert set(links) <= {record["url"] for record in newest[:25]}


def test_unchanged_pages_are_told_by_their_tag_and_lists_by_a_version(
    running: Any, start_town: Any, tmp_path: Any
) -> None:
    url = next(record["url"] for record in running.crawlable("xinwen"))
    path = url.removeprefix("http://xinwen.test")
    first = running.get(url)
    tag = first.headers["etag"]
    assert running.ask("xinwen.test", path, known=tag).status == 304
    assert running.ask("xinwen.test", path, known='"other"').body == first.body
    # A later day edits posts: what reads otherwise has another version in the list.
    later = start_town(tmp_path, "--seed", "5", "--day", "2026-09-06", "--port", "0")
    before, after = (
        {
            item["url"]: item["version"]
            for item in json.loads(town.get("http://zhipin.test/api/jobs?size=50").body)["data"]["list"]
        }
        for town in (running, later)
    )
    both = before.keys() & after.keys()
    texts = [
        {r["url"]: r["title"] + r["text"] for r in town.crawlable("zhipin")} for town in (running, later)
    ]
    edited = {f"http://zhipin.test{path}" for path in both if before[path] != after[path]}
    assert edited == {
        f"http://zhipin.test{path}" for path in both
        if texts[0].get(f"http://zhipin.test{path}") != texts[1].get(f"http://zhipin.test{path}")
    }  # fmt: skip
    assert both
