"""Legal hold on pages and by JSON: who may, what the page says, where it leads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from casework import holds, intake, review, shelf
from casework.desk import Desk
from core.model import Finding, Officer
from evidence import custody
from tests.api.conftest import password_hash
from tests.casework.desks import actor, make_capture, make_post

Enter = Callable[..., TestClient]


@pytest.fixture(autouse=True)
def boss(desk: Desk) -> None:
    fields = {"id": "boss", "name": "主管", "role": "supervisor", "department": ""}
    shelf.save(desk.store, Officer.model_validate(fields | {"password_hash": password_hash()}))


def change(made: TestClient, name: str, do: str, words: str = "行政诉讼<b>") -> int:
    form = {"token": made.headers["X-CSRF-Token"], "name": name, "do": do, "words": words}
    return made.post("/holds", data=form).status_code


def test_set_and_lifted_on_the_page_of_a_finding(enter: Enter, desk: Desk) -> None:
    made = enter("boss")
    page = made.get("/findings/post1").text
    assert "要求留存（诉讼、复议、检查需要时）" in page
    assert change(made, "finding:post1", "hold") == 303
    page = made.get("/findings/post1").text
    assert "要求留存，到期不删除" in page
    assert "行政诉讼&lt;b&gt;" in page
    for evidence in shelf.load(desk.store, Finding, "post1")[0].latest.evidence_ids:
        assert custody.held(custody.chain(desk.vault, evidence))
    assert change(made, "finding:post1", "hold") == 409
    assert change(made, "finding:post1", "release", "判决生效") == 303
    assert "要求留存，到期不删除" not in made.get("/findings/post1").text


def test_a_case_holds_its_findings(enter: Enter, desk: Desk) -> None:
    intake.take_in(desk, make_post("家教三", "3"), make_capture())
    review.decide(desk, actor(), "post3", "confirmed", "属实")
    made = enter("boss")
    form = {"token": made.headers["X-CSRF-Token"], "title": "某家教", "finding_id": ["post3"]}
    case_id = made.post("/cases", data=form).headers["location"].removeprefix("/cases/").partition("?")[0]
    assert change(made, f"case:{case_id}", "hold") == 303
    assert "要求留存，到期不删除" in made.get(f"/cases/{case_id}").text
    assert "所在案件“" in made.get("/findings/post3").text
    assert "要求留存" in made.get(f"/cases/{case_id}").text.partition("经过")[2]


def test_slips_and_those_who_may_not(enter: Enter, desk: Desk) -> None:
    made = enter("boss")
    assert change(made, "finding:post1", "hold", " ") == 400
    assert change(made, "finding:post1", "destroy") == 400
    assert change(made, "post1", "hold") == 400
    assert change(made, "finding:nobody", "hold") == 404
    assert made.post("/holds", data={"token": "x", "name": "finding:post1", "do": "hold"}).status_code == 403
    assert holds.standing(desk) == []
    other = enter("wang")
    assert "要求留存（" not in other.get("/findings/post1").text
    assert change(other, "finding:post1", "hold") == 403


def test_the_same_by_json(enter: Enter, desk: Desk) -> None:
    made = enter("boss")
    answer = made.post("/api/holds/finding/post1", json={"words": "复议"})
    assert (answer.status_code, answer.json()["changes"][0]["reason"]) == (200, "复议")
    desk.store.flush()
    assert [one["id"] for one in made.get("/api/holds").json()] == ["finding:post1"]
    assert made.post("/api/holds/finding/post1/release", json={"words": "完结"}).status_code == 200
    desk.store.flush()
    assert made.get("/api/holds").json() == []
    assert made.post("/api/holds/lead/post1", json={"words": "复议"}).status_code in (400, 422)
