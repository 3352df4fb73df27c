"""Custody chains: one line after the other, and every break is seen."""

from __future__ import annotations

import threading

import pytest

from core.errors import EvidenceBroken, NotFound
from core.model import SYSTEM, Actor
from evidence import custody, verify
from evidence.manifest import canonical
from evidence.vault import Vault

ID = "a" * 64
OFFICER = Actor(officer="王", role="reviewer", reason="复核")


def test_entries_follow_each_other(vault: Vault) -> None:
    assert custody.chain(vault, ID) == []
    custody.append(vault, ID, "sealed", SYSTEM)
    custody.append(vault, ID, "exported", OFFICER, "case 1")
    first, second = custody.chain(vault, ID)
    assert (first["previous"], first["number"], first["event"]) == (ID, 1, "sealed")
    assert (second["officer"], second["reason"], second["detail"]) == ("王", "复核", "case 1")
    assert [name for name, _ in custody.files(vault, ID)] == ["000001.json", "000002.json"]


def test_what_is_no_evidence_has_no_chain(vault: Vault) -> None:
    with pytest.raises(NotFound):
        custody.append(vault, "../x", "sealed", SYSTEM)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"number":1}'])
def test_a_broken_entry_is_seen_and_nothing_is_added(vault: Vault, content: bytes) -> None:
    for _ in range(2):
        custody.append(vault, ID, "viewed", SYSTEM)
    entry = vault.folder / "custody" / ID / "000001.json"
    entry.chmod(0o600)
    entry.write_bytes(content)
    with pytest.raises(EvidenceBroken):
        custody.chain(vault, ID)
    with pytest.raises(EvidenceBroken):
        custody.append(vault, ID, "viewed", SYSTEM)


def test_a_changed_reason_breaks_the_next_entry(vault: Vault) -> None:
    for _ in range(2):
        custody.append(vault, ID, "viewed", OFFICER)
    entry = vault.folder / "custody" / ID / "000001.json"
    entry.chmod(0o600)
    entry.write_bytes(entry.read_bytes().replace("复核".encode(), "闲看".encode()))
    with pytest.raises(EvidenceBroken, match=r"000001\.json"):
        custody.chain(vault, ID)


def test_a_gap_is_seen(vault: Vault) -> None:
    for _ in range(3):
        custody.append(vault, ID, "viewed", SYSTEM)
    (vault.folder / "custody" / ID / "000002.json").unlink()
    with pytest.raises(EvidenceBroken):
        custody.chain(vault, ID)


def test_writers_never_share_a_number(vault: Vault) -> None:
    def write() -> None:
        for _ in range(10):
            custody.append(vault, ID, "viewed", OFFICER)

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry["number"] for entry in custody.chain(vault, ID)] == list(range(1, 31))


def test_entries_of_the_first_schema_are_read_and_gone_on_from(vault: Vault) -> None:
    """They had no digest of their own, and no entry of today passes as one of them."""
    custody.append(vault, ID, "viewed", OFFICER)
    path = vault.folder / "custody" / ID / "000001.json"
    entry = custody.chain(vault, ID)[0]
    path.chmod(0o600)
    path.write_bytes(canonical({**entry, "schema": 1}))
    with pytest.raises(EvidenceBroken):
        custody.chain(vault, ID)
    path.write_bytes(
        canonical({name: value for name, value in entry.items() if name != "digest"} | {"schema": 1})
    )
    custody.append(vault, ID, "viewed", OFFICER)
    assert len(custody.chain(vault, ID)) == 2
    assert verify.read_chain(verify.open_folder(path.parent), ID, verify.Report()).whole
