"""What officers see of pictures: their words apart from the post's own, masked alike, and what was not read."""

from __future__ import annotations

from collections.abc import Callable

from fastapi.testclient import TestClient

from casework import intake, shelf
from casework.desk import Desk
from core.model import Finding, Picture, PictureLine
from tests.casework.desks import PHONE, make_capture, make_post


def test_words_of_a_picture_stand_apart_and_are_masked(enter: Callable[..., TestClient], desk: Desk) -> None:
    intake.take_in(desk, make_post("上门家教，看图", "7"), make_capture())
    line = PictureLine(text=f"<b>家教</b>{PHONE}", box=(0, 0, 9, 9))

    def read(finding: Finding) -> Finding:
        latest = finding.latest
        post = latest.post.model_copy(update={"pictures": (Picture(url="u", lines=(line,)),)})
        verdict = desk.judge.judge(post).model_copy(update={"notes": ("图片未识别（2 张）：图片太大",)})
        newer = latest.model_copy(update={"post": post, "verdict": verdict})
        return finding.model_copy(update={"versions": (newer,)})

    shelf.change_existing(desk.store, Finding, "post7", read)
    page = enter().get("/findings/post7").text
    assert "图中文字（机器识别，以原图为准）" in page
    assert "图片未识别（2 张）：图片太大" in page
    assert page.count("</mark>（图中文字）") == 1  # what shows an element of a penalty clause
    assert PHONE not in page
    assert "138" in page
    assert "<b>家教" not in page
    assert PHONE in enter(reason="核查线索").get("/findings/post7").text
    assert "图中文字" in enter().get("/batch?do=rejected&finding_id=post7").text


def test_a_picture_of_marks_alone_says_nothing(enter: Callable[..., TestClient], desk: Desk) -> None:
    intake.take_in(desk, make_post("上门家教，看图", "8"), make_capture())
    stain = Picture(url="u", lines=(PictureLine(text="·", box=(0, 0, 9, 9)),))

    def read(finding: Finding) -> Finding:
        post = finding.latest.post.model_copy(update={"pictures": (stain,)})
        newer = finding.latest.model_copy(update={"post": post, "verdict": desk.judge.judge(post)})
        return finding.model_copy(update={"versions": (newer,)})

    shelf.change_existing(desk.store, Finding, "post8", read)
    page = enter().get("/findings/post8").text
    assert "，看图" in page
    assert "图中文字" not in page
    assert "图中文字" not in enter().get("/batch?do=rejected&finding_id=post8").text


def test_the_posts_score_and_the_types_score_have_words_of_their_own(
    enter: Callable[..., TestClient], desk: Desk
) -> None:
    intake.take_in(desk, make_post("上门家教", "9"), make_capture())
    assert "违规可能性 90%" in enter().get("/findings").text
    page = enter().get("/findings/post9").text
    assert "<th>违规可能性</th><td>90%</td>" in page
    assert "属此类型</th>" in page
