"""Each flaw is named when it is there, and not when it is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casework import flaws
from casework.flaws import Look, Stamp
from core.model import Absence, Evidence, Finding, Item, Missing, Review, Version
from tests.casework.desks import SEEN, TinyJudge, make_post

POST = make_post("上门家教，数学一对一")
ITEM = Item(
    role="text", sha256="a" * 64, sm3="b" * 64, size=1, media_type="text/plain", origin="derived", made_at=SEEN, how="浏览器"
)  # fmt: skip
GOOD_LOOK = Look(
    evidence=Evidence(
        id="e" * 64, post_id="post1", url=POST.url, look="second", items=(ITEM,), captured_at=SEEN
    ),
    provenance={"clock_state": "synchronised", "robots": "obeyed", "pace_seconds": "1"},
    custody=({"event": "captured"}, {"event": "sealed"}),
    stamps=(Stamp("权威机构", timedelta(minutes=1)),),
    text="导航 数学辅导 上门家教，数学 一对一 页脚",
    rules={"HOME_TUTOR.yml": "c" * 64},
)
REVIEW = Review(officer="wang", at=SEEN, outcome="confirmed", reason="属实", content_digest="d")


def finding(**changes: Any) -> Finding:
    version = Version(
        content_digest="d", post=POST, verdict=TinyJudge().judge(POST), evidence_ids=("e" * 64,),
        seen_from=SEEN, seen_to=SEEN,
    )  # fmt: skip
    whole = Finding(
        id="post1", source_id="town", channel="forum", url=POST.url, versions=(version,), status="confirmed",
        second_look="done", decisions=(REVIEW,), first_seen=SEEN, last_seen=SEEN,
    )  # fmt: skip
    return whole.model_copy(update=changes)


def kinds(
    one: Finding | None = None, look: Look = GOOD_LOOK, officers: tuple[str, ...] = ("li",)
) -> set[str]:
    looks = {look.evidence.id: look}
    return {flaw.kind for flaw in flaws.of_finding(one or finding(), looks, set(officers))}


def changed(**changes: Any) -> Look:
    from dataclasses import replace

    return replace(GOOD_LOOK, **changes)


def with_item(**changes: Any) -> Look:
    return changed(
        evidence=GOOD_LOOK.evidence.model_copy(update={"items": (ITEM.model_copy(update=changes),)})
    )


def test_good_evidence_has_no_flaw() -> None:
    assert kinds() == set()


@pytest.mark.parametrize(
    ("kind", "look"),
    [
        ("digest_missing", with_item(sm3=None)),
        ("digest_missing", with_item(sha256="")),
        ("method_blank", with_item(how=" ")),
        ("format_unnamed", with_item(media_type="application/octet-stream")),
        ("clock_unknown", changed(provenance={"robots": "obeyed", "pace_seconds": "1"})),
        ("clock_unknown", changed(provenance={"robots": "obeyed", "pace_seconds": "1", "clock_state": "unknown", "clock_checked_at": "x"})),
        ("robots_unknown", changed(provenance={"clock_offset_seconds": "0.01"})),
        ("stamp_missing", changed(stamps=())),
        ("stamp_late", changed(stamps=(Stamp("机构", timedelta(days=2)),))),
        ("stamp_early", changed(stamps=(Stamp("机构", timedelta(seconds=-1)),))),
        ("stamp_early", changed(stamps=(Stamp("机构", timedelta(0)), Stamp("另一机构", timedelta(days=-2))))),
        ("stamp_test", changed(stamps=(Stamp("测试", timedelta(0), test=True),))),
        ("custody_gap", changed(custody=({"event": "captured"},))),
        ("text_disagrees", changed(text="这是另外一个页面，内容完全不同")),
        ("rules_missing", changed(rules={"HOME_TUTOR.yml": None})),
        ("part_missing", changed(evidence=GOOD_LOOK.evidence.model_copy(update={"missing": (Missing(role="dom", cause="崩溃"),)}))),
    ],
)  # fmt: skip
def test_flaws_of_a_look(kind: str, look: Look) -> None:
    assert kinds(look=look) == {kind}


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("unconfirmed", {"decisions": ()}),
        ("edited_since", {"decisions": (REVIEW.model_copy(update={"content_digest": "old"}),)}),
        ("picture_missing", {"second_look": "missing", "second_look_cause": "登录墙"}),
        ("evidence_missing", {"versions": (finding().latest.model_copy(update={"evidence_ids": ()}),)}),
    ],
)
def test_flaws_of_a_finding(kind: str, changes: dict[str, Any]) -> None:
    assert kind in kinds(finding(**changes))


def test_one_officer_is_not_enough() -> None:
    assert kinds(officers=("wang",)) == {"single_officer"}
    assert kinds(officers=()) == {"single_officer"}


def test_evidence_that_cannot_be_read_is_fatal() -> None:
    [flaw] = flaws.of_finding(finding(), {}, {"li"})
    assert (flaw.kind, flaw.facts.severity) == ("altered", "fatal")
    assert "致命" in flaws.row(flaw)


def test_a_late_stamp_counts_less_than_a_timely_one() -> None:
    stamps = (Stamp("慢", timedelta(days=9)), Stamp("快", timedelta(0)))
    assert kinds(look=changed(stamps=stamps)) == set()


def test_a_stamp_from_before_the_capture_is_not_the_best_one() -> None:
    """An early stamp must not hide that the only other one is late; the same second is no disagreement."""
    stamps = (Stamp("慢", timedelta(days=9)), Stamp("早", timedelta(seconds=-90)))
    found = {
        flaw.kind: flaw.detail
        for flaw in flaws.of_finding(finding(), {"e" * 64: changed(stamps=stamps)}, {"li"})
    }
    assert found == {"stamp_late": "慢：迟 216 小时", "stamp_early": "早：早 90 秒"}
    assert kinds(look=changed(stamps=(Stamp("机构", timedelta(milliseconds=-999)),))) == set()


def test_every_flaw_is_named_for_officers() -> None:
    for kind in flaws.KINDS.values():
        assert kind.name
        assert kind.mend
        assert "第" in kind.rule
    assert flaws.agreement("", "x") == 1.0


def test_the_site_s_own_clock_is_told_but_is_no_known_clock() -> None:
    told = {"robots": "obeyed", "pace_seconds": "1", "clock_server_date_seconds": "tutor.test: +0.4"}
    [flaw] = flaws.of_finding(finding(), {"e" * 64: changed(provenance=told)}, {"li"})
    assert (flaw.kind, "tutor.test: +0.4" in flaw.detail) == ("clock_unknown", True)


def test_parts_that_were_fetched_again_are_no_gap() -> None:
    gaps = (
        Missing(role="dom", cause="崩溃"),
        Missing(role="response", cause="超时", url="http://a.test/x.png"),
    )
    first = changed(evidence=GOOD_LOOK.evidence.model_copy(update={"missing": gaps}))
    again = GOOD_LOOK.evidence.model_copy(
        update={"id": "f" * 64, "look": "again", "refers_to": "e" * 64, "missing": gaps[1:]}
    )
    version = finding().latest.model_copy(update={"evidence_ids": ("e" * 64, "f" * 64)})
    looks = {"e" * 64: first, "f" * 64: changed(evidence=again)}
    found = list(flaws.of_finding(finding(versions=(version,)), looks, {"li"}))
    assert {(flaw.kind, flaw.where) for flaw in found} == {
        ("part_missing", "证据 eeeeeeeeeeee"), ("part_missing", "证据 ffffffffffff"),
    }  # fmt: skip
    assert not any("崩溃" in flaw.detail for flaw in found)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("缺少证据文件 ab/abc", "evidence_missing"),
        ("证据 x 没有清单（缺少 ab/x）", "evidence_missing"),
        ("证据文件 x：SHA-256 值不符，内容被改动", "altered"),
        ("x 的保管记录第 2 条与前一条接不上（被改动、换过或删去）", "custody_gap"),
        ("x 的保管记录缺少第 3 条：第 1 份每日清单记载有 3 条", "custody_gap"),
    ],
)
def test_what_the_checker_finds_has_a_name_in_the_rules(fault: str, kind: str) -> None:
    [flaw] = flaws.of_finding(finding(), {}, {"li"}, {"e" * 64: flaws.of_checker([fault, "x"])})
    assert (flaw.kind, flaw.detail, flaw.facts.severity) == (kind, fault, "fatal")


def test_a_tally_counts_and_keeps_few_examples() -> None:
    tally = flaws.Tally()
    for number in range(9):
        tally.add(flaws.Flaw("stamp_missing", "p", f"证据 {number}"))
    tally.add(flaws.Flaw("altered", "p", "证据 x", "改动"))
    first, second = tally.found()
    assert (first.kind, first.fatal, first.seen) == ("altered", True, ("证据 x：改动",))
    assert (second.count, len(second.seen)) == (9, flaws.Tally.SEEN)


def test_who_runs_commands_is_no_officer() -> None:
    assert kinds(officers=("operator", "system")) == {"single_officer"}
    [*_, flaw] = flaws.of_finding(finding(decisions=()), {"e" * 64: GOOD_LOOK}, {"operator"})
    assert (flaw.kind, flaw.detail) == ("single_officer", "只有：无")


def test_what_proves_an_absence_is_checked_like_the_rest() -> None:
    absence = Absence(status=404, seen_from=SEEN, seen_to=SEEN, evidence_ids=("a" * 64,))
    looks, broken = {"e" * 64: GOOD_LOOK}, {"a" * 64: ("evidence_missing", "缺少文件")}
    [flaw] = flaws.of_finding(finding(absences=(absence,)), looks, {"li"}, broken)
    assert (flaw.kind, flaw.where) == ("evidence_missing", "证据 aaaaaaaaaaaa")
