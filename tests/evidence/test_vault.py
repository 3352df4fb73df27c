"""The vault is write-once, whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
from pathlib import Path

import pytest

from core.errors import EvidenceBroken, NotAllowed, NotFound, Unavailable
from core.model import Actor, Evidence
from evidence import custody
from evidence.storage import STALE_SECONDS
from evidence.vault import Vault, open_vault

OFFICER = Actor(officer="王", role="reviewer", reason="复核")

ABC = hashlib.sha256(b"abc").hexdigest()


def test_put_and_get(vault: Vault) -> None:
    assert not vault.has(ABC)
    assert vault.put(b"abc") == ABC
    assert vault.put(b"abc") == ABC
    assert vault.has(ABC)
    assert vault.get(ABC) == b"abc"
    assert list(vault.digests()) == [ABC]
    assert vault.path(ABC).stat().st_mode & 0o222 == 0


def test_what_is_not_there(vault: Vault) -> None:
    with pytest.raises(NotFound):
        vault.get(ABC)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", ABC.upper(), ABC + "\n", ABC[:-1]])
def test_what_is_no_digest_reaches_no_file(vault: Vault, name: str) -> None:
    with pytest.raises(NotFound):
        vault.path(name)


def test_changed_bytes_are_seen_on_reading_and_on_putting_again(vault: Vault) -> None:
    vault.put(b"abc")
    vault.path(ABC).chmod(0o600)
    vault.path(ABC).write_bytes(b"abd")
    with pytest.raises(EvidenceBroken):
        vault.get(ABC)
    with pytest.raises(EvidenceBroken):
        vault.put(b"abc")


@pytest.mark.parametrize("call", ["fsync", "link", "fchmod"])
def test_a_full_disk_leaves_nothing_and_the_next_try_succeeds(
    vault: Vault, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        with pytest.raises(Unavailable) as caught:
            vault.put(b"abc")
    assert isinstance(caught.value.__cause__, OSError)
    assert not vault.has(ABC)
    assert list((vault.folder / "tmp").iterdir()) == []
    assert vault.put(b"abc") == ABC


def test_a_place_that_cannot_be_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unavailable):
        Vault(tmp_path / "file" / "vault")


def test_leftovers_of_a_crash_are_swept_and_fresh_ones_kept(vault: Vault) -> None:
    old, fresh = vault.folder / "tmp" / "old", vault.folder / "tmp" / "fresh"
    for path in (old, fresh):
        path.write_bytes(b"half")
    long_ago = old.stat().st_mtime - STALE_SECONDS - 60
    os.utime(old, (long_ago, long_ago))
    Vault(vault.folder)
    assert not old.exists()
    assert fresh.exists()


def test_many_writers_of_the_same_bytes(vault: Vault) -> None:
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(vault.put(b"abc"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [ABC] * 8
    assert list((vault.folder / "tmp").iterdir()) == []


def test_taking_out_writes_the_line_first(vault: Vault, evidence: Evidence) -> None:
    sealed = vault.open(evidence.id, "viewed", OFFICER, "屏幕查看")
    entry = custody.chain(vault, evidence.id)[-1]
    assert (entry["event"], entry["officer"], entry["detail"]) == ("viewed", "王", "屏幕查看")
    assert sealed.evidence == evidence
    assert [sealed.read(item) for item in evidence.items][1] == b"\x89PNG"
    names = [name for name, _ in sealed.files()]
    assert names[:2] == ["manifest.json", "files/00-warc.warc.gz"]
    assert names[-3:] == ["custody/000001.json", "custody/000002.json", "custody/000003.json"]


def test_nothing_is_handed_out_when_the_line_cannot_be_written(
    vault: Vault, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(Unavailable):
        vault.open(evidence.id, "viewed", OFFICER)


def test_an_item_of_another_evidence_is_not_handed_out(vault: Vault, evidence: Evidence) -> None:
    sealed = vault.open(evidence.id, "viewed", OFFICER)
    with pytest.raises(NotFound):
        sealed.read(evidence.items[0].model_copy(update={"sha256": "0" * 64}))
    broken = vault.path(evidence.items[1].sha256)
    broken.chmod(0o600)
    broken.write_bytes(b"other")
    with pytest.raises(EvidenceBroken):
        sealed.read(evidence.items[1])


def test_a_deletion_is_no_note(vault: Vault, evidence: Evidence) -> None:
    with pytest.raises(NotAllowed):
        vault.note(evidence.id, "deleted", OFFICER)
    with pytest.raises(NotFound):
        vault.note("0" * 64, "held", OFFICER)


def test_what_is_no_manifest_is_not_evidence(vault: Vault) -> None:
    with pytest.raises(EvidenceBroken):
        vault.open(vault.put(b"rule"), "viewed", OFFICER)
    with pytest.raises(NotFound):
        vault.open("0" * 64, "viewed", OFFICER)


def test_a_folder_by_name(tmp_path: Path) -> None:
    assert open_vault(str(tmp_path / "v")).folder == tmp_path / "v"


def test_evidence_is_not_had_as_a_reference_file(vault: Vault, evidence: Evidence) -> None:
    for digest in (evidence.id, evidence.items[1].sha256):
        with pytest.raises(NotAllowed):
            vault.get(digest)
