"""The site while its store is away or read-only: it says so in Chinese and keeps what still works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.web import status_page
from casework import audit, landing, shelf
from casework.desk import Desk
from core.model import AuditEntry, Finding
from store.base import Query
from tests.api.conftest import PASSWORD
from tests.casework.away import Switch

Token = Callable[[str], str]


@pytest.fixture
def switch(desk: Desk) -> Switch:
    return Switch(desk.store)


@pytest.fixture
def site(desk: Desk, switch: Switch, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(status_page, "FRESH_SECONDS", -1.0)
    with TestClient(create_app(replace(desk, store=switch)), follow_redirects=False) as made:
        yield made


@pytest.fixture
def inside(site: TestClient) -> TestClient:
    assert site.post("/sign-in", data={"account": "wang", "password": PASSWORD}).status_code == 303
    assert site.get("/findings").status_code == 200
    return site


def test_away_the_page_says_what_is_wrong_and_the_session_stays(inside: TestClient, switch: Switch) -> None:
    switch.go()
    for path in ("/findings", "/findings/post1", "/runs", "/cases", "/queue"):
        answer = inside.get(path)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30"), path
        assert "资料库现在连不上" in answer.text
        assert "去登录" not in answer.text  # he is signed in, and stays so
        assert 'href="/status"' in answer.text
        assert "wang" in answer.text
    switch.come_back()
    assert inside.get("/findings").status_code == 200


def test_away_a_stranger_is_told_too_and_sent_nowhere(site: TestClient, switch: Switch) -> None:
    switch.go()
    assert site.get("/sign-in").status_code == 200
    answer = site.post("/sign-in", data={"account": "wang", "password": PASSWORD})
    assert (answer.status_code, "资料库现在连不上" in answer.text) == (503, True)
    assert site.get("/static/wangxun.css").status_code == 200
    answer = site.get("/api/findings")
    assert answer.status_code in (401, 503)


def test_a_forged_cookie_is_not_remembered(inside: TestClient, switch: Switch) -> None:
    switch.go()
    inside.cookies.clear()
    inside.cookies.set("wangxun_session", "forged")
    answer = inside.get("/findings")
    assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in")


def test_json_callers_are_told_in_chinese_and_when_to_ask_again(inside: TestClient, switch: Switch) -> None:
    switch.go()
    answer = inside.get("/api/findings")
    assert (answer.status_code, answer.json()["error"], answer.headers["retry-after"]) == (
        503,
        "StoreAway",
        "30",
    )
    assert "资料库" in answer.json()["message"]


def test_read_only_everything_can_be_read(
    inside: TestClient, switch: Switch, desk: Desk, site: TestClient
) -> None:
    switch.writing = False
    for path in (
        "/findings",
        "/findings?text=家教",
        "/findings/post1",
        "/runs",
        "/cases",
        "/queue",
        "/api/findings",
    ):
        assert inside.get(path).status_code == 200, path
    assert site.post("/sign-in", data={"account": "kan", "password": PASSWORD}).status_code == 303
    switch.come_back()
    assert landing.drain(desk, 60).landed >= 2
    actions = {entry.action for entry in shelf.walk(desk.store, AuditEntry, Query())}
    assert {"view", "sign_in"} <= actions
    assert audit.broken(desk) == []


def test_read_only_a_decision_is_refused_with_the_reason(
    inside: TestClient, switch: Switch, token: Token, desk: Desk
) -> None:
    digest = shelf.load(desk.store, Finding, "post1")[0].latest.content_digest
    form = {"outcome": "confirmed", "reason": "属实", "content_digest": digest}
    form["token"] = token(inside.get("/findings/post1").text)
    switch.writing = False
    answer = inside.post("/findings/post1/decision", data=form)
    assert (answer.status_code, "只能查看，不能保存" in answer.text) == (503, True)
    assert shelf.load(desk.store, Finding, "post1")[0].decisions == ()


@pytest.mark.parametrize(
    ("reading", "writing", "word", "state", "status"),
    [
        (True, True, "系统正常", "ok", 200),
        (True, False, "只能查看", "read_only", 200),
        (False, False, "连不上", "away", 503),
    ],
)
def test_the_status_page_needs_neither_store_nor_sign_in(
    site: TestClient, switch: Switch, reading: bool, writing: bool, word: str, state: str, status: int
) -> None:
    switch.reading, switch.writing = reading, writing
    answer = site.get("/status")
    assert (answer.status_code, word in answer.text) == (200, True)
    monitored = site.get("/api/status")
    assert (monitored.status_code, monitored.json()["store"]) == (status, state)


def test_the_status_page_says_how_much_waits(inside: TestClient, switch: Switch, desk: Desk) -> None:
    switch.writing = False
    inside.get("/findings/post1")
    assert "有 1 条记录暂存在本机" in inside.get("/status").text
    assert inside.get("/api/status").json()["waiting"] == 1
    desk.spool.set_aside(desk.spool.waiting()[0], "坏了")
    assert "另有 1 条无法入库" in inside.get("/status").text
    (desk.settings.data / "spool").rename(desk.settings.data / "gone")
    (desk.settings.data / "spool").write_text("")
    assert inside.get("/status").status_code == 200


def test_many_who_ask_are_given_one_answer(
    site: TestClient, switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_page, "FRESH_SECONDS", 60.0)
    site.get("/api/status")
    switch.asked = 0
    for _ in range(20):
        site.get("/status")
    assert switch.asked == 0
