"""Cases: what may go in and out, who may change them, and what the trail says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from casework import audit, cases, dossiers, intake, review, shelf
from casework.desk import Desk
from casework.parcel import EXPORT_LIMIT
from core.errors import BadInput, Conflict, NotAllowed, NotFound
from core.model import Case
from evidence.verify import verify_path
from tests.casework.desks import actor, make_capture, make_post, today

HERE, ELSEWHERE = "330100", "360100"


@pytest.fixture(autouse=True)
def posts(desk: Desk) -> None:
    """post1 in Hangzhou, post2 and post3 nowhere; all but post3 confirmed."""
    for name, body in (("1", "西湖区家教"), ("2", "家教二"), ("3", "家教三")):
        intake.take_in(desk, make_post(body, name, title=f"题{name}"), make_capture())
    for name in ("post1", "post2"):
        review.decide(desk, actor(), name, "confirmed", "属实")


def opened(desk: Desk, *names: str) -> str:
    return cases.open_case(desk, actor(), "某家教", names or ("post1", "post2")).id


def actions(desk: Desk, case_id: str) -> list[tuple[str, str]]:
    entries = audit.chain(desk, "wang", today())
    return [(entry.action, entry.reason) for entry in entries if entry.target == f"case:{case_id}"]


def test_only_confirmed_findings_go_in_and_the_refusal_names_them(desk: Desk) -> None:
    with pytest.raises(BadInput, match="题3"):
        opened(desk, "post1", "post3")
    with pytest.raises(BadInput, match="题3"):
        cases.add_findings(desk, actor(), opened(desk), ("post3",))
    with pytest.raises(NotFound):
        opened(desk, "nobody")


@pytest.mark.parametrize("title", ["", "  ", "长" * (cases.TITLE_LENGTH + 1)])
def test_a_case_needs_a_name_that_fits(desk: Desk, title: str) -> None:
    with pytest.raises(BadInput):
        cases.open_case(desk, actor(), title, ("post1",))


def test_findings_come_and_go_with_a_reason_and_the_last_one_stays(desk: Desk) -> None:
    case_id = opened(desk, "post1")
    assert cases.add_findings(desk, actor(), case_id, ("post2", "post1")).finding_ids == ("post1", "post2")
    with pytest.raises(BadInput):
        cases.add_findings(desk, actor(), case_id, ())
    with pytest.raises(BadInput, match="理由"):
        cases.remove_finding(desk, actor(), case_id, "post1", " ")
    assert cases.remove_finding(desk, actor(), case_id, "post1", "另案办理").finding_ids == ("post2",)
    with pytest.raises(BadInput, match="至少"):
        cases.remove_finding(desk, actor(), case_id, "post2", "也不要了")
    assert actions(desk, case_id) == [
        ("open_case", "1 条线索"), ("add_to_case", "2 条线索"), ("remove_from_case", "另案办理"),
    ]  # fmt: skip


def test_a_closed_case_changes_no_more_until_it_is_opened_again(desk: Desk) -> None:
    case_id = opened(desk)
    with pytest.raises(Conflict):
        cases.reopen_case(desk, actor(), case_id, "误结")
    with pytest.raises(BadInput):
        cases.close_case(desk, actor(reason=""), case_id)
    assert cases.close_case(desk, actor(), case_id, "已整改").state == "closed"
    for change in (
        lambda: cases.add_note(desk, actor(), case_id, "再说"),
        lambda: cases.remove_finding(desk, actor(), case_id, "post1", "再说"),
        lambda: cases.add_findings(desk, actor(), case_id, ("post2",)),
        lambda: cases.close_case(desk, actor(), case_id, "再结"),
    ):
        with pytest.raises(Conflict):
            change()
    assert cases.reopen_case(desk, actor(), case_id, "误结").state == "open"
    assert cases.add_note(desk, actor(), case_id, " 已约谈 ").notes == ("已约谈",)


def test_a_viewer_and_an_officer_of_another_place_change_nothing(desk: Desk) -> None:
    case_id = opened(desk, "post1")
    for other in (actor(role="viewer"), actor(region=ELSEWHERE, officer="nan")):
        for change in (
            lambda who: cases.add_note(desk, who, case_id, "再说"),
            lambda who: cases.close_case(desk, who, case_id, "结"),
            lambda who: cases.remove_finding(desk, who, case_id, "post1", "再说"),
            lambda who: cases.add_findings(desk, who, case_id, ("post1",)),
        ):
            with pytest.raises(NotAllowed):
                change(other)
    assert shelf.load(desk.store, Case, case_id)[0].notes == ()


def test_a_case_holds_no_more_than_one_bundle(desk: Desk) -> None:
    names = tuple(f"post{number}" for number in range(EXPORT_LIMIT + 1))
    with pytest.raises(BadInput, match=str(EXPORT_LIMIT)):
        opened(desk, *names)


def test_handing_over_is_in_the_trail_of_the_case(desk: Desk, tmp_path: Path) -> None:
    case_id = opened(desk)
    done = cases.hand_over(desk, actor(reason="移交教育局：查处"), case_id, tmp_path / "case.zip", "教育局")
    assert verify_path(tmp_path / "case.zip") == []
    action, reason = actions(desk, case_id)[-1]
    assert (action, done.digest in reason, "接收：教育局" in reason) == ("export_case", True, True)
    with pytest.raises(NotAllowed):
        cases.hand_over(
            desk, actor(region=ELSEWHERE, officer="nan"), opened(desk, "post1"), tmp_path / "no.zip"
        )
    assert not (tmp_path / "no.zip").exists()


def test_reading_keeps_its_old_name(desk: Desk) -> None:
    case_id = opened(desk)
    assert cases.read_case(desk, actor(), case_id) == dossiers.read(desk, actor(), case_id).case
