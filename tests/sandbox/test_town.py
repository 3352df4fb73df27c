"""The truth of a town: counts, codes, determinism, other texts for another seed, change from day to day."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from sandbox import clock, truth
from sandbox.census import HOSTS
from sandbox.town import Town

CODES = {
    "ONE_TO_ONE", "CROWDFUNDED_TUTOR", "LIVE_IN_TUTOR", "HOME_TUTOR", "JOB_AD", "DISGUISED_NAME",
    "DAYCARE_TUTORING", "CAMP_TUTORING", "PRESCHOOL", "HIGH_SCHOOL", "IN_SERVICE_TEACHER", "UNLICENSED_ONLINE",
    "GHOST_INSTITUTION", "FALSE_PROMOTION", "FEE_VIOLATION", "COMPETITION", "OFF_SYLLABUS", "ADVERTISING",
    "VENUE", "ADMISSION_CONSULTING",
}  # fmt: skip
Towns = dict[tuple[int, int], list[dict[str, Any]]]
KEYS = [(1, 0), (2, 0), (3, 40), (1, 1), (77, 5)]


def crawlable(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [record for record in records if record["crawlable"]]


def sentences(records: list[dict[str, Any]]) -> list[str]:
    texts = [f"{r['title']}\n{r['picture_text'] or ''}\n{r['text']}" for r in crawlable(records)]
    return [
        part
        for text in texts
        for part in re.split(r"[。！？\n；～]", text)
        if len(part) >= 6 and "#" not in part
    ]


@pytest.mark.parametrize("key", KEYS)
def test_enough_posts_of_every_sort(towns: Towns, key: tuple[int, int]) -> None:
    posts = crawlable(towns[key])
    violations = [post for post in posts if post["violation"]]
    per_site = Counter(post["site"] for post in posts)
    assert len(posts) >= 640
    assert 0.12 <= len(violations) / len(posts) <= 0.18
    assert all(90 <= per_site[host.removesuffix(".test")] <= 140 for host in HOSTS)
    assert not any(post["violation"] for post in posts if post["site"] == "xinwen")
    codes = Counter(code for post in violations for code in post["codes"])
    assert set(codes) == CODES
    assert min(codes.values()) >= 5, codes
    for wanted in (True, False):
        assert {c for post in violations if post["disguised"] is wanted for c in post["codes"]} == CODES
    assert sum(post["role"] == "seeker" for post in violations) >= 5
    assert sum(bool(post["contacts"]) for post in violations) / len(violations) >= 0.7
    assert sum(bool(post["prices"]) for post in violations) / len(violations) >= 0.35


@pytest.mark.parametrize("key", KEYS)
def test_labels_are_sane(towns: Towns, key: tuple[int, int]) -> None:
    for post in crawlable(towns[key]):
        codes = set(post["codes"])
        assert post["violation"] == bool(codes)
        assert codes <= CODES
        assert "ADVERTISING" not in codes or codes == {"ADVERTISING"}, post
        assert not {"CROWDFUNDED_TUTOR", "ONE_TO_ONE"} <= codes, post
        assert post["category"] == "学科" or not codes
        assert len(post["picture_text"] or post["text"]) >= 20, post
        assert len(post["text"]) <= 460, post
        for contact in post["contacts"]:
            assert contact["kind"] in ("phone", "wechat", "qq")
            assert contact["kind"] != "phone" or re.fullmatch(r"1[3-9]\d{9}", contact["value"])
        for price in post["prices"]:
            assert re.fullmatch(r"\d+(-\d+)?", str(price["amount"]))


SIGNS = {
    "HIGH_SCHOOL": "高[一二三中考]|复读|艺考",
    "FEE_VIOLATION": "一年|全年|课时|分期|期付|分\\d+期|收款码|私人|现金|元|拼团|首付",
    "PRESCHOOL": "大班|中班|幼|学前|岁",
    "UNLICENSED_ONLINE": "线上|在线|直播|网|录|腾讯|远程|钉钉",
    "IN_SERVICE_TEACHER": "在职|在编|在岗|任课|班主任|现在就在|在.*教",
    "VENUE": "租|场地|室",
    "ADMISSION_CONSULTING": "志愿|择校|转学|入学|升学|学位",
    "LIVE_IN_TUTOR": "住家|高端家政|常驻|住在雇主家",
    "COMPETITION": "奥数|KET|PET|杯赛|择校|分班|民办|拿奖",
    "HOME_TUTOR": "家教|家庭教师|上门|到家|家里|在家",
    "CAMP_TUTORING": "营|研学",
    "DAYCARE_TUTORING": "托|小饭桌",
    "ONE_TO_ONE": "一对一|[2-6]人|一次只带一个|单独",
    "CROWDFUNDED_TUTOR": "平摊|众筹|拼课|拼班|分摊|AA|均摊",
    "JOB_AD": "招|聘|求职|应聘|岗位|接单|家教单|派单|底薪|工作|负责|承担|订单|教员|编号|新单|号",
    "OFF_SYLLABUS": "提前|超前|抢跑|预习|领先|先修|下学期|快",
    "GHOST_INSTITUTION": "原|注销|更名|转型|关了",
    "FALSE_PROMOTION": "保证|承诺|名师|命题|押|包过|内部|阅卷|确保",
}


@pytest.mark.parametrize("key", KEYS)
def test_codes_show_in_the_text(towns: Towns, key: tuple[int, int]) -> None:
    for post in crawlable(towns[key]):
        text = f"{post['title']} {post['picture_text'] or ''} {post['text']}"
        if post["disguised"]:
            continue
        for code, sign in SIGNS.items():
            assert code not in post["codes"] or re.search(sign, text), (code, text)


def test_prices_plain_contacts_and_regions_stand_in_the_text(
    towns: Towns, region_names: dict[str, str]
) -> None:
    for post in crawlable(towns[1, 0]):
        text = f"{post['title']} {post['picture_text'] or ''} {post['text']}"
        assert all(str(price["amount"]) in text for price in post["prices"]), post
        shown = [c for c in post["contacts"] if not c["hidden"] and c["kind"] != "phone"]
        assert all(contact["value"] in text for contact in shown), post
        assert not any(c["value"] in text for c in post["contacts"] if c["hidden"]), post
        if post["region"]:
            assert post["region"] in region_names
        if post["region"] and post["site"] in ("tuwen", "luntan", "xinwen"):
            assert region_names[post["region"]] in text


def test_same_seed_and_day_give_the_same_town(towns: Towns) -> None:
    assert truth.records(Town(1, 0)) == towns[1, 0]


@pytest.mark.parametrize(("one", "other"), [((1, 0), (2, 0)), ((2, 0), (77, 5))])
def test_another_seed_makes_other_texts(towns: Towns, one: tuple[int, int], other: tuple[int, int]) -> None:
    known = set(sentences(towns[other]))
    mine = sentences(towns[one])
    assert sum(sentence in known for sentence in mine) / len(mine) < 0.2


def test_the_next_day_keeps_most_changes_some_adds_and_removes(towns: Towns) -> None:
    before = {post["url"]: post for post in crawlable(towns[1, 0])}
    after = {post["url"]: post for post in crawlable(towns[1, 1])}
    gone = {post["url"] for post in towns[1, 1] if post["why_not"] == "gone"}
    kept = before.keys() & after.keys()
    changed = [url for url in kept if before[url]["text"] != after[url]["text"]]
    assert len(kept) > 0.85 * len(before)
    assert after.keys() - before.keys()
    assert before.keys() - after.keys()
    assert before.keys() - after.keys() <= gone | {url for url in before if "#" in url}
    assert changed
    assert all(after[url]["edited"] for url in changed)
    for url in kept:
        facts = ("codes", "violation", "title", "published", "contacts")
        assert [before[url][fact] for fact in facts] == [after[url][fact] for fact in facts]


@pytest.mark.parametrize("key", KEYS)
def test_posts_were_published_in_the_two_weeks_before(towns: Towns, key: tuple[int, int]) -> None:
    opening = clock.opening(key[1])
    for post in crawlable(towns[key]):
        published = datetime.fromisoformat(post["published"])
        assert opening - timedelta(days=14, minutes=1) <= published <= opening


@pytest.mark.parametrize("key", KEYS)
def test_addresses_are_unique_and_copies_have_originals(towns: Towns, key: tuple[int, int]) -> None:
    by_url = {post["url"]: post for post in towns[key]}
    assert len(by_url) == len(towns[key])
    copies = [post for post in towns[key] if post["duplicate_of"]]
    assert len(copies) >= 8
    for copy in copies:
        original = by_url[copy["duplicate_of"]]
        assert original["site"] != copy["site"]
        assert original["codes"] == copy["codes"]
        assert original["text"] != copy["text"]
        shared = set(re.findall(r"\w{4,}", original["text"])) & set(re.findall(r"\w{4,}", copy["text"]))
        assert shared


def test_forum_replies_carry_their_floor(towns: Towns) -> None:
    forum = [post for post in crawlable(towns[1, 0]) if post["site"] == "luntan"]
    replies = [post for post in forum if "#floor-" in post["url"]]
    openings = {post["url"]: post for post in forum if "#" not in post["url"]}
    assert any(reply["violation"] for reply in replies)
    for reply in replies:
        thread, _, floor = reply["url"].partition("#floor-")
        assert int(floor) >= 2
        assert reply["native_id"] == f"{openings[thread]['native_id']}-{floor}"
        assert reply["published"] > openings[thread]["published"]


def test_some_texts_stand_in_pictures(towns: Towns) -> None:
    pictured = [post for post in crawlable(towns[1, 0]) if post["text_in_picture"]]
    assert len(pictured) == 10
    assert sum(post["violation"] for post in pictured) == 4
    assert all(post["picture_text"] and post["text"] for post in pictured)
