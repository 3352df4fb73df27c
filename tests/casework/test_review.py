"""Searching, opening and deciding, with masks, scope and the audit trail."""

from __future__ import annotations

import pytest

from casework import audit, cases, intake, review, shelf
from casework.desk import Desk
from core.errors import BadInput, Conflict, EvidenceBroken, NotAllowed, NotFound
from core.model import AuditEntry, Finding
from store.base import ANY, Query, save_one
from tests.casework.desks import PHONE, actor, make_capture, make_post, today


@pytest.fixture(autouse=True)
def posts(desk: Desk) -> None:
    intake.take_in(desk, make_post(f"西湖区上门家教 {PHONE}", "1"), make_capture())
    intake.take_in(desk, make_post("托管班", "2"), make_capture())


def test_contacts_are_masked_everywhere_without_a_reason(desk: Desk) -> None:
    for who in (actor(reason=""), actor(role="viewer"), actor(role="viewer", reason="")):
        seen = review.open_finding(desk, who, "post1")
        assert PHONE not in seen.model_dump_json(), who
        assert "138******78" in seen.latest.post.body


def test_a_reviewer_with_a_reason_sees_contacts_and_it_is_recorded(desk: Desk) -> None:
    assert PHONE in review.open_finding(desk, actor(), "post1").latest.post.body
    [entry] = audit.chain(desk, "wang", today())
    assert (entry.action, entry.target, entry.reason) == ("view_contacts", "finding:post1", "核查线索")


def test_each_viewing_is_one_entry(desk: Desk) -> None:
    for _ in range(5):
        review.open_finding(desk, actor(reason=""), "post1")
    assert [entry.number for entry in audit.chain(desk, "wang", today())] == [1, 2, 3, 4, 5]


def test_lists_stay_masked_whatever_the_reason(desk: Desk) -> None:
    page = review.search(desk, actor(), Query(text="家教"))
    assert page.total == 1
    assert all(PHONE not in record.model_dump_json() for record in page.records)


def test_an_officer_sees_his_division_and_what_has_none(desk: Desk) -> None:
    hangzhou, nanchang = actor(region="330100"), actor(region="360100", officer="li")
    assert review.search(desk, hangzhou, Query()).total == 2
    assert [item.id for item in review.search(desk, nanchang, Query()).records] == ["post2"]
    review.open_finding(desk, hangzhou, "post1")
    for call in (
        lambda: review.open_finding(desk, nanchang, "post1"),
        lambda: review.decide(desk, nanchang, "post1", "confirmed", "属实"),
        lambda: review.search(desk, nanchang, Query(region="330106")),
    ):
        with pytest.raises(NotAllowed):
            call()
    assert audit.chain(desk, "li", today()) == []


def test_decision_changes_status_and_is_audited(desk: Desk) -> None:
    decided = review.decide(desk, actor(), "post2", "rejected", " 只托管 ")
    assert (decided.status, decided.decisions[0].reason) == ("rejected", "只托管")
    [entry] = audit.chain(desk, "wang", today())
    assert (entry.action, entry.target) == ("rejected", "finding:post2:decision:1")
    assert audit.repair(desk) == []


def test_an_officer_names_the_violations_and_lists_go_by_them(desk: Desk) -> None:
    named = ["FEE_VIOLATION", "ONE_TO_ONE", "FEE_VIOLATION"]
    decided = review.decide(desk, actor(), "post1", "confirmed", "属实", codes=named)
    assert decided.decisions[0].codes == ("ONE_TO_ONE", "FEE_VIOLATION")
    assert decided.latest.verdict.codes == ("HOME_TUTOR",)  # the judge's word stays as it was
    [entry] = audit.chain(desk, "wang", today())
    assert entry.reason == "属实（认定类型：一对一或小组学科培训、违规收费）"
    assert audit.repair(desk) == []
    assert review.search(desk, actor(), Query(where={"code": ("HOME_TUTOR",)})).total == 0
    assert review.search(desk, actor(), Query(where={"code": ("ONE_TO_ONE",)})).total == 1
    review.decide(desk, actor(), "post1", "confirmed", "批量")
    assert (
        review.search(desk, actor(), Query(where={"code": ("ONE_TO_ONE",)})).total == 1
    )  # nothing taken back
    review.decide(desk, actor(), "post1", "rejected", "再看")
    assert review.search(desk, actor(), Query(where={"code": ("HOME_TUTOR",)})).total == 1


def test_codes_that_cannot_be_are_refused(desk: Desk) -> None:
    with pytest.raises(BadInput, match="没有“TUTORING”这种违规类型"):
        review.decide(desk, actor(), "post1", "confirmed", "属实", codes=["TUTORING"])
    with pytest.raises(BadInput, match="驳回时不选违规类型"):
        review.decide(desk, actor(), "post1", "rejected", "只托管", codes=["HOME_TUTOR"])
    assert shelf.load(desk.store, Finding, "post1")[0].decisions == ()


def test_decisions_need_role_reason_and_the_present_version(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        review.decide(desk, actor(role="viewer"), "post1", "confirmed", "属实")
    for reason in ("  ", "长" * (review.REASON_LENGTH + 1)):
        with pytest.raises(BadInput):
            review.decide(desk, actor(), "post1", "confirmed", reason)
    with pytest.raises(Conflict):
        review.decide(desk, actor(), "post1", "confirmed", "属实", seen_digest="older")
    with pytest.raises(NotFound):
        review.decide(desk, actor(), "nobody", "confirmed", "属实")
    assert shelf.load(desk.store, Finding, "post1")[0].decisions == ()


def test_a_crash_between_decision_and_entry_is_repaired(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def dead(*_: object) -> AuditEntry:
        raise SystemError

    with monkeypatch.context() as patch:
        patch.setattr(audit, "record", dead)
        with pytest.raises(SystemError):
            review.decide(desk, actor(), "post1", "confirmed", "属实", codes=["VENUE"])
    [added] = audit.repair(desk)
    assert (added.officer, added.target, added.action) == ("wang", "finding:post1:decision:1", "confirmed")
    assert added.reason.startswith("属实（认定类型：提供培训场地）（补记")
    assert audit.repair(desk) == []


def test_a_rewritten_entry_is_noticed(desk: Desk) -> None:
    for _ in range(3):
        review.open_finding(desk, actor(), "post1")
    second = audit.chain(desk, "wang", today())[1]
    save_one(desk.store, second.model_copy(update={"reason": "别的理由"}), ANY)
    with pytest.raises(EvidenceBroken):
        audit.chain(desk, "wang", today())


def test_cases_hold_confirmed_findings_only(desk: Desk) -> None:
    with pytest.raises(BadInput):
        cases.open_case(desk, actor(), "某家教", ("post1",))
    review.decide(desk, actor(), "post1", "confirmed", "属实")
    case = cases.open_case(desk, actor(), "某家教", ("post1", "post1"))
    assert case.finding_ids == ("post1",)
    assert cases.add_findings(desk, actor(), case.id, ("post1",)).finding_ids == ("post1",)
    assert cases.add_note(desk, actor(), case.id, " 已约谈 ").notes == ("已约谈",)
    assert cases.read_case(desk, actor(), case.id).title == "某家教"
    assert cases.close_case(desk, actor(), case.id).state == "closed"
    with pytest.raises(Conflict):
        cases.add_note(desk, actor(), case.id, "再说")


def test_cases_refuse_the_wrong_people_and_empty_words(desk: Desk) -> None:
    review.decide(desk, actor(), "post1", "confirmed", "属实")
    with pytest.raises(NotAllowed):
        cases.open_case(desk, actor(role="viewer"), "某家教", ("post1",))
    with pytest.raises(NotAllowed):
        cases.open_case(desk, actor(region="360100"), "某家教", ("post1",))
    with pytest.raises(BadInput):
        cases.open_case(desk, actor(), " ", ("post1",))
    with pytest.raises(BadInput):
        cases.add_note(desk, actor(), "any", " ")
    with pytest.raises(NotFound):
        cases.close_case(desk, actor(), "nobody")
