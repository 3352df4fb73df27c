"""Cases on pages and by JSON: from chosen findings to closing, in words an officer reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from casework import intake, review, shelf
from casework.desk import Desk
from core.model import Case
from tests.casework.desks import PHONE, actor, make_capture, make_post

Enter = Callable[..., TestClient]


@pytest.fixture(autouse=True)
def confirmed(desk: Desk) -> None:
    intake.take_in(desk, make_post("家教三", "3", title="第三条"), make_capture())
    for name in ("post1", "post3"):
        review.decide(desk, actor(), name, "confirmed", "属实")


def opened(made: TestClient, *names: str) -> str:
    form = {
        "token": made.headers["X-CSRF-Token"], "title": "某家教<b>", "finding_id": names or ("post1", "post3")
    }  # fmt: skip
    address = made.post("/cases", data=form).headers["location"]
    return address.removeprefix("/cases/").partition("?")[0]


def change(made: TestClient, case_id: str, what: str, words: str = "", **more: str) -> int:
    form = {"token": made.headers["X-CSRF-Token"], "words": words} | more
    return made.post(f"/cases/{case_id}/{what}", data=form).status_code


def test_from_chosen_findings_to_a_case_and_its_end(enter: Enter, desk: Desk) -> None:
    made = enter()
    assert "还没有案件" in made.get("/cases").text
    form = made.get("/cases/new", params={"finding_id": ["post1", "post2"]}).text
    assert "还不能归入：1 条" in form
    case_id = opened(made)
    page = made.get(f"/cases/{case_id}?done=opened").text
    assert "案件已建立" in page
    assert "某家教&lt;b&gt;" in page
    assert PHONE not in page
    assert "某家教&lt;b&gt;" in made.get("/cases").text
    assert f"/cases/{case_id}" in made.get("/findings/post1").text
    assert change(made, case_id, "note", "已约谈") == 303
    assert change(made, case_id, "remove", "另案", finding_id="post3") == 303
    assert change(made, case_id, "close", "已整改") == 303
    page = made.get(f"/cases/{case_id}").text
    assert [word in page for word in ("已约谈", "移出线索", "另案", "已整改", "重开")] == [True] * 5
    assert change(made, case_id, "note", "再说") == 409
    assert change(made, case_id, "reopen", "误结") == 303
    assert shelf.load(desk.store, Case, case_id)[0].finding_ids == ("post1",)


def test_slips_are_said_on_the_page_and_change_nothing(enter: Enter, desk: Desk) -> None:
    made = enter()
    case_id = opened(made, "post1")
    for what in ("note", "close", "remove", "nothing"):
        assert change(made, case_id, what, " ", finding_id="post1") == 400
    form = {"token": made.headers["X-CSRF-Token"], "title": " ", "finding_id": ["post3"]}
    empty = made.post("/cases", data=form)
    assert (empty.status_code, "案件需要名称" in empty.text, "第三条" in empty.text) == (400, True, True)
    assert made.post("/cases", data=form | {"token": "x"}).status_code == 403
    assert made.get("/cases?state=x").status_code == 400
    assert made.get("/cases/none").status_code == 404
    assert "没有符合条件的案件" in made.get("/cases?q=无此").text
    case = shelf.load(desk.store, Case, case_id)[0]
    assert (case.state, case.notes) == ("open", ())


def test_more_findings_go_into_a_case_that_stands(enter: Enter, desk: Desk) -> None:
    made = enter()
    case_id = opened(made, "post1")
    assert case_id in made.get("/cases/new?finding_id=post3").text
    form = {"token": made.headers["X-CSRF-Token"], "case_id": case_id, "finding_id": ["post3"]}
    assert made.post("/cases", data=form).headers["location"] == f"/cases/{case_id}?done=added"
    assert shelf.load(desk.store, Case, case_id)[0].finding_ids == ("post1", "post3")


def test_an_edit_after_opening_is_a_warning(enter: Enter, desk: Desk) -> None:
    made = enter()
    case_id = opened(made)
    assert "请再核查" not in made.get(f"/cases/{case_id}").text
    review.decide(desk, actor(), "post3", "rejected", "看错了")
    assert "有 1 条线索现在不是“已确认”" in made.get(f"/cases/{case_id}").text


def test_regions_and_roles_hold_for_cases(enter: Enter) -> None:
    made, south, viewer = enter(), enter("nan"), enter("kan")
    case_id = opened(made, "post1")
    assert south.get(f"/cases/{case_id}").status_code == 403
    assert case_id not in south.get("/cases").text
    assert south.get(f"/api/cases/{case_id}").status_code == 403
    page = viewer.get(f"/cases/{case_id}")
    assert (page.status_code, "结案" in page.text) == (200, False)
    assert change(viewer, case_id, "note", "好奇") == 403
    both = opened(made)
    assert "另有 1 条线索不在您的辖区" in south.get(f"/cases/{both}").text


def test_a_note_without_its_entry_is_shown_all_the_same(enter: Enter, desk: Desk) -> None:
    made = enter()
    case_id = opened(made)
    case = shelf.load(desk.store, Case, case_id)[0]
    shelf.save(desk.store, case.model_copy(update={"notes": ("断电前写的",)}))
    assert "断电前写的" in made.get(f"/cases/{case_id}").text


def test_cases_by_json(enter: Enter) -> None:
    made = enter()
    assert made.post("/api/cases", json={"title": "某家教", "finding_ids": ["post2"]}).status_code == 400
    case = made.post("/api/cases", json={"title": "某家教", "finding_ids": ["post1"]})
    assert case.status_code == 201
    path = f"/api/cases/{case.json()['id']}"
    assert made.post(f"{path}/findings", json={"finding_ids": ["post3"]}).json()["finding_ids"] == [
        "post1", "post3",
    ]  # fmt: skip
    assert made.post(f"{path}/findings/post3/removal", json={"words": "另案"}).json()["finding_ids"] == [
        "post1"
    ]
    assert made.post(f"{path}/notes", json={"words": "已约谈"}).json()["notes"] == ["已约谈"]
    assert made.post(f"{path}/closing", json={"words": ""}).status_code == 400
    assert made.post(f"{path}/closing", json={"words": "已整改"}).json()["state"] == "closed"
    assert made.post(f"{path}/notes", json={"words": "再说"}).status_code == 409
    assert made.post(f"{path}/opening", json={"words": "误结"}).json()["state"] == "open"
    answer = made.get(path).json()
    assert (answer["case"]["title"], answer["hidden"], answer["findings"][0]["id"]) == ("某家教", 0, "post1")
    assert [item["id"] for item in made.get("/api/cases").json()["cases"]] == [case.json()["id"]]
    del made.headers["X-CSRF-Token"]
    assert made.post(f"{path}/notes", json={"words": "再说"}).status_code == 403
