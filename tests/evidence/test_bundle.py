"""Bundles: one content, one file; read by zipfile, which did not write it."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from core.errors import BadInput, EvidenceBroken, NotFound, Unavailable
from core.model import Capture, Post
from evidence import bundle
from evidence.manifest import sha256
from evidence.seal import seal
from evidence.vault import Vault


def test_packing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"2")
    files: list[tuple[str, bytes | Path]] = [("b/报告.html", b"1"), ("a", tmp_path / "in")]
    first = bundle.pack(tmp_path / "1.zip", files)
    assert bundle.pack(tmp_path / "2.zip", reversed(files)) == first
    assert first == sha256((tmp_path / "1.zip").read_bytes()) == sha256((tmp_path / "2.zip").read_bytes())
    assert {path.name for path in tmp_path.iterdir()} == {"in", "1.zip", "2.zip"}


def test_other_readers_agree(tmp_path: Path) -> None:
    bundle.pack(tmp_path / "x.zip", [("b/报告.html", "数🍠".encode())])
    with zipfile.ZipFile(tmp_path / "x.zip") as file:
        assert file.testzip() is None
        assert file.read("b/报告.html").decode() == "数🍠"
        assert file.namelist() == sorted([*bundle.OWN_NAMES, "b/报告.html"])
        file.extractall(tmp_path / "out")
    told = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path / "out", check=False)
    assert told.returncode == 0


def test_the_travelling_checker_needs_nothing_of_ours(
    tmp_path: Path, vault: Vault, post: Post, capture: Capture
) -> None:
    evidence = seal(vault, post, capture, "second")
    bundle.pack(tmp_path / "x.zip", bundle.evidence_files(vault, evidence.id))
    with zipfile.ZipFile(tmp_path / "x.zip") as file:
        file.extractall(tmp_path / "out")
    command = [sys.executable, "-I", "-S", "verify.py"]
    told = subprocess.run(command, cwd=tmp_path / "out", capture_output=True, text=True, check=False)
    assert (told.returncode, "1 份证据" in told.stdout) == (0, True)
    (tmp_path / "out" / "校验说明.txt").write_bytes(b"")
    told = subprocess.run(command, cwd=tmp_path / "out", capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "校验说明.txt" in told.stdout


@pytest.mark.parametrize(
    "name",
    ["", "/a", "../a", "a/../b", "./a", "a//b", "a\\b", "c:x", "a\nb", "verify.py", "VERIFY.PY", "a/", "a?"],
)
def test_bad_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        bundle.pack(tmp_path / "x.zip", [(name, b"")])
    assert not (tmp_path / "x.zip").exists()


def test_names_that_would_fall_together(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        bundle.pack(tmp_path / "x.zip", [("a", b""), ("A", b"")])


def test_too_many_and_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "SIZE_LIMIT", 1000)
    with pytest.raises(BadInput):
        bundle.pack(tmp_path / "x.zip", [("a", b"x" * 1001)])
    monkeypatch.setattr(bundle, "FILE_LIMIT", 5)
    with pytest.raises(BadInput):
        bundle.pack(tmp_path / "x.zip", [("a", b""), ("b", b"")])
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_old_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.zip").write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable):
        bundle.pack(tmp_path / "x.zip", [("a", b"")])
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_broken_evidence_is_not_packed(vault: Vault, post: Post, capture: Capture) -> None:
    evidence = seal(vault, post, capture, "second")
    item = vault.path(evidence.items[1].sha256)
    item.chmod(0o600)
    item.write_bytes(b"other")
    with pytest.raises(EvidenceBroken):
        list(bundle.evidence_files(vault, evidence.id))
    item.unlink()
    with pytest.raises(NotFound):
        list(bundle.evidence_files(vault, evidence.id))
