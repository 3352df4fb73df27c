"""The page of two states side by side, and the button that has missing parts tried again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from fastapi.testclient import TestClient

from casework import intake, presence, runs
from casework.desk import Desk
from core.model import Missing
from tests.casework.desks import PHONE, SEEN, make_capture, make_post

Enter = Callable[..., TestClient]


def edited(desk: Desk) -> None:
    later = SEEN + timedelta(days=1)
    post = make_post(f"西湖区上门家教 {PHONE}，现在涨到三百元<b>", "1", title="x", seen_at=later)
    intake.take_in(desk, post, make_capture().model_copy(update={"started_at": later, "ended_at": later}))


def test_both_states_are_shown_with_what_differs_and_no_contact(desk: Desk, enter: Enter) -> None:
    edited(desk)
    page = enter().get("/findings/post1/changes").text
    assert PHONE not in page
    assert '<mark class="added">' in page
    assert "现在涨到三百元&lt;b&gt;" in page
    assert "<script>alert" not in page
    assert "填写查看理由" in page
    assert "/findings/post1/changes" in enter().get("/findings/post1").text


def test_with_a_reason_both_pictures_are_shown(desk: Desk, enter: Enter) -> None:
    edited(desk)
    intake.attach(desk, "post1", make_capture(picture=True))
    page = enter(reason="核查").get("/findings/post1/changes?left=1.1&right=2.1").text
    assert page.count("<img src=") == 2
    assert enter().get("/findings/post1/changes?left=7.1").status_code == 404


def test_a_post_that_is_gone_is_told_on_both_pages(desk: Desk, enter: Enter) -> None:
    at = SEEN + timedelta(days=2)
    capture = make_capture(picture=True).model_copy(update={"started_at": at, "ended_at": at})
    presence.gone(desk, "post1", 404, capture)
    assert "帖子页面已不在（HTTP 404）" in enter().get("/findings/post1").text
    page = enter().get("/findings/post1/changes").text
    assert "网站回答页面不在（HTTP 404）" in page
    back = SEEN + timedelta(days=3)
    again = make_post(f"西湖区上门家教 {PHONE}", "1", title="y", seen_at=back)
    intake.take_in(desk, again, make_capture().model_copy(update={"started_at": back, "ended_at": back}))
    assert "恢复" in enter().get("/findings/post1").text


def test_missing_parts_are_asked_for_by_a_button(
    desk: Desk, enter: Enter, token: Callable[[str], str]
) -> None:
    visitor = enter()
    assert "补取缺件" not in visitor.get("/findings/post1").text
    edited(desk)
    gap = Missing(role="exchange", cause="没有收到", url="http://tutor.test/a.png")
    intake.attach(desk, "post1", make_capture(picture=True).model_copy(update={"missing": (gap,)}))
    page = visitor.get("/findings/post1").text
    assert "补取缺件" in page
    answer = visitor.post("/findings/post1/retake", data={"token": token(page)})
    assert answer.headers["location"].startswith("/findings/post1?done=retake")
    assert "已安排补取" in visitor.get(answer.headers["location"]).text
    [run] = runs.waiting(desk)
    assert (run.kind, run.target) == ("retake", "post1")
    assert "补取缺件" not in enter("kan").get("/findings/post1").text
