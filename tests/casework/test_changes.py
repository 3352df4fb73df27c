"""Edited, deleted, came back: what is written down, and what two states show side by side."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from casework import changes, intake, presence, retakes, runs, shelf
from casework.desk import Desk
from core.errors import BadInput, NotAllowed, NotFound
from core.model import Evidence, Exchange, Finding, Missing, Sighting
from evidence.verify import verify_path
from tests.casework.desks import PHONE, SEEN, actor, make_capture, make_desk, make_post

OTHER = "13899995678"  # masked like PHONE


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    config = tmp_path / "config"
    (config / "violations").mkdir(parents=True)
    made = make_desk(tmp_path / "data", config, f"sqlite:///{tmp_path / 'x.sqlite3'}")
    yield made
    made.close()


def met(desk: Desk, body: str, day: int, picture: bool = True) -> None:
    at = SEEN + timedelta(days=day)
    post = make_post(body, seen_at=at)
    capture = make_capture().model_copy(update={"started_at": at, "ended_at": at})
    taken = intake.take_in(desk, post, capture)
    if taken.needs_look and picture:
        drawn = make_capture(picture=True).model_copy(update={"started_at": at, "ended_at": at})
        intake.attach(desk, "post1", drawn)


def gone(desk: Desk, day: int, status: int = 404) -> None:
    at = SEEN + timedelta(days=day)
    answer = Exchange(
        url="http://tutor.test/1", at=at, request_head=b"GET /1 HTTP/1.1\r\nHost: tutor.test\r\n\r\n",
        response_head=b"HTTP/1.1 404 Not Found\r\n\r\n", body=b"gone",
    )  # fmt: skip
    capture = make_capture().model_copy(update={"started_at": at, "ended_at": at, "exchanges": (answer,)})
    presence.gone(desk, "post1", status, capture)


def finding(desk: Desk) -> Finding:
    return shelf.load(desk.store, Finding, "post1")[0]


def marked(pieces: tuple[changes.Piece, ...]) -> list[str]:
    return [piece.text for piece in pieces if piece.mark == "changed"]


def test_an_edit_is_shown_word_by_word_in_its_sentence(desk: Desk) -> None:
    met(desk, "上门家教。每小时200元！长期有效。", 0)
    met(desk, "上门家教。每小时350元，可试听！长期有效。新增一对一。", 1)
    found = changes.compare(desk, actor(), "post1")
    assert (found.left.key, found.right.key) == ("1.1", "2.1")
    assert marked(found.left_text) == ["200"]
    assert marked(found.right_text) == ["350", "，可试听", "新增一对一。"]
    assert "".join(piece.text for piece in found.right_text).endswith("长期有效。新增一对一。")
    assert [len(state.pictures) for state in found.states] == [1, 1]


def test_a_number_exchanged_for_another_that_is_masked_alike_shows_as_changed(desk: Desk) -> None:
    met(desk, f"上门家教，电话{PHONE}", 0)
    met(desk, f"上门家教，电话{OTHER}", 1)
    masked = actor().model_copy(update={"reason": ""})
    found = changes.compare(desk, masked, "post1")
    text = "".join(piece.text for piece in found.left_text + found.right_text)
    assert PHONE not in text
    assert len(marked(found.left_text)) == len(marked(found.right_text)) == 1


def test_a_post_that_is_gone_and_comes_back_is_proved_each_time(desk: Desk) -> None:
    met(desk, "上门家教", 0)
    first = finding(desk)
    gone(desk, 1)
    gone(desk, 2)
    absent = finding(desk)
    assert absent.gone is not None
    assert (absent.gone.seen_to - absent.gone.seen_from).days == 1
    [proof] = absent.gone.evidence_ids
    assert shelf.load(desk.store, Evidence, proof)[0].look == "gone"
    found = changes.compare(desk, actor(), "post1")
    assert (found.left.key, found.right.key) == ("1.1", "g1")
    assert marked(found.left_text) == ["数学辅导\n上门家教"]
    met(desk, "上门家教", 3)
    back = finding(desk)
    assert back.gone is None
    assert back.absences[0].back_at == SEEN + timedelta(days=3)
    # The same text, proved anew by a look and a picture of that day.
    assert len(back.versions) == 1
    assert len(back.latest.evidence_ids) == len(first.latest.evidence_ids) + 2
    assert [state.key for state in changes.compare(desk, actor(), "post1").states] == ["1.1", "g1", "1.2"]
    assert verify_path(desk.vault.folder) == []


def test_a_pending_look_at_what_is_gone_is_missing_with_its_cause(desk: Desk) -> None:
    met(desk, "上门家教", 0, picture=False)
    gone(desk, 1, 410)
    assert finding(desk).second_look_cause == "帖子页面已不在（HTTP 410）"
    assert shelf.load(desk.store, Sighting, "post1")[0].content_digest == ""
    assert presence.finding_at(desk, "town", "http://tutor.test/1") == "post1"
    assert presence.finding_at(desk, "town", "http://tutor.test/2") is None


def test_a_state_that_is_not_there_is_said(desk: Desk) -> None:
    met(desk, "上门家教", 0)
    assert changes.compare(desk, actor(), "post1").left.key == "1.1"
    with pytest.raises(NotFound):
        changes.compare(desk, actor(), "post1", left="9.9")


@pytest.mark.parametrize(
    ("left", "right"), [("", ""), ("甲。", ""), ("x" * 50_000, "y"), ("甲。" * 3_000, "乙。" * 3_000)]
)
def test_spans_lie_in_the_text_and_hostile_lengths_end(left: str, right: str) -> None:
    removed, added = changes.difference(left, right)
    for text, spans in ((left, removed), (right, added)):
        assert all(0 <= start <= end <= len(text) for start, end in spans)


def lacking_part(desk: Desk) -> str:
    """A second look that lacks one requisite; its evidence's id."""
    met(desk, "上门家教", 0, picture=False)
    gap = Missing(role="exchange", cause="http://tutor.test/a.png：没有收到", url="http://tutor.test/a.png")
    intake.attach(desk, "post1", make_capture(picture=True).model_copy(update={"missing": (gap,)}))
    return finding(desk).latest.evidence_ids[-1]


def test_a_part_fetched_again_is_an_evidence_that_refers_to_the_first(desk: Desk) -> None:
    first = lacking_part(desk)
    lack = retakes.lacking(desk, "post1")
    assert (lack.look, lack.parts) == (False, {first: ("http://tutor.test/a.png",)})
    run = retakes.ask(desk, actor(), "post1")
    assert (run.kind, run.target, runs.load(desk, run.id).state) == ("retake", "post1", "queued")
    again = retakes.keep(desk, "post1", first, make_capture())
    assert (again.look, again.refers_to) == ("again", first)
    assert finding(desk).latest.evidence_ids[-1] == again.id
    assert not retakes.lacking(desk, "post1")
    with pytest.raises(BadInput, match="没有缺件"):
        retakes.ask(desk, actor(), "post1")
    assert verify_path(desk.vault.folder) == []


def test_what_still_does_not_come_is_still_lacking(desk: Desk) -> None:
    first = lacking_part(desk)
    gap = Missing(role="exchange", cause="补取时仍未取到", url="http://tutor.test/a.png")
    retakes.keep(desk, "post1", first, make_capture().model_copy(update={"missing": (gap,)}))
    assert retakes.lacking(desk, "post1").parts == {first: ("http://tutor.test/a.png",)}


def test_a_look_that_brought_no_picture_is_taken_again_in_its_place(desk: Desk) -> None:
    met(desk, "上门家教", 0, picture=False)
    intake.attach(desk, "post1", make_capture())
    first = finding(desk).latest.evidence_ids[-1]
    assert retakes.lacking(desk, "post1").look
    intake.attach(desk, "post1", make_capture(picture=True))
    second = shelf.load(desk.store, Evidence, finding(desk).latest.evidence_ids[-1])[0]
    assert (second.look, second.refers_to) == ("second", first)
    assert not retakes.lacking(desk, "post1")


def test_only_who_may_decide_asks_for_it(desk: Desk) -> None:
    lacking_part(desk)
    with pytest.raises(NotAllowed):
        retakes.ask(desk, actor().model_copy(update={"role": "viewer"}), "post1")
