from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core.errors import PageChanged
from core.source import Source
from crawler.page import Page, belongs, links, load, posts, visible_text
from crawler.reading import read_post

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
BODY = {"body": {"select": ".b", "clean": ["lines"]}}


def source(list_rule: dict[str, Any] | None = None, post: dict[str, Any] | None = None) -> Source:
    plain = {
        "id": "s", "title": "t", "channel": "forum", "basis": "b", "start": ["http://s.test/"],
        "list": list_rule or {"items": "li", "link": {"select": "a::attr(href)"}},
        "post": post or {"fields": BODY},
    }  # fmt: skip
    return Source.model_validate_json(json.dumps(plain))


def page(text: str, url: str = "http://s.test/x") -> Page:
    return Page(url, text, NOW)


def test_relative_dates_are_meant_against_the_date_header() -> None:
    assert load("u", "", "Tue, 01 Sep 2026 12:00:00 GMT", b"", NOW).now == NOW
    assert load("u", "", "Tue, 01 Sep 2026 12:00:00 -0000", b"", NOW).now == NOW
    assert load("u", "", "rubbish", b"", NOW).now == NOW


def test_links_are_kept_once_in_order_and_within_the_place() -> None:
    text = "<li><a href=/2>x</a><li><a href=/1><li><a href=/2><li><a href=//other.test/><li><a href=http://m.s.test/3></a></li>"
    rule = {"items": "li", "link": {"select": "a::attr(href)"}, "next": {"select": "a.n::attr(href)"}}
    found = links(page(text + "<a class=n href=?p=2>"), source(rule))
    assert found.posts == ("http://s.test/2", "http://s.test/1", "http://m.s.test/3")
    assert found.next == "http://s.test/x?p=2"


def test_links_of_a_json_list() -> None:
    rule = {
        "format": "json",
        "items": "data.list",
        "link": {"select": "url"},
        "next": {"select": "data.next"},
    }
    text = '{"data": {"next": null, "list": [{"url": "/a"}, {"no": 1}, 7, {"url": "/b"}]}}'
    found = links(page(text), source(rule))
    assert (found.posts, found.next) == (("http://s.test/a", "http://s.test/b"), None)
    with pytest.raises(PageChanged, match="not JSON"):
        links(page("<html>"), source(rule))
    with pytest.raises(PageChanged, match="not JSON"):
        links(page("[" * 100_000), source(rule))


def test_floors_are_posts_with_addresses_of_their_own() -> None:
    text = (
        "<h1>求助</h1><div class=f id=f-1><p class=b>一</p></div><div class=f id=f-2><p class=b>二<br>三</p>"
        "<script>x</script></div>"
    )
    fields = BODY | {"title": {"select": "h1", "whole_page": True}, "anchor": {"select": "::attr(id)"}}
    first, second = posts(page(text), source(post={"posts": "div.f", "fields": fields}), NOW)
    assert (first.url, first.title, first.body) == ("http://s.test/x", "求助", "一")
    assert (second.url, second.title, second.body) == ("http://s.test/x#f-2", "", "二\n三")
    assert first.id != second.id


def test_json_ld_is_found_among_broken_and_other_blocks() -> None:
    good = {
        "@graph": [
            {"@type": "WebSite"},
            {"title": "教师", "description": "<p>一对一<br>辅导</p>", "org": {"name": "某"}},
        ]
    }
    script = "<script type='application/ld+json'>{}</script>"
    fields = {"body": {"select": "description", "clean": ["html", "lines"]}, "author": {"select": "org.name"}}
    rule = {"format": "json_ld", "fields": fields}
    text = script.format("{broken") + script.format('"text"') + script.format(json.dumps([good]))
    (post,) = posts(page(text), source(post=rule), NOW)
    assert (post.body, post.author) == ("一对一\n辅导", "某")
    with pytest.raises(PageChanged, match="JSON-LD"):
        posts(page(script.format("[1]")), source(post=rule), NOW)


def test_json_posts() -> None:
    rule = {
        "format": "json",
        "posts": "items",
        "fields": {"body": {"select": "t"}, "native_id": {"select": "id"}},
    }
    found = posts(page('{"items": [{"t": "甲", "id": 1}, {"t": "乙", "id": 2}]}'), source(post=rule), NOW)
    assert [(post.body, post.native_id) for post in found] == [("甲", "1"), ("乙", "2")]


def test_a_page_without_what_the_source_promises_is_no_post() -> None:
    with pytest.raises(PageChanged, match="field body"):
        posts(page("<p>x"), source(), NOW)
    with pytest.raises(PageChanged, match="field title"):
        posts(
            page("<p class=b>x"),
            source(post={"fields": BODY | {"title": {"select": "h1", "required": True}}}),
            NOW,
        )
    with pytest.raises(PageChanged, match="no element"):
        posts(page("<p class=b>x"), source(post={"posts": "div.f", "fields": BODY}), NOW)
    with pytest.raises(PageChanged):
        posts(page(""), source(), NOW)


def test_all_fields() -> None:
    fields = BODY | {
        "published_at": {"select": "time", "clean": ["chinese_date"]}, "price": {"select": ".p", "clean": ["price"]},
        "contact": {"select": ".c", "clean": ["contact"], "many": True},
        "pictures": {"select": "img::attr(src)", "clean": ["absolute_url"], "many": True},
    }  # fmt: skip
    text = "<p class=b>x<p class=p>100元/小时<i class=c>13800000000</i><i class=c>无</i><time>3小时前</time><img src=/1.png>"
    (post,) = posts(page(text), source(post={"fields": fields}), NOW)
    assert (post.price, post.contacts, post.pictures[0].url) == (
        "100元/小时",
        ("13800000000",),
        "http://s.test/1.png",
    )
    assert post.published_at == datetime(2026, 9, 1, 9, tzinfo=UTC)


def test_visible_text_and_belonging() -> None:
    assert visible_text(page("<head><title>t</title></head><p>a</p><style>b</style>")) == "a"
    assert visible_text(page("  ")) == ""
    assert belongs("http://www.s.test/", source())
    assert not belongs("http://evils.test/", source())


@pytest.mark.parametrize(
    "bad", ["http://s.test:abc/x", "http://s.test:999999/", "http://s.test:\u00b2/", "//[::1/x"]
)
def test_a_link_that_is_none_costs_only_itself(bad: str) -> None:
    rule = {"items": "li", "link": {"select": "a::attr(href)", "clean": ["absolute_url"]}}
    found = links(
        page(f"<li><a href=/1></a><li><a href='{bad}'></a><li><a href=javascript:;></a><li><a href=/2></a>"),
        source(rule),
    )
    assert found.posts == ("http://s.test/1", "http://s.test/2")
    assert found.broken == (bad,)


def test_a_tag_with_thousands_of_attributes_is_refused_in_words() -> None:
    many = "<p " + " ".join(f"a{number}=1" for number in range(40_000)) + ">"
    with pytest.raises(PageChanged, match="more than 1000 attributes"):
        posts(page(f"<div class=b>家教</div>{many}"), source(), NOW)
    plain = "<p a=1 b=2>" * 20_000
    assert posts(page(f"<div class=b>家教</div>{plain}"), source(), NOW)[0].body == "家教"


@pytest.mark.parametrize("text", ["{}", "[1]", '"x"', "12"])
def test_a_page_that_happens_to_be_json_is_a_changed_page(text: str) -> None:
    with pytest.raises(PageChanged):
        posts(page(text), source(), NOW)


def test_a_json_post_passes_the_search_for_walls() -> None:
    plain = source(post={"format": "json", "fields": {"title": {"select": "t"}, "body": {"select": "b"}}})
    (found,) = read_post(page('{"t": "家教", "b": "高中数学一对一"}'), plain, NOW)
    assert (found.title, found.body) == ("家教", "高中数学一对一")


def test_no_field_is_longer_than_people_read_and_what_a_title_has_too_much_is_judged() -> None:
    rule = {
        "title": {"select": "h1"},
        "author": {"select": "i"},
        "body": {"select": ".b", "clean": ["lines"]},
    }
    text = f"<h1>{'题' * 400}</h1><i>{'名' * 400}</i><div class=b>{'文' * 200_001}</div>"
    (found,) = posts(page(text), source(post={"fields": rule}), NOW)
    assert found.title == "题" * 300
    assert found.author == "名" * 300
    assert found.body.startswith("题" * 100 + "\n文")
    assert len(found.body) < 200_100
    assert found.body.endswith("（正文过长，其后 102 字未列出，全文见证据）")
