"""Sealed looks that no finding names are counted: those that stand, are evidence, and are not of this week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from casework import intake, shelf
from casework.desk import Desk
from casework.retention import due
from casework.sheets import evidence_ids
from casework.unnamed import YOUNG, unnamed
from core.model import SYSTEM, Finding
from evidence import deletion
from tests.casework.desks import make_capture, make_post


def test_what_no_finding_names_is_found_when_it_is_old_and_no_term_deletes_it(desk: Desk) -> None:
    intake.take_in(desk, make_post(), make_capture())
    named = set(evidence_ids(shelf.load(desk.store, Finding, "post1")[0]))
    stray = desk.vault.keep(b'{"a":1}')
    desk.vault.put(b"a rule file")
    now = datetime.now(UTC)
    later = now + YOUNG + timedelta(minutes=1)
    assert list(unnamed(desk, named, now)) == []
    assert list(unnamed(desk, named, later)) == [stray]
    assert sorted(unnamed(desk, set(), later)) == sorted({stray, *named})
    assert not any(stray in one.evidence for one in due(desk, now + timedelta(days=40_000)))


def test_what_was_deleted_or_is_broken_is_told_elsewhere(desk: Desk) -> None:
    gone, broken = desk.vault.keep(b'{"a":1}'), desk.vault.keep(b'{"a":2}')
    deletion.delete(desk.vault, gone, SYSTEM, "到期", {})
    entry = desk.vault.folder / "custody" / broken / "000001.json"
    entry.chmod(0o600)
    entry.write_bytes(b"{}")
    assert list(unnamed(desk, set(), datetime.now(UTC) + YOUNG + timedelta(days=1))) == []
