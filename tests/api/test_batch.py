"""Several findings at once: read in full, decided one by one, nothing decided unseen."""

from __future__ import annotations

from collections.abc import Callable

from fastapi.testclient import TestClient

from api import batch
from casework import audit, intake, shelf
from casework.desk import Desk
from core.identity import content_mark
from core.model import Finding
from tests.casework.desks import PHONE, make_capture, make_post, today

Enter = Callable[..., TestClient]


def mark(desk: Desk, name: str) -> str:
    """As a page carries it that shows the finding masked."""
    digest = shelf.load(desk.store, Finding, name)[0].latest.content_digest
    return f"{name}:{content_mark(desk.key, digest)}"


def test_chosen_findings_are_shown_whole_masked_and_audited(enter: Enter, desk: Desk) -> None:
    made = enter()
    page = made.get("/batch", params={"do": "confirmed", "finding_id": ["post1", "post2"]})
    assert page.status_code == 200
    assert mark(desk, "post1") in page.text
    assert mark(desk, "post2") in page.text
    assert PHONE not in page.text
    views = [entry.target for entry in audit.chain(desk, "wang", today()) if entry.action == "view"]
    assert views == ["finding:post1", "finding:post2"]


def test_one_reason_decides_all_that_are_still_as_seen(enter: Enter, desk: Desk) -> None:
    made = enter()
    marks = [mark(desk, "post1"), mark(desk, "post2")]
    intake.take_in(desk, make_post("托管班，改过", "2", title=""), make_capture())
    form = {
        "token": made.headers["X-CSRF-Token"], "outcome": "rejected", "mark": marks,
        "usual": "非学科类，不违规", "reason": "已看", "unused": "",
    }  # fmt: skip
    answer = made.post("/batch", data=form)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/batch/done?outcome=rejected&done=post1&failed=post2"
    done = made.get(answer.headers["location"]).text
    assert "已驳回 1 条" in done
    assert "/findings/post2" in done
    decided = shelf.load(desk.store, Finding, "post1")[0]
    assert (decided.status, decided.decisions[0].reason) == ("rejected", "非学科类，不违规；已看")
    assert shelf.load(desk.store, Finding, "post2")[0].decisions == ()


def test_no_reason_no_choice_and_no_token_decide_nothing(enter: Enter, desk: Desk) -> None:
    made = enter()
    form = {"token": made.headers["X-CSRF-Token"], "outcome": "confirmed", "mark": [mark(desk, "post1")]}
    empty = made.post("/batch", data=form)
    assert (empty.status_code, "请填写理由" in empty.text, "上门" in empty.text) == (400, True, True)
    assert made.post("/batch", data=form | {"token": "x", "reason": "属实"}).status_code == 403
    assert made.post("/batch", data=form | {"mark": ["post1"], "reason": "属实"}).status_code == 400
    assert made.post("/batch", data=form | {"outcome": "x", "reason": "属实"}).status_code == 400
    assert made.get("/batch", params={"do": "confirmed"}).status_code == 400
    many = [f"post{number}" for number in range(batch.LIMIT + 1)]
    assert made.get("/batch", params={"do": "confirmed", "finding_id": many}).status_code == 400
    assert shelf.load(desk.store, Finding, "post1")[0].decisions == ()


def test_json_tells_each_answer(enter: Enter, desk: Desk) -> None:
    made = enter()
    digest = mark(desk, "post1").partition(":")[2]
    marks = [
        {"finding_id": "post1", "content_digest": digest}, {"finding_id": "none", "content_digest": digest},
    ]  # fmt: skip
    body = {"findings": marks, "outcome": "confirmed", "reason": "属实"}
    answers = {item["finding_id"]: item["problem"] for item in made.post("/api/decisions", json=body).json()}
    assert answers["post1"] == ""
    assert "没有找到" in answers["none"]
    assert made.post("/api/decisions", json=body | {"findings": []}).status_code == 400
    viewer = enter("kan")
    assert "不能" in viewer.post("/api/decisions", json=body).json()[0]["problem"]


def test_the_bar_is_only_for_those_who_may_decide(enter: Enter) -> None:
    assert "/batch" in enter().get("/findings").text
    assert 'formaction="/batch"' not in enter("kan").get("/findings").text
