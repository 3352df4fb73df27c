"""The site end to end: sign-in, pages, JSON, masks, forgery, hostile text, headers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from api.app import status_of
from api.auth import COOKIE, TRIES
from casework import audit, intake, shelf
from casework.desk import Desk
from core import errors
from core.model import Finding, Officer
from tests.casework.desks import PHONE, PNG, SEEN, make_capture, make_post, today

Enter = Callable[..., TestClient]
PASSWORD = "a long password"
PAGES = ("/findings", "/findings/post1", "/runs", "/findings/post1/files/" + "0" * 64)


def test_pages_lead_to_sign_in_and_back(client: TestClient) -> None:
    for path in PAGES:
        answer = client.get(path)
        assert (answer.status_code, answer.headers["location"].startswith("/sign-in?next=")) == (303, True)
    form = {"account": "wang", "password": PASSWORD, "next": "/findings/post1"}
    answer = client.post("/sign-in", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/findings/post1")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/findings/post1").status_code == 200


@pytest.mark.parametrize("place", ["//evil.test", "/\\evil.test", "https://evil.test", "/a\nb"])
def test_sign_in_never_leads_elsewhere(client: TestClient, place: str) -> None:
    answer = client.post("/sign-in", data={"account": "wang", "password": PASSWORD, "next": place})
    assert answer.headers["location"] == "/findings"


def test_wrong_passwords_are_refused_and_then_slowed(client: TestClient) -> None:
    wrong = {"account": "wang", "password": "wrong"}
    for _ in range(TRIES):
        answer = client.post("/sign-in", data=wrong)
        assert answer.status_code == 403
        assert "账号或密码不正确" in answer.text
    right = {"account": "wang", "password": PASSWORD}
    assert client.post("/api/session", json=right).status_code == 429
    assert client.post("/api/session", json=right | {"account": "kan"}).status_code == 200


def test_json_without_session_is_401(client: TestClient) -> None:
    for path in ("/api/session", "/api/findings", "/api/findings/post1", "/api/runs"):
        assert client.get(path).status_code == 401
    assert client.post("/api/exports", json={"reason": "x"}).status_code == 401


def test_a_forged_or_outdated_cookie_is_nobody(client: TestClient, desk: Desk, enter: Enter) -> None:
    client.cookies.set(COOKIE, "forged")
    assert client.get("/api/session").status_code == 401
    entered = enter()
    officer = shelf.load(desk.store, Officer, "wang")[0]
    shelf.save(desk.store, officer.model_copy(update={"password_hash": "changed"}))
    assert entered.get("/api/session").status_code == 401
    shelf.save(desk.store, officer.model_copy(update={"active": False}))
    assert entered.get("/api/session").status_code == 401


def test_changes_need_the_token_and_our_own_origin(desk: Desk, enter: Enter) -> None:
    made = enter()
    form = {"outcome": "confirmed", "reason": "属实", "content_digest": _digest(desk)}
    assert made.post("/findings/post1/decision", data=form).status_code == 403
    assert made.post("/findings/post1/decision", data=form | {"token": "马"}).status_code == 403
    good = form | {"token": made.headers["X-CSRF-Token"]}
    for origin in ("https://evil.test", "null"):
        foreign = made.post("/findings/post1/decision", data=good, headers={"Origin": origin})
        assert foreign.status_code == 403
    del made.headers["X-CSRF-Token"]
    assert made.post("/api/findings/post1/decisions", json=form).status_code == 403
    assert made.delete("/api/session").status_code == 403
    assert shelf.load(desk.store, Finding, "post1")[0].decisions == ()
    own = made.post("/findings/post1/decision", data=good, headers={"Origin": "http://testserver"})
    assert own.status_code == 303


def _digest(desk: Desk, finding_id: str = "post1") -> str:
    return shelf.load(desk.store, Finding, finding_id)[0].latest.content_digest


def test_script_in_a_title_is_inert_on_every_page(enter: Enter) -> None:
    made = enter(reason="核查")
    for path in ("/findings", "/findings?q=家教", "/findings?q=<script>", "/findings/post1", "/runs"):
        text = made.get(path).text
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path
        assert text.count("<script") == 1, path  # our own, by address
    assert "&lt;script&gt;" in made.get("/findings/post1").text


def test_every_answer_carries_the_headers(enter: Enter) -> None:
    made = enter()
    for path in ("/sign-in", "/findings", "/nothing", "/api/findings", "/api/nothing", "/static/wangxun.css"):
        headers = made.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "DENY", path
    assert made.get("/static/bootstrap.min.css").headers["content-type"].startswith("text/css")


def test_pages_take_nothing_from_other_parties(enter: Enter) -> None:
    made = enter(reason="核查")
    for path in ("/sign-in", "/findings", "/findings/post1", "/runs"):
        text = made.get(path).text
        assert 'src="http' not in text, path
        assert 'href="http' not in text, path


def test_contacts_stay_masked_until_a_reason_is_stated(enter: Enter, desk: Desk) -> None:
    made = enter()
    for path in ("/findings", "/findings/post1", "/api/findings", "/api/findings/post1"):
        text = made.get(path).text
        assert PHONE not in text, path
        assert "138******78" in text, path
    assert made.put("/api/session/reason", json={"reason": "核查举报"}).status_code == 200
    assert PHONE in made.get("/findings/post1").text
    assert PHONE in made.get("/api/findings/post1").text
    assert PHONE not in made.get("/findings").text
    entries = audit.chain(desk, "wang", today())
    views = [(item.action, item.reason) for item in entries if item.target == "finding:post1"]
    assert views == [("view", "")] * 2 + [("view_contacts", "核查举报")] * 2
    made.put("/api/session/reason", json={"reason": ""})
    assert PHONE not in made.get("/findings/post1").text


def test_a_viewer_sees_no_contacts_files_or_buttons_whatever_he_says(enter: Enter, desk: Desk) -> None:
    made = enter("kan", reason="好奇")
    page = made.get("/findings/post1").text
    assert PHONE not in page
    assert "确认违规" not in page
    assert made.get(f"/findings/post1/files/{_file(desk, 'screenshot')}").status_code == 403
    form = {"outcome": "confirmed", "reason": "x", "content_digest": _digest(desk)}
    assert made.post("/api/findings/post1/decisions", json=form).status_code == 403
    wish = {"finding_ids": ["post1"], "receiver": "教育局", "reason": "x"}
    assert made.post("/api/exports", json=wish).status_code == 403
    assert made.get("/export?finding_id=post1").status_code == 403


def test_an_officer_of_another_place_is_refused(enter: Enter, desk: Desk) -> None:
    made = enter("nan", reason="核查")
    assert made.get("/findings/post1").status_code == 403
    assert made.get("/api/findings/post1").status_code == 403
    assert made.get(f"/findings/post1/files/{_file(desk, 'screenshot')}").status_code == 403
    assert [item["id"] for item in made.get("/api/findings").json()["findings"]] == ["post2"]
    assert made.get("/api/findings", params={"region": "330106"}).status_code == 403


def _file(desk: Desk, role: str) -> str:
    from casework.files import evidence_of

    finding = shelf.load(desk.store, Finding, "post1")[0]
    items = [item for kept in evidence_of(desk, finding).values() for item in kept.items]
    return next(item.sha256 for item in items if item.role == role)


def test_pictures_are_drawn_and_captured_pages_only_saved(enter: Enter, desk: Desk) -> None:
    made = enter(reason="核查")
    picture = made.get(f"/findings/post1/files/{_file(desk, 'screenshot')}")
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    assert picture.headers["content-disposition"] == "inline"
    captured = made.get(f"/findings/post1/files/{_file(desk, 'dom')}")
    assert captured.headers["content-type"] == "application/octet-stream"
    assert captured.headers["content-disposition"].startswith("attachment")
    for answer in (picture, captured):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
    assert made.get("/findings/post1/files/" + "0" * 64).status_code == 404
    assert made.get("/findings/post1/files/..%2f..%2fvault.json").status_code == 404


def test_saving_a_file_is_audited(enter: Enter, desk: Desk) -> None:
    digest = _file(desk, "warc")
    assert enter(reason="核查").get(f"/findings/post1/files/{digest}", params={"save": 1}).status_code == 200
    entry = audit.chain(desk, "wang", today())[-1]
    assert (entry.action, entry.target) == ("save_file", f"finding:post1:file:{digest}")


def test_search_filters_and_marks(enter: Enter) -> None:
    made = enter()

    def ids(**filters: str) -> list[str]:
        answer = made.get("/api/findings", params=filters)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["findings"]]

    assert set(ids()) == {"post1", "post2"}
    assert ids(q="家教") == ["post1"]
    assert ids(q="家教 西湖") == ["post1"]
    assert ids(q="家教 东湖") == []
    assert ids(code="HOME_TUTOR") == ["post1"]
    assert ids(status="unsure") == ["post2"]
    assert ids(channel="forum") == []
    assert ids(region="浙江") == ["post1"]
    assert ids(region="330000") == ["post1"]
    assert ids(region="江西省") == []
    assert (ids(severity="3"), ids(severity="4")) == (["post1"], [])
    day = SEEN.astimezone(UTC).date().isoformat()
    assert set(ids(since=day, until=day)) == {"post1", "post2"}
    assert ids(until="2020-01-01") == []
    assert '<mark class="hit" title="检索词">家教</mark>' in made.get("/findings?q=家教").text


@pytest.mark.parametrize(
    "filters",
    [
        {"code": "X"},
        {"severity": "6"},
        {"severity": "4", "code": "HOME_TUTOR"},
        {"since": "gestern"},
        {"region": "西湖区"},
        {"region": "亚特兰蒂斯"},
        {"cursor": "x"},
    ],
)
def test_slips_in_filters_are_said_and_what_was_typed_stays(enter: Enter, filters: dict[str, str]) -> None:
    made = enter()
    page = made.get("/findings", params=filters | {"q": "保留"})
    assert page.status_code == 400
    assert 'value="保留"' in page.text
    assert made.get("/api/findings", params=filters).status_code == 400


def test_paging_shows_each_finding_once(enter: Enter, desk: Desk) -> None:
    for number in range(10, 35):
        intake.take_in(desk, make_post(f"家教 {number}", str(number), title=""), make_capture())
    made, seen, cursor = enter(), [], ""
    while True:
        answer = made.get("/api/findings", params={"cursor": cursor}).json()
        seen += [item["id"] for item in answer["findings"]]
        if not (cursor := answer["cursor"]):
            break
    assert (len(seen), len(set(seen))) == (27, 27)
    assert "下一页" in made.get("/findings").text


def test_an_officer_decides_on_the_page(enter: Enter, desk: Desk, token: Callable[[str], str]) -> None:
    made = enter()
    page = made.get("/findings/post1").text
    form = {
        "token": token(page),
        "content_digest": _digest(desk),
        "reason": "内容明确",
        "outcome": "confirmed",
    }
    empty = made.post("/findings/post1/decision", data=form | {"reason": " "})
    assert (empty.status_code, "请填写理由" in empty.text) == (400, True)
    assert "上门" in empty.text  # what is to be decided stays before his eyes
    assert made.post("/findings/post1/decision", data=form | {"outcome": "x"}).status_code == 400
    answer = made.post("/findings/post1/decision", data=form)
    assert answer.headers["location"] == "/findings/post1?done=confirmed"
    after = made.get("/findings/post1?done=confirmed&was=flagged").text
    assert "/next?status=flagged" in after
    assert "已确认" in after
    assert "内容明确" in after
    assert [item.action for item in audit.chain(desk, "wang", today())].count("confirmed") == 1


def test_an_edit_made_meanwhile_is_a_conflict(enter: Enter, desk: Desk) -> None:
    body = {"outcome": "confirmed", "reason": "属实", "content_digest": _digest(desk)}
    intake.take_in(desk, make_post("家教，改过", "1"), make_capture())
    made = enter()
    assert made.post("/api/findings/post1/decisions", json=body).status_code == 409
    page = made.get("/findings/post1").text
    assert "历次内容" in page
    assert "改过 1 次" in page


def test_the_codes_of_a_decision_are_optional_and_checked(enter: Enter, desk: Desk) -> None:
    made, address = enter(), "/api/findings/post1/decisions"
    body = {"outcome": "confirmed", "reason": "属实", "content_digest": _digest(desk)}
    answer = made.post(address, json=body | {"codes": ["VENUE", "JOB_AD"]})
    assert answer.json()["decisions"][0]["codes"] == ["JOB_AD", "VENUE"]
    assert made.get("/api/findings?code=VENUE").json()["facets"]["code"] == {"JOB_AD": 1, "VENUE": 1}
    assert made.post(address, json=body).json()["decisions"][1]["codes"] == []
    strange = made.post(address, json=body | {"codes": ["TUTORING"]})
    assert (strange.status_code, "没有“TUTORING”这种违规类型" in strange.json()["message"]) == (400, True)


def test_the_queue_shows_what_is_unsure(enter: Enter) -> None:
    page = enter().get("/queue").text
    assert "/findings/post2" in page
    assert "/findings/post1" not in page


def test_reason_and_sign_out_work_by_form(enter: Enter) -> None:
    made = enter()
    form = {"token": made.headers["X-CSRF-Token"], "reason": "核查", "next": "/findings/post1"}
    assert made.post("/reason", data=form).headers["location"] == "/findings/post1"
    assert "正在显示联系方式" in made.get("/findings").text
    assert made.post("/sign-out", data=form).headers["location"] == "/sign-in"
    assert made.get("/findings").status_code == 303


def test_runs_are_listed(enter: Enter, desk: Desk) -> None:
    from casework import runs

    run = runs.plan(desk, "crawl", "town", datetime(2026, 3, 1, tzinfo=UTC))
    made = enter()
    assert [item["id"] for item in made.get("/api/runs").json()["runs"]] == [run.id]
    assert "排队中" in made.get("/runs").text


def test_the_description_names_json_routes_only_and_no_secrets(enter: Enter) -> None:
    plain = enter().get("/api/openapi.json")
    assert set(plain.json()["paths"]) >= {"/api/findings", "/api/exports", "/api/runs", "/api/session"}
    assert all(path.startswith("/api/") for path in plain.json()["paths"])
    assert "password_hash" not in plain.text


def test_unknown_and_malformed_are_said_in_their_own_form(enter: Enter) -> None:
    made = enter()
    assert made.get("/api/nothing").json()["error"] == "HttpError"
    assert "没有这个页面" in made.get("/nothing").text
    assert made.get("/findings/none").status_code == 404
    malformed = made.post("/api/exports", json={"unknown": 1})
    assert (malformed.status_code, malformed.json()["error"]) == (400, "BadInput")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/api/findings?statsu=flagged", "可用的有：channel、code、contact、cursor"),
        ("/api/findings?status=flagged&text=a", "没有“text”这个参数"),
        ("/api/runs?page=2", "可用的有：cursor"),
        ("/api/session?x=1", "这里没有参数"),
        ("/api/cases/none?x=1", "这里没有参数"),
    ],
)
def test_a_parameter_nobody_knows_is_refused_not_answered_with_everything(
    enter: Enter, address: str, words: str
) -> None:
    answer = enter().get(address)
    assert (answer.status_code, answer.json()["error"]) == (400, "BadInput")
    assert words in answer.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.BadConfig(("x",)), 400), (errors.NotFound(), 404), (errors.NotAllowed(), 403),
        (errors.Conflict(), 409), (errors.Unavailable(), 503), (errors.EvidenceBroken(), 500),
    ],
)  # fmt: skip
def test_each_error_has_its_status(error: errors.WangxunError, status: int) -> None:
    assert status_of(error) == status
