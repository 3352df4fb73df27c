"""What is kept long enough goes, provably and in any order of crashes; what is held, open or not whole stays."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework import audit, cases, files, holds, intake, retention, review, shelf
from casework.desk import Desk, keep_rules
from casework.gone import deleted_note
from core.catalog import RETENTION
from core.errors import BadInput, Conflict, NotAllowed, NotFound
from core.model import (
    SYSTEM,
    AuditEntry,
    Case,
    Contact,
    Dispatch,
    Evidence,
    Finding,
    Hold,
    Lead,
    Operator,
    Run,
    Sighting,
)
from core.retention import Retention, Term
from core.rules import Law
from core.settings import PACKAGED_CONFIG
from evidence import custody, deletion, heads, verify
from evidence.reverify import vault_files
from store.base import Query
from tests.casework.desks import PHONE, SEEN, actor, make_capture, make_post

BOSS = actor("supervisor")
DAYS = {
    "clear": 365, "flagged": 1000, "unsure": 730, "rejected": 365, "screenshots": 90, "confirmed": 1000,
    "cases": 2000, "leads": 200, "runs": 200, "audit": 2500,
}  # fmt: skip
LAW = Law(instrument="个人信息保护法", article="第四十七条")


@pytest.fixture
def keeping(desk: Desk) -> Desk:
    """A desk with terms, and the file that they stand in."""
    shutil.copyfile(PACKAGED_CONFIG / RETENTION, desk.settings.config / RETENTION)
    terms = {name: Term(days=days, law=LAW, why="期满") for name, days in DAYS.items()}
    rules = keep_rules(desk.vault, desk.settings.config)
    return replace(
        desk, rules=rules, catalog=replace(desk.catalog, retention=Retention.model_validate(terms))
    )


def after(days: float) -> datetime:
    """So long after the posts were seen, and after now: decisions are dated by the real clock."""
    return max(SEEN, datetime.now(UTC)) + timedelta(days=days)


def take(desk: Desk, name: str, body: str, second: bool = True) -> None:
    post = make_post(body, name, seen_at=datetime.now(UTC))
    intake.take_in(desk, post, make_capture(url=f"http://tutor.test/{name}"))
    if second and ("家教" in body or "托管" in body):
        intake.attach(desk, post.id, make_capture(picture=True, url=f"http://tutor.test/{name}"))


def kept(desk: Desk, model: type[Finding]) -> set[str]:
    return {one.id for one in shelf.walk(desk.store, model, Query())}


def finding(desk: Desk, name: str) -> Finding:
    return shelf.load(desk.store, Finding, name)[0]


def ids(one: Finding) -> list[str]:
    return [name for version in one.versions for name in version.evidence_ids]


def checked(desk: Desk) -> verify.Report:
    report = verify.Report()
    verify.check_vault(vault_files(desk.vault), verify.Asked(), report)
    return report


def retire(desk: Desk, days: float) -> retention.Retired:
    done = retention.retire(desk, SYSTEM, after(days))
    desk.store.flush()
    return done


def test_nothing_is_due_in_time(keeping: Desk) -> None:
    take(keeping, "1", "上门家教")
    take(keeping, "2", "二手自行车")
    assert list(retention.due(keeping, after(0))) == []
    assert list(retention.due(keeping, after(80))) == []


def test_a_finding_goes_with_all_that_is_known_of_it(keeping: Desk) -> None:
    for name in "12":
        take(keeping, name, f"上门家教 {name}，电话{PHONE}")
    review.decide(keeping, BOSS, "post1", "rejected", "成人课程")
    heads.list_heads(keeping.vault)
    old, kin = finding(keeping, "post1"), finding(keeping, "post2")
    operator = Operator(id="o", contact_ids=old.contact_ids, finding_ids=("post1", "post2"))
    shelf.save(keeping.store, operator)
    keeping.store.flush()
    done = retire(keeping, 366)
    assert (done.counts, done.faults) == ({"rejected": 1}, [])
    assert kept(keeping, Finding) == {"post2"}
    for name in ids(old):
        assert shelf.find(keeping.store, Evidence, name) is None
        entry = deletion.deletion(keeping.vault, name)
        assert entry is not None
        assert (entry["class"], entry["basis"]) == ("rejected", "个人信息保护法第四十七条")
        assert keeping.vault.get(entry["rule"]) == (keeping.settings.config / RETENTION).read_bytes()
    assert shelf.find(keeping.store, Sighting, "post1") is None
    [contact] = kin.contact_ids
    assert shelf.load(keeping.store, Contact, contact)[0].finding_ids == ("post2",)
    assert shelf.load(keeping.store, Operator, "o")[0].finding_ids == ("post2",)
    report = checked(keeping)
    assert (report.faults, len(report.deleted)) == ([], len(ids(old)))
    assert "已驳回的线索；个人信息保护法第四十七条；365 天" in deleted_note(keeping, "finding:post1")
    assert deleted_note(keeping, "finding:post2") == ""
    assert audit.broken(keeping) == []
    assert audit.unrecorded(keeping) == []
    assert retire(keeping, 366).counts == {}


def test_a_contact_that_nothing_else_knows_goes(keeping: Desk) -> None:
    take(keeping, "1", f"上门家教，电话{PHONE}")
    [contact] = finding(keeping, "post1").contact_ids
    retire(keeping, 1001)
    assert shelf.find(keeping.store, Contact, contact) is None


@pytest.mark.parametrize(
    ("body", "outcome", "name", "days"),
    [
        ("上门家教", None, "flagged", 1000), ("晚间托管", None, "unsure", 730), ("上门家教", "rejected", "rejected", 365),
        ("上门家教", "confirmed", "confirmed", 1000),
    ],
)  # fmt: skip
def test_each_class_has_its_own_term(
    keeping: Desk, body: str, outcome: str | None, name: str, days: int
) -> None:
    take(keeping, "1", body, second=False)
    if outcome:
        review.decide(keeping, BOSS, "post1", outcome, "核查")  # type: ignore[arg-type]
    keeping.store.flush()
    assert list(retention.due(keeping, after(days - 1))) == []
    [one] = retention.due(keeping, after(days + 1))
    assert (one.name, one.id, one.held) == (name, "post1", False)
    assert str(days) in retention.explained(one)


def test_what_is_still_online_stays(keeping: Desk) -> None:
    take(keeping, "1", "上门家教", second=False)
    review.decide(keeping, BOSS, "post1", "rejected", "核查")
    late = make_post("上门家教", "1", seen_at=after(300))
    intake.take_in(keeping, late, make_capture())
    keeping.store.flush()
    assert list(retention.due(keeping, after(600))) == []
    assert [one.name for one in retention.due(keeping, after(666))] == ["rejected"]


def test_screenshots_of_a_rejected_finding_go_first(keeping: Desk) -> None:
    take(keeping, "1", "上门家教")
    review.decide(keeping, BOSS, "post1", "rejected", "成人课程")
    first, second = ids(finding(keeping, "post1"))
    late = make_post("上门家教", "1", seen_at=after(60))
    intake.take_in(keeping, late, make_capture(url="http://tutor.test/1"))  # it is still online
    done = retire(keeping, 91)
    assert (done.counts, done.faults) == ({"screenshots": 1}, [])
    stands = finding(keeping, "post1")
    assert (stands.second_look, stands.second_look_cause) == ("missing", "截图已按保存期限规定删除")
    assert keeping.vault.has(first)
    assert not keeping.vault.has(second)
    gone = files.evidence_of(keeping, stands)[second]
    assert gone.items == ()
    assert {item.cause for item in gone.missing} >= {"已按保存期限规定删除"}
    assert retire(keeping, 91).counts == {}
    assert retire(keeping, 366).counts == {}
    assert retire(keeping, 426).counts == {"rejected": 1}
    assert (checked(keeping).faults, kept(keeping, Finding)) == ([], set())


def case_of(desk: Desk, *names: str) -> Case:
    for name in names:
        take(desk, name, "上门家教", second=False)
        review.decide(desk, BOSS, f"post{name}", "confirmed", "属实")
    return cases.open_case(desk, BOSS, "某机构", tuple(f"post{name}" for name in names))


def test_an_open_case_keeps_its_findings_a_closed_one_takes_them_along(keeping: Desk) -> None:
    case = case_of(keeping, "1", "2")
    sent = Dispatch(id="d", case_id=case.id, number=1, department="市教育局", sent_at=datetime.now(UTC))
    shelf.save(keeping.store, sent)
    keeping.store.flush()
    assert [one.kind for one in retention.due(keeping, after(9000))] == []
    cases.close_case(keeping, BOSS, case.id, "办结")
    keeping.store.flush()
    assert list(retention.due(keeping, after(1500))) == []  # not `confirmed`: it lies in a case
    done = retire(keeping, 2001)
    assert done.counts == {"cases": 3}
    assert kept(keeping, Finding) == set()
    assert shelf.find(keeping.store, Case, case.id) is None
    assert shelf.find(keeping.store, Dispatch, "d") is None
    assert "已结案件及其线索" in deleted_note(keeping, f"case:{case.id}")


def test_a_hold_keeps_finding_and_case(keeping: Desk) -> None:
    case = case_of(keeping, "1")
    cases.close_case(keeping, BOSS, case.id, "办结")
    take(keeping, "2", "晚间托管")
    holds.hold(keeping, BOSS, "case", case.id, "行政诉讼")
    holds.hold(keeping, BOSS, "finding", "post2", "复议")
    keeping.store.flush()
    done = retire(keeping, 9000)
    assert (done.counts, done.held) == ({}, {"cases": 2, "unsure": 1})
    for name in ids(finding(keeping, "post1")):
        with pytest.raises(NotAllowed):
            deletion.delete(keeping.vault, name, SYSTEM, "x", {})
    holds.release(keeping, BOSS, "case", case.id, "判决生效")
    holds.release(keeping, BOSS, "finding", "post2", "复议完结")
    keeping.store.flush()
    assert retire(keeping, 9000).counts["cases"] == 2
    assert (kept(keeping, Finding), checked(keeping).faults) == (set(), [])
    assert shelf.find(keeping.store, Hold, f"case:{case.id}") is None


def test_a_finding_in_a_held_case_stays_held_when_its_own_hold_ends(keeping: Desk) -> None:
    case = case_of(keeping, "1")
    holds.hold(keeping, BOSS, "case", case.id, "行政诉讼")
    holds.hold(keeping, BOSS, "finding", "post1", "复议")
    keeping.store.flush()
    holds.release(keeping, BOSS, "finding", "post1", "复议完结")
    [name] = ids(finding(keeping, "post1"))
    assert custody.held(custody.chain(keeping.vault, name))


def test_evidence_sealed_after_the_hold_is_covered(keeping: Desk) -> None:
    take(keeping, "1", "上门家教", second=False)
    holds.hold(keeping, BOSS, "finding", "post1", "复议")
    take(keeping, "1", "上门家教，改过")
    keeping.store.flush()
    assert holds.cover(keeping) == 2
    assert holds.cover(keeping) == 0
    assert all(custody.held(custody.chain(keeping.vault, name)) for name in ids(finding(keeping, "post1")))


def test_who_may_hold_and_how(keeping: Desk) -> None:
    take(keeping, "1", "上门家教，西湖区")
    with pytest.raises(NotAllowed, match="主管"):
        holds.hold(keeping, actor("reviewer"), "finding", "post1", "复议")
    with pytest.raises(NotAllowed, match="辖区"):
        holds.hold(keeping, actor("supervisor", region="320000"), "finding", "post1", "复议")
    with pytest.raises(BadInput):
        holds.hold(keeping, BOSS, "finding", "post1", "  ")
    with pytest.raises(NotFound):
        holds.hold(keeping, BOSS, "finding", "nobody", "复议")
    with pytest.raises(Conflict):
        holds.release(keeping, BOSS, "finding", "post1", "复议")
    made = holds.hold(keeping, BOSS, "finding", "post1", "复议")
    assert (made.stands, made.changes[-1].reason) == (True, "复议")
    with pytest.raises(Conflict):
        holds.hold(keeping, BOSS, "finding", "post1", "再次")
    assert holds.of(keeping, "finding", "post1") == made
    assert holds.of(keeping, "case", "post1") is None
    with pytest.raises(BadInput):
        holds.split("post1")
    keeping.store.flush()
    told = [one.action for one in shelf.walk(keeping.store, AuditEntry, Query()) if one.action == "hold"]
    assert told == ["hold"]


def test_harmless_posts_runs_and_leads_are_told_by_number(keeping: Desk) -> None:
    take(keeping, "1", "二手自行车")
    take(keeping, "2", "上门家教", second=False)
    now = datetime.now(UTC)
    for state in ("done", "running"):
        shelf.save(
            keeping.store,
            Run.model_validate({"id": state, "kind": "crawl", "state": state, "planned_at": now}),
        )
    shelf.save(keeping.store, Lead(id="tip", text="有人补课", received_at=now))
    keeping.store.flush()
    done = retire(keeping, 400)
    assert done.counts == {"clear": 1, "runs": 1, "leads": 1}
    assert shelf.find(keeping.store, Sighting, "post1") is None
    assert shelf.find(keeping.store, Sighting, "post2") is not None
    assert shelf.find(keeping.store, Run, "running") is not None
    told = {one.target for one in shelf.walk(keeping.store, AuditEntry, Query()) if one.action == "delete"}
    assert told == {"retention:clear", "retention:runs", "retention:leads"}


def test_the_trail_goes_by_whole_days_when_nothing_it_speaks_of_stands(keeping: Desk) -> None:
    take(keeping, "1", "上门家教", second=False)
    review.open_finding(keeping, actor(), "post1")
    audit.record(keeping, actor(officer="li"), "sign_in", "officer:li")
    audit.record(keeping, actor(officer="clock"), "list_heads", "heads:000001")
    keeping.store.flush()
    due = [one.id for one in retention.due(keeping, after(2502)) if one.kind == "audit"]
    assert [name.partition(":")[0] for name in due] == ["li"]  # of wang's day, a finding stands
    assert retire(keeping, 2502).counts == {"flagged": 1, "audit": 1}
    retire(keeping, 2502)  # now nothing stands of which the others speak
    entries = list(shelf.walk(keeping.store, AuditEntry, Query()))
    assert not {"li", "wang"} & {one.officer for one in entries}
    assert "clock" in {one.officer for one in entries}  # a daily list stands for ever
    gone = [one for one in entries if one.target.startswith("audit:wang")]
    assert ["末条摘要" in one.reason for one in gone] == [True]
    assert audit.broken(keeping) == []


def test_evidence_that_somebody_took_away_is_not_covered_up(keeping: Desk) -> None:
    take(keeping, "1", "上门家教", second=False)
    take(keeping, "2", "上门家教 2", second=False)
    [name] = ids(finding(keeping, "post1"))
    keeping.vault.path(name).unlink()
    done = retire(keeping, 1001)
    assert done.counts == {"flagged": 1}
    assert [name in fault for fault in done.faults] == [True]
    assert kept(keeping, Finding) == {"post1"}
    assert "没有清单" in checked(keeping).faults[0]


def test_a_case_stays_while_one_of_its_findings_cannot_go(keeping: Desk) -> None:
    case = case_of(keeping, "1", "2")
    cases.close_case(keeping, BOSS, case.id, "办结")
    [name] = ids(finding(keeping, "post1"))
    keeping.vault.path(name).unlink()
    done = retire(keeping, 2001)
    assert (done.counts, len(done.faults)) == ({"cases": 1}, 1)
    assert kept(keeping, Finding) == {"post1"}
    assert shelf.find(keeping.store, Case, case.id) is not None


def test_a_limit_leaves_the_rest_for_later(keeping: Desk) -> None:
    for number in range(3):
        take(keeping, f"{number}", f"上门家教 {number}", second=False)
    keeping.store.flush()
    assert retention.retire(keeping, SYSTEM, after(1001), 2).counts == {"flagged": 2}
    assert retire(keeping, 1001).counts == {"flagged": 1}


class Stopped(BaseException):
    """The process dies here."""


def counted(change: Callable[..., object], left: list[int]) -> Callable[..., object]:
    def call(*arguments: object, **named: object) -> object:
        if not left[0]:
            raise Stopped
        left[0] -= 1
        return change(*arguments, **named)

    return call


@pytest.mark.parametrize("steps", range(0, 40, 3))
def test_killed_anywhere_and_repeated(keeping: Desk, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of(keeping, "1")
    cases.close_case(keeping, BOSS, case.id, "办结")
    take(keeping, "2", f"上门家教，电话{PHONE}")
    review.decide(keeping, BOSS, "post2", "rejected", "核查")
    keeping.store.flush()
    with monkeypatch.context() as patch:
        left = [steps]
        for name in ("create", "move", "remove"):
            patch.setattr(keeping.vault.storage, name, counted(getattr(keeping.vault.storage, name), left))
        for name in ("save", "delete"):
            patch.setattr(keeping.store, name, counted(getattr(keeping.store, name), left))
        with suppress(Stopped):
            retention.retire(keeping, SYSTEM, after(2400))
    assert checked(keeping).faults == []
    retire(keeping, 2400)
    assert kept(keeping, Finding) == set()
    for kind in ("evidence", "contact", "case", "sighting", "finding", "hold"):
        assert keeping.store.search(kind, Query(limit=1)).total == 0, kind
    report = checked(keeping)
    assert (report.faults, report.evidence, len(report.deleted)) == ([], 0, 3)
    assert not any("清除" in note for note in report.notes)
    assert audit.broken(keeping) == []
    told = [one.target for one in shelf.walk(keeping.store, AuditEntry, Query()) if one.action == "delete"]
    assert len(told) == len(set(told))


def test_a_post_that_comes_back_is_a_new_finding(keeping: Desk) -> None:
    take(keeping, "1", "上门家教", second=False)
    retire(keeping, 1001)
    assert kept(keeping, Finding) == set()
    take(keeping, "1", "上门家教", second=False)
    keeping.store.flush()
    assert kept(keeping, Finding) == {"post1"}
    assert checked(keeping).faults == []


def test_a_desk_without_terms_keeps_everything(desk: Desk, tmp_path: Path) -> None:
    take(desk, "1", "上门家教")
    desk.store.flush()
    assert retention.retire(desk, SYSTEM, after(99_999)).counts == {}
