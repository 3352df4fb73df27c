"""Daily lists: what each says, and that nobody loses a race or a crash."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import EvidenceBroken
from core.model import SYSTEM, Evidence
from evidence import alarms, custody, heads, verify
from evidence.vault import Vault

LATE = datetime(2026, 3, 1, 15, 59, tzinfo=UTC)  # 23:59 in Beijing


def test_a_list_names_what_grew_and_carries_the_list_before(vault: Vault, evidence: Evidence) -> None:
    first = heads.list_heads(vault)
    assert (first.number, first.plain["previous"], first.plain["count"]) == (1, heads.FIRST, 1)
    assert heads.lines_of(vault, first)[evidence.id][0] == 2
    vault.note(evidence.id, "held", SYSTEM)
    second = heads.list_heads(vault)
    assert second.plain["previous"] == first.digest
    assert heads.lines_of(vault, second)[evidence.id][0] == 3
    assert first.digest in heads.lines_of(vault, second)  # the chain of the first list is a chain like others
    third = heads.list_heads(vault, [evidence.id])
    assert (third.plain["count"], third.plain["whole"]) == (0, False)
    assert verify.verify_path(vault.folder) == []


def test_once_a_beijing_day(vault: Vault, evidence: Evidence) -> None:
    made = heads.daily(vault, LATE)
    assert made is not None
    assert made.day == "2026-03-01"
    assert heads.daily(vault, LATE) is None
    made = heads.daily(vault, LATE + timedelta(minutes=2))
    assert made is not None
    assert (made.number, made.day) == (2, "2026-03-02")


def test_a_list_of_some_is_not_the_days_list(vault: Vault, evidence: Evidence) -> None:
    heads.list_heads(vault, [evidence.id], LATE)
    assert heads.daily(vault, LATE) is not None


def test_two_writers_make_two_lists(vault: Vault, evidence: Evidence) -> None:
    made: list[heads.Heads] = []
    threads = [threading.Thread(target=lambda: made.append(heads.list_heads(vault))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.number for one in made) == [1, 2, 3, 4]
    assert verify.verify_path(vault.folder) == []


class Crash(BaseException):
    """The machine stops here."""


@pytest.mark.parametrize("point", range(1, 6))
def test_a_crash_at_any_write_is_mended_by_the_next(
    vault: Vault, evidence: Evidence, point: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    create, left = Vault.create, iter(range(1, point))

    def stops(self: Vault, name: str, content: bytes) -> bool:
        if next(left, None) is None:
            raise Crash
        return create(self, name, content)

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "create", stops)
        with pytest.raises(Crash):
            heads.list_heads(vault)
    heads.list_heads(vault)
    assert verify.verify_path(vault.folder) == []


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"number":2}'])
def test_a_broken_list_is_seen_and_nothing_is_added(vault: Vault, evidence: Evidence, content: bytes) -> None:
    heads.list_heads(vault)
    header = vault.folder / "heads" / "000001.json"
    header.chmod(0o600)
    header.write_bytes(content)
    with pytest.raises(EvidenceBroken):
        heads.list_heads(vault)


def test_a_list_before_with_another_day_is_seen(vault: Vault, evidence: Evidence) -> None:
    for _ in range(2):
        heads.list_heads(vault)
    header = vault.folder / "heads" / "000001.json"
    header.chmod(0o600)
    header.write_bytes(header.read_bytes().replace(b'"day":"2', b'"day":"1'))
    with pytest.raises(EvidenceBroken, match="daily list 2"):
        heads.headers(vault)


def test_alarms_are_in_the_next_list(vault: Vault, evidence: Evidence) -> None:
    vault.create(f"alarms/{verify.sha256(b'{}')}.json", b"{}")
    assert heads.list_heads(vault).plain["alarms"] == [verify.sha256(b"{}")]


def test_what_is_not_listed_has_no_place(vault: Vault, evidence: Evidence) -> None:
    assert list(heads.place_files(vault, [evidence.id])) == []
    heads.list_heads(vault)
    files = dict(heads.place_files(vault, [evidence.id, "0" * 64]))
    assert json.loads(files[f"evidence/{evidence.id}/place.json"])["list"] == 1
    assert "heads/000001.json" in files


@given(lines=st.lists(st.binary(max_size=5), min_size=1, max_size=40), place=st.integers(0, 39))
def test_each_path_leads_to_the_root_that_the_checker_finds(lines: list[bytes], place: int) -> None:
    index = place % len(lines)
    tree = heads.Tree(lines)
    assert tree.root == verify.tree_root(lines)
    found = verify.hashlib.sha256(b"\0" + lines[index]).digest()
    for side, other in tree.path(index):
        pair = (bytes.fromhex(other), found) if side == "L" else (found, bytes.fromhex(other))
        found = verify.hashlib.sha256(b"\1" + b"".join(pair)).digest()
    assert found.hex() == tree.root


def test_the_empty_tree_is_the_standards() -> None:
    """RFC 6962, section 2.1: the hash of an empty list is the hash of an empty string."""
    assert heads.Tree([]).root == verify.tree_root([]) == verify.sha256(b"")


def test_no_chain_no_line(vault: Vault) -> None:
    assert heads.list_heads(vault).plain["count"] == 0
    assert custody.ids(vault) != []


def cut_tail(vault: Vault, evidence: Evidence) -> None:
    vault.note(evidence.id, "held", SYSTEM)
    heads.list_heads(vault)
    (vault.folder / "custody" / evidence.id / "000003.json").unlink()


def test_a_later_list_does_not_confirm_a_cut(vault: Vault, evidence: Evidence) -> None:
    """Whoever cuts a tail off waits for the next list, or lets the chain grow again: both are seen."""
    cut_tail(vault, evidence)
    made = heads.list_heads(vault)
    assert evidence.id not in heads.lines_of(vault, made)
    [alarm] = alarms.contents(vault)
    assert evidence.id in alarm.decode()
    assert made.plain["alarms"] == alarms.digests(vault)
    vault.note(evidence.id, "viewed", SYSTEM)
    vault.note(evidence.id, "viewed", SYSTEM)
    heads.list_heads(vault)
    assert any(evidence.id in fault and "不同" in fault for fault in verify.verify_path(vault.folder))


def test_a_list_by_a_writer_that_does_not_look_is_seen_by_the_checker(
    vault: Vault, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_tail(vault, evidence)
    monkeypatch.setattr(heads, "_grown_to", lambda vault, own, _: blind(vault, own))
    assert heads.lines_of(vault, heads.list_heads(vault))[evidence.id][0] == 2
    assert any("第 1 份每日清单" in fault for fault in verify.verify_path(vault.folder))


def blind(vault: Vault, own: str) -> tuple[int, str]:
    files = custody.files(vault, own)
    return len(files), verify.sha256(files[-1][1])


def test_one_broken_chain_does_not_stop_the_lists(vault: Vault, evidence: Evidence) -> None:
    other = vault.put(b"rule")
    entry = vault.folder / "custody" / evidence.id / "000001.json"
    entry.chmod(0o600)
    entry.write_bytes(b"x")
    made = heads.list_heads(vault)
    assert heads.lines_of(vault, made).keys() == {other}
    assert len(made.plain["alarms"]) == 1
    assert heads.grown(vault, [evidence.id]) is False


def test_what_came_after_the_moment_is_left_out_of_a_bundle(vault: Vault, evidence: Evidence) -> None:
    made = heads.list_heads(vault)
    moment = datetime.now(UTC)
    before = dict(heads.place_files(vault, [evidence.id], moment))
    vault.note(made.digest, "viewed", SYSTEM)
    heads.list_heads(vault)
    assert dict(heads.place_files(vault, [evidence.id], moment)) == before
    assert dict(heads.place_files(vault, [evidence.id])) != before
