"""Looking again on a timetable: what is whole is noted, what is not raises one alarm that stays."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.model import SYSTEM, Evidence
from evidence import alarms, custody, heads, reverify, verify
from evidence.reverify import SPACE, Due, Problem
from evidence.vault import Vault


def everything(vault: Vault) -> list[Problem]:
    """One whole round."""
    problems, due = reverify.share(vault, 0, SPACE)
    return problems + reverify.look(vault, due)


def spoil(vault: Vault, evidence: Evidence) -> None:
    path = vault.path(evidence.items[1].sha256)
    path.chmod(0o600)
    path.write_bytes(b"other")


def test_what_is_whole_is_noted_in_its_custody(vault: Vault, evidence: Evidence) -> None:
    assert everything(vault) == []
    assert custody.events(custody.chain(vault, evidence.id))[-1] == "verified"
    assert verify.verify_path(vault.folder) == []


def test_what_is_not_raises_an_alarm_that_stays(vault: Vault, evidence: Evidence) -> None:
    spoil(vault, evidence)
    [problem] = everything(vault)
    assert (problem.evidence_id, problem.new) == (evidence.id, True)
    assert evidence.items[1].sha256 in problem.faults[0]
    [alarm] = alarms.contents(vault)
    assert json.loads(alarm)["faults"] == list(problem.faults)
    assert custody.events(custody.chain(vault, evidence.id))[-1] == "sealed"
    assert heads.list_heads(vault).plain["alarms"] == [problem.alarm]
    path = vault.folder / "alarms" / f"{problem.alarm}.json"
    path.chmod(0o600)
    path.write_bytes(b"{}")
    assert any(problem.alarm in fault for fault in verify.verify_path(vault.folder))


def test_the_same_fault_is_one_alarm_however_often_it_is_met(vault: Vault, evidence: Evidence) -> None:
    heads.list_heads(vault)
    header = vault.folder / "heads" / "000001.json"
    header.chmod(0o600)
    header.write_bytes(b"x")
    spoil(vault, evidence)
    first, second = everything(vault), everything(vault)
    assert [(one.evidence_id, one.alarm) for one in first] == [(one.evidence_id, one.alarm) for one in second]
    assert {one.new for one in first} == {True}
    assert {one.new for one in second} == {False}
    assert len(alarms.digests(vault)) == len(first) == 3  # the list, its chain, the item


def test_an_alarm_that_was_made_to_vanish_is_missed(vault: Vault, evidence: Evidence) -> None:
    spoil(vault, evidence)
    [problem] = everything(vault)
    heads.list_heads(vault)
    (vault.folder / "alarms" / f"{problem.alarm}.json").unlink()
    assert any(problem.alarm in fault for fault in verify.verify_path(vault.folder))


def test_a_broken_chain_and_a_broken_list_are_problems(vault: Vault, evidence: Evidence) -> None:
    heads.list_heads(vault)
    entry = vault.folder / "custody" / evidence.id / "000001.json"
    entry.chmod(0o600)
    entry.write_bytes(b"x")
    header = vault.folder / "heads" / "000001.json"
    header.chmod(0o600)
    header.write_bytes(b"x")
    assert {problem.evidence_id for problem in everything(vault)} >= {"", evidence.id}


@pytest.mark.parametrize("gone", ["chain", "manifest", "item", "tail", "content of the list"])
def test_what_is_gone_is_missed(vault: Vault, evidence: Evidence, gone: str) -> None:
    vault.note(evidence.id, "held", SYSTEM)
    listed = heads.list_heads(vault)
    chain = vault.folder / "custody" / evidence.id
    if gone == "chain":
        shutil.rmtree(chain)
    elif gone == "tail":
        (chain / "000003.json").unlink()
    elif gone == "content of the list":
        vault.path(str(listed.plain["leaves"])).unlink()
    else:
        vault.path(evidence.id if gone == "manifest" else evidence.items[0].sha256).unlink()
    assert everything(vault)


def test_a_share_is_a_piece_of_the_space_and_all_pieces_are_everything(
    vault: Vault, evidence: Evidence
) -> None:
    for number in range(20):
        vault.put(str(number).encode())
    heads.list_heads(vault)
    pieces = [reverify.share(vault, SPACE * at // 4, SPACE * (at + 1) // 4)[1] for at in range(4)]
    assert sorted(one.one for piece in pieces for one in piece) == custody.ids(vault)
    assert all(len(piece) < 22 for piece in pieces)
    assert reverify.share(vault, 0, 0)[1] == []


def test_what_is_due_can_be_written_down(vault: Vault, evidence: Evidence) -> None:
    heads.list_heads(vault)
    due = reverify.share(vault, 0, SPACE)[1]
    assert [Due.read(one.written()) for one in due] == due
    assert any(one.lines for one in due)
    assert any(one.number == 1 for one in due)


def test_one_look_reads_what_belongs_to_it_and_no_more(vault: Vault, evidence: Evidence) -> None:
    vault.put(b"another")
    names = set(reverify.files_of(vault, evidence.id))
    assert names == {
        *(f"custody/{evidence.id}/{number:06d}.json" for number in (1, 2)),
        *(f"{one[:2]}/{one}" for one in (evidence.id, *(item.sha256 for item in evidence.items))),
        f"todo/stamp/{evidence.id}",
    }


def test_asking_about_some_writes_nothing(vault: Vault, evidence: Evidence) -> None:
    heads.list_heads(vault)
    [due] = reverify.about(vault, [evidence.id])
    assert [leaf.count for leaf in due.lines] == [2]
    assert reverify.examine(vault, due).faults == []
    spoil(vault, evidence)
    assert reverify.examine(vault, due).faults
    assert len(custody.chain(vault, evidence.id)) == 2
    assert alarms.digests(vault) == []


def test_an_id_that_is_no_digest_is_told_by_the_checker(vault: Vault, tmp_path: Path) -> None:
    (vault.folder / "custody" / "x").mkdir(parents=True)
    (vault.folder / "custody" / "x" / "000001.json").write_text("[]")
    [problem] = everything(vault)
    assert "x" in problem.faults[0]
    assert heads.list_heads(vault).plain["count"] == 0


def test_time_of_an_entry(vault: Vault, evidence: Evidence) -> None:
    assert custody.moment(custody.chain(vault, evidence.id)[0]) <= datetime.now(UTC)


def test_a_stamp_that_comes_between_two_readings_is_no_fault(
    vault: Vault, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chain was read before, the mark of what waits after: for a moment neither speaks for the item."""
    vault.stamp_came(evidence.id)
    whole, first = reverify._examined, iter([True])

    def stamped_meanwhile(vault: Vault, due: Due) -> verify.Report:
        report = whole(vault, due)
        if next(first, False):
            vault.await_stamp(evidence.id)
        return report

    [due] = reverify.about(vault, [evidence.id])
    assert reverify._examined(vault, due).faults
    monkeypatch.setattr(reverify, "_examined", stamped_meanwhile)
    assert reverify.look(vault, [due]) == []
    assert alarms.digests(vault) == []


def test_a_list_with_a_line_that_is_none_is_a_problem_and_ends_nothing(
    vault: Vault, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made by somebody who keeps every digest right."""
    monkeypatch.setattr(heads, "_line", lambda one, *_: f"{one}\n".encode())
    heads.list_heads(vault)
    [problem, *_] = everything(vault)
    assert (problem.evidence_id, "不认识的一行" in problem.faults[0]) == ("", True)
