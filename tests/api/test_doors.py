"""Every door by which a post's text leaves, tried with a post that names people in every field and in every dress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from casework import audit, cases, intake, review, runs, shelf
from casework.desk import Desk
from core.catalog import load_catalog
from core.model import Finding, Picture, PictureLine, Trouble
from nlp.judge import Judge
from tests.casework.desks import actor, make_capture, make_post, today

Enter = Callable[..., TestClient]
CONFIG = Path(__file__).parents[2] / "config"
# What nobody may read; written as the post writes it.
HIDDEN = (
    "13800138001", "13800138002", "138-0013-8003", "幺三八零零幺三八零零四", "1 3 8 0 0 1 3 8 0 0 5", "１３８００１３８００６",
    "1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣7️⃣", "0571-88150008", "zhang_laoshi09", "123456710", "laoshi11@qq.com", "laoshi12 @ qq.com",
    "33010619900101121X", "6222021234567890013", "6222 0212 3456 7890 014", "13800138015", "%31%33%38%30%30%31%33%38%30%31%36",
    "zhang_laoshi17", "123456718", "zhang_laoshi19", "zhang_laoshi20", "13800138021", "13800138022", "13800138023", "13800138024",
    "13800138025", "zhang_laoshi26", "13800138027", "13800138028", "138 0013 8029", "13800138030", "13800138031", "13800138032",
)  # fmt: skip
BODY = """初三数学一对一上门家教，150元/小时，电话13800138002，备用138-0013-8003，或幺三八零零幺三八零零四
打1 3 8 0 0 1 3 8 0 0 5，再打１３８００１３８００６，又打1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣7️⃣，座机0571-88150008
微信zhang_laoshi09，QQ 123456710，邮箱laoshi11@qq.com，或写laoshi12 @ qq.com
身份证33010619900101121X，卡号6222021234567890013，或6222 0212 3456 7890 014
详情 https://link.example/13800138015 或 https://link.example/%31%33%38%30%30%31%33%38%30%31%36
weixin://contacts/profile/zhang_laoshi17 https://wpa.qq.com/msgrd?v=3&uin=123456718&site=qq
https://t.me/zhang_laoshi19 https://link.example/?wx=zhang_laoshi20 tel:13800138021 sms://13800138022"""


@cache
def judge() -> Judge:
    catalog = load_catalog(CONFIG)
    return Judge.load(tuple(catalog.violations.values()), catalog.words)


@pytest.fixture
def told(desk: Desk) -> str:
    """A finding that says it all, edited once, decided, in a case, in a run; the case's id."""
    real = replace(desk, judge=judge())
    line = PictureLine(text="图里电话13800138024", box=(0, 0, 9, 9))
    picture = Picture(url="http://tutor.test/13800138025.png", lines=(line,))
    fields = {
        "title": "数学家教13800138001", "url": "http://tutor.test/p?phone=13800138023", "author": "张老师 微信zhang_laoshi26",
        "contacts": ("13800138027",), "price": "面议13800138028", "region": "西湖区 138 0013 8029", "pictures": (picture,),
    }  # fmt: skip
    for number in (1, 2):
        post = make_post(f"{BODY}\n第{number}版", "9", **fields)
        intake.take_in(real, post, make_capture(url=post.url))
    review.decide(real, actor(), "post9", "confirmed", "电话13800138030核实")
    case = cases.open_case(real, actor(), "家教13800138031", ("post9",))
    cases.add_note(real, actor(), case.id, "又打了13800138032")
    run = runs.start(real, runs.plan(real, "crawl", "town", post.seen_at).id)
    trouble = Trouble(level="error", text="timeout", url="http://tutor.test/13800138015", at=post.seen_at)
    runs.finish(real, run.id, "done", {}, (trouble,))
    return case.id


def doors(case_id: str) -> tuple[str, ...]:
    pages = (
        "/findings?q=数学", "/findings?q=13800138002", "/findings/post9", "/findings/post9/changes", "/batch?do=confirmed&finding_id=post9",
        "/cases", f"/cases/{case_id}", "/cases/new?finding_id=post9", "/export?finding_id=post9", "/queue", "/runs", "/status",
    )  # fmt: skip
    calls = (
        "/api/findings?q=家教", "/api/findings/post9", "/api/findings/post9/evidence", "/api/cases", f"/api/cases/{case_id}",
        "/api/holds", "/api/runs",
    )  # fmt: skip
    return (*pages, *calls)


# An officer who works on a case reads what his colleagues wrote into it; a finding's own words wait for a reason.
CASE_WORDS = frozenset({"13800138031", "13800138032"})


@pytest.mark.parametrize(("account", "open_words"), [("kan", frozenset()), ("wang", CASE_WORDS)])
def test_nothing_that_reaches_a_person_leaves_by_any_door(
    enter: Enter, told: str, account: str, open_words: frozenset[str]
) -> None:
    made = enter(account)
    for path in doors(told):
        answer = made.get(path)
        assert answer.status_code == (403 if account == "kan" and path.startswith("/export") else 200), path
        text = answer.text
        assert [
            one for one in HIDDEN if one in text and one not in open_words and f"q={one}" not in path
        ] == [], path
    assert "link.example/138******15" in made.get("/findings/post9").text  # where it leads stays


def test_a_stated_reason_opens_it_all_and_each_look_is_written_down(
    enter: Enter, told: str, desk: Desk
) -> None:
    made = enter(reason="核查举报")
    text = made.get("/api/findings/post9").text
    assert told
    assert [one for one in HIDDEN if one not in text and one not in CASE_WORDS] == []
    assert [item.action for item in audit.chain(desk, "wang", today())][-1] == "view_contacts"
    digest = made.get("/api/findings/post9").json()["versions"][-1]["content_digest"]
    form = {"outcome": "confirmed", "reason": "属实", "content_digest": digest}
    decided = made.post("/api/findings/post9/decisions", json=form)
    assert decided.status_code == 200
    assert "13800138002" not in decided.text  # written down as a decision, so no look


def test_a_masked_text_brings_no_digest_by_which_numbers_could_be_tried(
    enter: Enter, told: str, desk: Desk
) -> None:
    made = enter("kan")
    plain = shelf.load(desk.store, Finding, "post9")[0]
    digests = {version.content_digest for version in plain.versions}
    assert len(digests) == 2
    for path in doors(told):
        assert not [one for one in digests if one in made.get(path).text], path


@pytest.mark.parametrize("asked", ["1380", "００13", "八零", '"0 0"', "zhang", "家教 NOT 1380"])
def test_a_search_that_could_read_a_number_out_is_written_down(
    enter: Enter, told: str, desk: Desk, asked: str
) -> None:
    assert told
    made = enter("kan")
    made.get("/findings", params={"q": asked, "status": "confirmed"})
    made.get("/api/findings", params={"q": asked})
    entries = audit.chain(desk, "kan", today())[1:]  # the first is the signing in
    found = [(item.action, item.target, item.reason) for item in entries]
    assert found == [("search", "findings", f"检索：{asked}")] * 2


def test_a_search_for_words_is_not_and_a_whole_number_is_kept_masked(enter: Enter, desk: Desk) -> None:
    made = enter("kan")
    made.get("/findings", params={"q": "上门 一对一"})
    assert [item.action for item in audit.chain(desk, "kan", today())] == ["sign_in"]
    made.get("/findings", params={"q": "13800138002"})
    assert [item.reason for item in audit.chain(desk, "kan", today())[1:]] == ["检索：138******02"]
