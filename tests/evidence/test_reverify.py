"""Looking again on a timetable: what is whole is noted, what is not raises an alarm that stays."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from core.model import Evidence
from evidence import custody, heads, verify
from evidence.reverify import alarms, reverify
from evidence.vault import Vault

BEFORE = datetime(2020, 1, 1, tzinfo=UTC)


def later() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=1)


def spoil(vault: Vault, evidence: Evidence) -> None:
    path = vault.path(evidence.items[1].sha256)
    path.chmod(0o600)
    path.write_bytes(b"other")


def test_what_is_whole_is_noted_in_its_custody(vault: Vault, evidence: Evidence) -> None:
    assert reverify(vault, BEFORE) == []
    assert "verified" not in custody.events(custody.chain(vault, evidence.id))
    assert reverify(vault, later()) == []
    assert custody.events(custody.chain(vault, evidence.id))[-1] == "verified"
    assert reverify(vault, datetime.now(UTC) - timedelta(hours=1)) == []
    assert custody.events(custody.chain(vault, evidence.id)).count("verified") == 1


def test_what_is_not_raises_an_alarm_that_stays(vault: Vault, evidence: Evidence) -> None:
    spoil(vault, evidence)
    [problem] = reverify(vault, later())
    assert problem.evidence_id == evidence.id
    assert evidence.items[1].sha256 in problem.faults[0]
    [alarm] = alarms(vault)
    assert json.loads(alarm)["faults"] == list(problem.faults)
    assert custody.events(custody.chain(vault, evidence.id))[-1] == "sealed"
    assert heads.list_heads(vault).plain["alarms"] == [problem.alarm]
    path = vault.folder / "alarms" / f"{problem.alarm}.json"
    path.chmod(0o600)
    path.write_bytes(b"{}")
    assert any(problem.alarm in fault for fault in verify.verify_path(vault.folder))


def test_an_alarm_that_was_made_to_vanish_is_missed(vault: Vault, evidence: Evidence) -> None:
    spoil(vault, evidence)
    [problem] = reverify(vault, later())
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
    assert {problem.evidence_id for problem in reverify(vault, BEFORE)} >= {"", evidence.id}


def test_no_more_than_asked(vault: Vault, evidence: Evidence) -> None:
    spoil(vault, evidence)
    assert reverify(vault, later(), limit=0) == []
