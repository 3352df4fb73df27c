from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from core.model import Post, Run
from core.source import Source
from crawler.health import Yield
from crawler.outfit import MOST_TROUBLES, Tally
from crawler.worker import _state

NOW = datetime(2026, 9, 1, tzinfo=UTC)
RUN = Run(id="r", kind="crawl", source_id="s", state="running", planned_at=NOW)


def source(**fields: float) -> Source:
    rule = {"select": "p"}
    return Source.model_validate(
        {
            "id": "s", "title": "t", "channel": "forum", "basis": "b", "start": ("http://s.test/",),
            "list": {"items": "li", "link": rule},
            "post": {"fields": {"body": rule, "author": rule, "contact": rule, "anchor": rule, "title": rule | {"whole_page": True}}},
            "expect": {"fields": fields},
        }
    )  # fmt: skip


def post(**values: Any) -> Post:
    given = {
        "id": "p",
        "source_id": "s",
        "channel": "forum",
        "url": "http://s.test/1",
        "body": "b",
        "seen_at": NOW,
    }
    return Post.model_validate(given | values)


def read(source: Source, posts: int, with_author: int) -> Yield:
    found = Yield(source)
    for number in range(posts):
        found.read((post(author="甲" if number < with_author else None),))
    return found


@pytest.mark.parametrize(("had", "faults"), [(10, 0), (9, 0), (8, 1), (0, 1)])
def test_a_share_below_the_expected_one_is_a_fault(had: int, faults: int) -> None:
    found = read(source(author=0.9), 10, had).faults()
    assert len(found) == faults
    assert all("author" in said and "页面结构变了" in said for said in found)


def test_few_posts_say_nothing_unless_one_wants_to_hear_it() -> None:
    assert read(source(author=1.0), 4, 0).faults() == []
    assert len(read(source(author=1.0), 4, 0).faults(least_sample=1)) == 1
    assert read(source(author=1.0), 0, 0).faults(least_sample=1) == []


def test_a_page_without_posts_lacks_what_was_expected_of_it() -> None:
    found = read(source(author=0.9), 10, 10)
    found.unread()
    assert found.faults() == []
    found.unread()
    assert found.shares() == {"author": (10, 12)}
    assert len(found.faults()) == 1


def test_fields_of_the_page_belong_to_its_first_post_and_lists_count_when_not_empty() -> None:
    found = Yield(source(title=1.0, contact=1.0, anchor=1.0))
    floor = post(url="http://s.test/1#f2", contacts=("1",))
    found.read((post(title="题", contacts=("1",)), floor, post(contacts=())))
    assert found.shares() == {"title": (1, 1), "contact": (2, 3), "anchor": (2, 3)}


@pytest.mark.parametrize(("had", "state"), [(10, "done"), (2, "suspect")])
def test_a_run_whose_pages_lost_a_field_is_suspect_and_says_so_last(had: int, state: str) -> None:
    watched = source(author=0.9)
    tally = Tally(read(watched, 10, had))
    tally.counts.update(pages=11, posts=10)
    for _ in range(MOST_TROUBLES + 5):
        tally.trouble("info", "much else")
    assert _state(watched, RUN, tally, "finished") == state
    assert ("页面结构变了" in tally.troubles[-1].text) == (state == "suspect")
    # A visit of one address is no sample of the source.
    visit = RUN.model_copy(update={"kind": "visit"})
    assert _state(watched, visit, tally, "finished") == "done"


def test_an_expected_field_must_be_read_and_its_share_be_one() -> None:
    with pytest.raises(ValueError, match="does not read"):
        source(price=0.5)
    with pytest.raises(ValueError, match="less than or equal to 1"):
        source(author=90)


def test_a_reveals_address_and_values_name_the_same_parts() -> None:
    plain = source().model_dump(mode="python")
    for address in ("/ask?id={key}", "/ask?id={id", "/ask"):
        plain["post"]["reveal"] = {
            "address": address,
            "values": {"id": {"select": "b"}},
            "contacts": {"电话": {"select": "t"}},
        }
        with pytest.raises(ValueError, match="address"):
            Source.model_validate(plain)
