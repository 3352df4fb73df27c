from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.mask import in_scope, mask_value, view
from core.model import Actor, Entity, Finding, Post, Review, Span, Verdict, Version

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def finding() -> Finding:
    post = Post(
        id="p",
        source_id="s",
        channel="forum",
        url="http://a.test/1",
        title="家教",
        body="电话13812345678",
        seen_at=NOW,
    )
    phone = Entity(kind="phone", value="13812345678", span=Span(start=5, end=16, text="13812345678"))
    verdict = Verdict(decision="flagged", score=0.9, entities=(phone,), rule_version="r", model_version="m")
    version = Version(
        content_digest="d", post=post, verdict=verdict, evidence_ids=(), seen_from=NOW, seen_to=NOW
    )
    return Finding(
        id="p",
        source_id="s",
        channel="forum",
        url=post.url,
        versions=(version,),
        status="flagged",
        first_seen=NOW,
        last_seen=NOW,
    )


def test_without_a_reason_a_reviewer_sees_masks_everywhere() -> None:
    seen = view(finding(), Actor(officer="li", role="reviewer"))
    assert "12345" not in seen.model_dump_json()
    assert seen.latest.post.title == "家教"
    assert seen.latest.post.body == "电话138******78"


def test_a_name_that_holds_a_number_shows_it_masked() -> None:
    plain = finding()
    name = Entity(
        kind="institution", value="电话13812345678", span=Span(start=3, end=16, text="电话13812345678")
    )
    verdict = plain.latest.verdict.model_copy(update={"entities": (*plain.latest.verdict.entities, name)})
    whole = plain.model_copy(update={"versions": (plain.latest.model_copy(update={"verdict": verdict}),)})
    seen = view(whole, Actor(officer="li", role="reviewer"))
    assert "12345" not in seen.model_dump_json()
    assert [item.value for item in seen.latest.verdict.entities] == ["138******78", "电话138******78"]
    assert view(whole, Actor(officer="li", role="reviewer", reason="核查")) == whole


def test_with_a_reason_a_reviewer_sees_all_and_a_viewer_never() -> None:
    assert view(finding(), Actor(officer="li", role="reviewer", reason="核查")) == finding()
    assert "12345" not in view(finding(), Actor(officer="wu", role="viewer", reason="核查")).model_dump_json()


@pytest.mark.parametrize(
    ("scope", "code", "visible"),
    [("", "330106", True), ("330100", "330106", True), ("330000", "330106", True), ("330106", "330106001", True),
     ("330106", "330105", False), ("3301", None, True), ("330110", "330106", False)],
)  # fmt: skip
def test_scope_is_the_division_and_all_below(scope: str, code: str | None, visible: bool) -> None:
    assert in_scope(Actor(officer="li", role="viewer", region=scope), code) is visible


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("12345", "*****"),
        ("abc123", "ab***3"),
        ("8815000", "88****0"),
        ("88150008", "88****08"),
        ("1234567890", "123*****90"),
        ("13812345678", "138******78"),
    ],
)
def test_of_a_value_at_most_half_is_shown(value: str, shown: str) -> None:
    assert mask_value(value) == shown


def test_numbers_in_other_fields_are_masked_and_prices_stay() -> None:
    whole = finding()
    post = whole.latest.post.model_copy(update={"author": "王老师13812345678", "price": "120元/小时"})
    hidden = whole.model_copy(update={"versions": (whole.latest.model_copy(update={"post": post}),)})
    seen = view(hidden, Actor(officer="li", role="reviewer")).latest.post
    assert seen.author == "王老师138******78"
    assert seen.price == "120元/小时"


def test_half_a_surrogate_pair_becomes_a_mark_where_it_enters() -> None:
    post = Post(
        id="p", source_id="s", channel="forum", url="http://a.test/1", body="家教\ud83d🍠", seen_at=NOW
    )
    assert post.body == "家教\ufffd🍠"


def test_a_contact_that_is_told_in_one_place_is_masked_wherever_it_stands() -> None:
    whole = finding()
    account = Entity(kind="wechat", value="zhang_88", span=Span(start=5, end=13, text="zhang_88"))
    post = whole.latest.post.model_copy(
        update={
            "body": "微信zhang_88，找ZHANG_88，请在线联系客服",
            "author": "zhang_88",
            "url": "http://a.test/zhang_88/",
            "contacts": ("老师qq4455667", "请在线联系客服"),
        }
    )
    verdict = whole.latest.verdict.model_copy(update={"entities": (account,)})
    now = whole.latest.model_copy(update={"post": post, "verdict": verdict})
    early = post.model_copy(update={"title": "zhang_88家教", "body": "4455667", "contacts": ()})
    old = now.model_copy(update={"post": early, "verdict": verdict.model_copy(update={"entities": ()})})
    made = Review(officer="li", at=NOW, outcome="confirmed", reason="加zhang_88核实", content_digest="d")
    hidden = whole.model_copy(update={"url": post.url, "versions": (old, now), "decisions": (made,)})
    seen = view(hidden, Actor(officer="wu", role="reviewer"), lambda text: [(4, 11)] if "qq" in text else [])
    plain = seen.model_dump_json().casefold()
    assert "zhang_88" not in plain
    assert "4455667" not in plain
    assert "请在线联系客服" in seen.latest.post.body
    assert seen.url == "http://a.test/zh****88/"
    assert view(hidden, Actor(officer="li", role="reviewer", reason="核查")) == hidden
