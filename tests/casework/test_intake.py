"""The one path: outcomes, edits, second looks, and every crash point."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casework import intake, shelf
from casework.desk import Desk
from core.errors import Conflict, NotFound, Unavailable
from core.model import SYSTEM, Contact, Evidence, Finding, Missing, Sighting
from evidence import custody
from evidence.vault import Vault
from store.base import Query, Save, Saved, Store
from tests.casework.desks import PHONE, SEEN, TinyJudge, actor, make_capture, make_desk, make_post

LATER = SEEN + timedelta(hours=5)


def finding_of(desk: Desk, finding_id: str = "post1") -> Finding:
    return shelf.load(desk.store, Finding, finding_id)[0]


def test_flagged_post_becomes_a_finding_with_sealed_evidence(desk: Desk) -> None:
    taken = intake.take_in(desk, make_post(), make_capture())
    assert (taken.outcome, taken.finding_id, taken.needs_look) == ("flagged", "post1", True)
    finding = finding_of(desk)
    assert (finding.status, finding.second_look, len(finding.versions)) == ("flagged", "pending", 1)
    [evidence_id] = finding.latest.evidence_ids
    kept = shelf.load(desk.store, Evidence, evidence_id)[0]
    assert all(desk.vault.has(item.sha256) for item in kept.items)
    assert [entry["event"] for entry in custody.chain(desk.vault, evidence_id)][-1] == "sealed"
    [contact_id] = finding.contact_ids
    contact = shelf.load(desk.store, Contact, contact_id)[0]
    assert contact.finding_ids == ("post1",)
    assert PHONE not in contact.model_dump_json()


def test_evidence_names_the_rule_files_that_judged(desk: Desk) -> None:
    intake.take_in(desk, make_post(), make_capture())
    kept = shelf.load(desk.store, Evidence, finding_of(desk).latest.evidence_ids[0])[0]
    [item] = [item for item in kept.items if item.role == "provenance"]
    basis = json.loads(desk.vault.open(kept.id, "verified", SYSTEM).read(item))
    assert basis["rule_version"] == "rules-1"
    assert desk.vault.get(basis["rules"]["HOME_TUTOR.yml"]).decode() == "title: 上门家教\n"


def test_clear_post_leaves_a_sighting_and_nothing_else(desk: Desk) -> None:
    assert intake.take_in(desk, make_post("书法课"), make_capture()).outcome == "clear"
    assert shelf.find(desk.store, Finding, "post1") is None
    assert list(shelf.walk(desk.store, Evidence, Query())) == []
    assert "书法" not in shelf.load(desk.store, Sighting, "post1")[0].model_dump_json()


def test_unsure_post_is_kept_for_review(desk: Desk) -> None:
    assert intake.take_in(desk, make_post("托管班"), make_capture()).outcome == "unsure"
    assert finding_of(desk).status == "unsure"


def test_unchanged_post_is_not_judged_again_and_only_its_last_seen_moves(desk: Desk) -> None:
    intake.take_in(desk, make_post(), make_capture())
    before = finding_of(desk)
    taken = intake.take_in(desk, make_post(seen_at=LATER), make_capture())
    assert (taken.outcome, taken.finding_id, taken.needs_look) == ("unchanged", "post1", True)
    after = finding_of(desk)
    assert (after.last_seen, after.latest.seen_to) == (LATER, LATER)
    assert after.latest.evidence_ids == before.latest.evidence_ids
    assert intake.take_in(desk, make_post("书法", "2"), make_capture()).outcome == "clear"
    assert intake.take_in(desk, make_post("书法", "2"), make_capture()) == intake.Taken("unchanged")


def test_edit_is_a_new_version_that_reopens_review_and_keeps_decisions(desk: Desk) -> None:
    from casework import review

    intake.take_in(desk, make_post(), make_capture())
    intake.attach(desk, "post1", make_capture(picture=True))
    review.decide(desk, actor(), "post1", "rejected", "看错了")
    taken = intake.take_in(desk, make_post("上门家教，换了说法", seen_at=LATER), make_capture())
    finding = finding_of(desk)
    assert (taken.outcome, taken.needs_look) == ("changed", True)
    assert (len(finding.versions), finding.status, finding.second_look) == (2, "flagged", "pending")
    assert [item.outcome for item in finding.decisions] == ["rejected"]
    assert finding.decisions[0].content_digest == finding.versions[0].content_digest
    assert len(finding.versions[0].evidence_ids) == 2
    assert len(finding.versions[1].evidence_ids) == 1
    assert len(finding.contact_ids) == 1


def test_edit_into_something_clear_goes_before_an_officer(desk: Desk) -> None:
    intake.take_in(desk, make_post(), make_capture())
    assert intake.take_in(desk, make_post("书法课"), make_capture()).outcome == "changed"
    finding = finding_of(desk)
    assert (finding.status, finding.latest.verdict.decision, len(finding.versions)) == ("unsure", "clear", 2)


def test_new_rules_judge_again_without_a_new_version(desk: Desk) -> None:
    intake.take_in(desk, make_post("托管班"), make_capture())

    class Stricter(TinyJudge):
        rule_version = "rules-2"

        def judge(self, post: Any) -> Any:
            return super().judge(post).model_copy(update={"decision": "flagged"})

    newer = replace(desk, judge=Stricter())
    assert intake.take_in(newer, make_post("托管班"), make_capture()).outcome == "flagged"
    finding = finding_of(desk)
    assert (finding.status, len(finding.versions), len(finding.latest.evidence_ids)) == ("flagged", 1, 1)
    assert intake.take_in(newer, make_post("托管班"), make_capture()).outcome == "unchanged"


def test_new_rules_do_not_touch_what_an_officer_decided(desk: Desk) -> None:
    from casework import review

    intake.take_in(desk, make_post(), make_capture())
    review.decide(desk, actor(), "post1", "confirmed", "属实")
    before = finding_of(desk)

    class Milder(TinyJudge):
        rule_version = "rules-2"

        def judge(self, post: Any) -> Any:
            return super().judge(post).model_copy(update={"decision": "clear"})

    intake.take_in(replace(desk, judge=Milder()), make_post(seen_at=LATER), make_capture())
    after = finding_of(desk)
    assert (after.status, after.latest.verdict) == ("confirmed", before.latest.verdict)
    assert after.last_seen == LATER


def test_second_look_is_attached_once(desk: Desk) -> None:
    intake.take_in(desk, make_post(), make_capture())
    assert intake.pending_looks(desk, "town") == [("post1", "http://tutor.test/1")]
    intake.attach(desk, "post1", make_capture(picture=True))
    intake.attach(desk, "post1", make_capture(picture=True).model_copy(update={"ended_at": LATER}))
    intake.miss(desk, "post1", "太晚了")
    finding = finding_of(desk)
    assert (finding.second_look, finding.second_look_cause) == ("done", None)
    assert len(finding.latest.evidence_ids) == 2
    assert intake.pending_looks(desk, "town") == []


def test_a_look_without_a_picture_says_why(desk: Desk) -> None:
    intake.take_in(desk, make_post(), make_capture())
    gap = Missing(role="screenshot", cause="网页要求登录")
    intake.attach(desk, "post1", make_capture().model_copy(update={"missing": (gap,)}))
    finding = finding_of(desk)
    assert (finding.second_look, finding.second_look_cause) == ("missing", "网页要求登录")


def test_missed_look_says_why_and_may_be_made_good(desk: Desk) -> None:
    intake.take_in(desk, make_post(), make_capture())
    intake.miss(desk, "post1", "页面已不存在")
    assert finding_of(desk).second_look_cause == "页面已不存在"
    intake.attach(desk, "post1", make_capture(picture=True))
    assert (finding_of(desk).second_look, finding_of(desk).second_look_cause) == ("done", None)


def test_looks_of_unknown_findings_are_refused(desk: Desk) -> None:
    with pytest.raises(NotFound):
        intake.attach(desk, "nobody", make_capture())
    with pytest.raises(NotFound):
        intake.miss(desk, "nobody", "x")


def test_contact_in_a_field_outside_the_body_links_findings(desk: Desk) -> None:
    intake.take_in(desk, make_post("上门家教", "1", contacts=("电话：138 1234 5678",)), make_capture())
    intake.take_in(desk, make_post(native_id="2"), make_capture())
    [shared] = set(finding_of(desk, "post1").contact_ids) & set(finding_of(desk, "post2").contact_ids)
    assert shelf.load(desk.store, Contact, shared)[0].finding_ids == ("post1", "post2")


class Crash(Exception):
    """The process died here."""


class Brittle:
    """Counts down over store and vault calls alike; dies at the last, before or after the call's effect."""

    def __init__(self, countdown: int, late: bool) -> None:
        self.countdown, self.late = countdown, late

    def around(self, call: Any, *arguments: Any) -> Any:
        self.countdown -= 1
        mine = self.countdown == 0  # a call may make others: the countdown moves on under it
        if mine and not self.late:
            raise Crash
        try:
            return call(*arguments)
        finally:
            if mine:
                raise Crash


class BrittleStore:
    def __init__(self, inner: Store, brittle: Brittle) -> None:
        self.inner, self.brittle = inner, brittle

    def __getattr__(self, name: str) -> Any:
        call = getattr(self.inner, name)
        return lambda *arguments: self.brittle.around(call, *arguments)


class BrittleVault(Vault):
    def __init__(self, folder: Path, brittle: Brittle) -> None:
        self.brittle = Brittle(-1, late=False)  # opening is not under test
        super().__init__(folder)
        self.brittle = brittle

    def put(self, content: bytes) -> str:
        return str(self.brittle.around(super().put, content))

    def create(self, target: Path, content: bytes) -> bool:
        return bool(self.brittle.around(super().create, target, content))


def _path(desk: Desk) -> None:
    intake.take_in(desk, make_post(), make_capture())
    for finding_id, _ in intake.pending_looks(desk, "town"):
        intake.attach(desk, finding_id, make_capture(picture=True))
    intake.take_in(desk, make_post("上门家教，新说法", seen_at=LATER), make_capture())


def _dies_at(desk: Desk, number: int, late: bool) -> bool:
    brittle = Brittle(number, late)
    vault = BrittleVault(desk.vault.folder, brittle)
    store: Any = BrittleStore(desk.store, brittle)
    try:
        _path(replace(desk, store=store, vault=vault))
    except Crash:
        return True
    return False


def _sound(desk: Desk) -> None:
    """No finding without its whole proof, and no mark without its finding."""
    for finding in shelf.walk(desk.store, Finding, Query()):
        for version in finding.versions:
            assert version.evidence_ids
            for evidence_id in version.evidence_ids:
                kept = shelf.load(desk.store, Evidence, evidence_id)[0]
                sealed = desk.vault.open(evidence_id, "verified", SYSTEM)
                assert all(sealed.read(item) for item in kept.items)
    for sighting in shelf.walk(desk.store, Sighting, Query()):
        assert shelf.find(desk.store, Finding, sighting.id)


@pytest.mark.parametrize("late", [False, True])
def test_killed_at_every_call_then_run_again_nothing_is_lost_or_doubled(tmp_path: Path, late: bool) -> None:
    (tmp_path / "config" / "violations").mkdir(parents=True)
    number, died = 0, True
    while died:
        number += 1
        desk = make_desk(tmp_path / str(number), tmp_path / "config")
        died = _dies_at(desk, number, late)
        _sound(desk)
        # Taken up again from where an interrupted run stands: the post may already carry its new text.
        _path(desk) if not _edited(desk) else intake.take_in(
            desk, make_post("上门家教，新说法", seen_at=LATER), make_capture()
        )
        for finding_id, _ in intake.pending_looks(desk, "town"):
            intake.attach(desk, finding_id, make_capture(picture=True))
        _sound(desk)
        finding = finding_of(desk)
        assert [version.post.body for version in finding.versions][-1] == "上门家教，新说法"
        assert len(finding.versions) == 2
        assert all(len(version.evidence_ids) == 2 for version in finding.versions)
        assert finding.second_look == "done"
        assert [item.finding_ids for item in shelf.walk(desk.store, Contact, Query())] == [("post1",)]
        assert shelf.load(desk.store, Sighting, "post1")[0].content_digest == finding.latest.content_digest
        desk.close()
    assert number > 30  # the path does make that many calls: the countdown was not idle


def _edited(desk: Desk) -> bool:
    finding = shelf.find(desk.store, Finding, "post1")
    return finding is not None and len(finding.versions) == 2


def test_an_officers_decision_made_meanwhile_is_not_lost(desk: Desk) -> None:
    from casework import review

    intake.take_in(desk, make_post(), make_capture())
    inner = desk.store

    class Meddling:
        """An officer decides between the crawl's load and its save."""

        done = False

        def __getattr__(self, name: str) -> Any:
            return getattr(inner, name)

        def save(self, records: Sequence[Save]) -> list[Saved]:
            if not self.done and isinstance(records[0].record, Finding):
                self.done = True
                review.decide(desk, actor(), "post1", "confirmed", "属实")
            return inner.save(records)

    store: Any = Meddling()
    intake.take_in(replace(desk, store=store), make_post(seen_at=LATER), make_capture())
    finding = finding_of(desk)
    assert (finding.status, len(finding.decisions), finding.last_seen) == ("confirmed", 1, LATER)


def test_a_full_disk_is_said_and_the_same_call_succeeds_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Vault, *_: Any, **__: Any) -> str:
        raise Unavailable("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "keep", full)
        with pytest.raises(Unavailable):
            intake.take_in(desk, make_post(), make_capture())
    assert shelf.find(desk.store, Finding, "post1") is None
    assert intake.take_in(desk, make_post(), make_capture()).outcome == "flagged"


def test_endless_races_end(desk: Desk) -> None:
    from store.base import CREATE

    class Losing:
        def __getattr__(self, name: str) -> Any:
            return getattr(desk.store, name)

        def save(self, records: Sequence[Save]) -> list[Saved]:
            return [Saved(item.record.id, None, Conflict("quicker")) for item in records]

    store: Any = Losing()
    fresh = Contact(id="c", kind="phone", masked="*")
    with pytest.raises(Conflict):
        shelf.change(store, Contact, "c", lambda _: fresh)
    assert CREATE == "create"
