from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import BadInput, PageChanged
from core.source import Source
from crawler.cases import Case, case_of, extract, load, save
from crawler.reading import Fetched

FIELD = {"select": "p"}
SOURCE = Source.model_validate(
    {
        "id": "s", "title": "t", "channel": "forum", "basis": "b", "start": ("http://s.test/",),
        "list": {"items": "li", "link": {"select": "a::attr(href)"}, "updated": {"select": "i"}},
        "post": {
            "fields": {"body": FIELD},
            "reveal": {"address": "/ask/{n}", "values": {"n": {"select": "b"}}, "contacts": {"电话": {"select": "tel"}}},
        },
    }
)  # fmt: skip
NOW = datetime(2026, 9, 1, tzinfo=UTC)
POST = Fetched("post", "http://s.test/1", "text/html", "", "<p>补课</p><b>7</b>".encode(), NOW)
ANSWER = Fetched("reveal", "http://s.test/ask/7", "application/json", "", b'{"tel": "13800000000"}', NOW)


def test_a_case_is_written_and_read_back_whole(tmp_path: Path) -> None:
    case = Case(POST, (ANSWER,))
    save(tmp_path / "s" / "x", case, SOURCE)
    again, expected = load(tmp_path / "s" / "x")
    assert again == case
    assert expected == extract(case, SOURCE)
    assert expected["hidden_at"] == ["http://s.test/ask/7"]
    assert expected["revealed"] == [["电话：13800000000"]]
    with pytest.raises(BadInput, match="there already"):
        save(tmp_path / "s" / "x", case, SOURCE)


def test_walls_lists_and_unread_pages_are_cases_too() -> None:
    def read(kind: str, text: str) -> object:
        return extract(Case(replace(POST, kind=kind, body=text.encode())), SOURCE)

    assert read("post", "请先登录") == {"wall": "login_wall"}
    assert read("list", "请输入验证码") == {"wall": "captcha"}
    assert "unread" in str(read("post", "<i>nothing</i>"))
    assert "unread" in str(read("list", "<i>nothing</i>"))
    posts = {"posts": ["http://s.test/2"], "next": None, "updated": {"http://s.test/2": "v1"}}
    assert read("list", "<li><a href=/2>x</a><i>v1</i></li>") == posts


def test_the_page_of_the_kind_that_was_asked_for_is_the_case() -> None:
    listing = replace(POST, kind="list")
    assert case_of([listing, POST, ANSWER], "post") == Case(POST, (ANSWER,))
    assert case_of([listing, POST, ANSWER], "list") == Case(listing)
    with pytest.raises(PageChanged):
        case_of([], "post")
