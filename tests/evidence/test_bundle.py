"""Bundles: one content, one file; read and checked by programs that did not write it."""

from __future__ import annotations

import bisect
import errno
import hashlib
import json
import os
import random
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput, EvidenceBroken, Unavailable
from core.model import SYSTEM, Evidence
from evidence import bundle, stored_zip, verify
from evidence.bundle import About, Entry
from evidence.manifest import sha256, sm3
from evidence.stored_zip import StoredZip
from evidence.vault import Vault
from tests.public_tools import ran, tool

LONG = os.environ.get("WANGXUN_TEST_LONG") == "1"
ROUNDS = 1000 if LONG else 150
LATER = datetime(2100, 1, 1, tzinfo=UTC)
FILES = [Entry("a/报告.html", b"1"), Entry("b", "数🍠".encode()), Entry("b-c/d", b"")]


@pytest.fixture
def packed(tmp_path: Path, vault: Vault, evidence: Evidence) -> Path:
    sealed = vault.open(evidence.id, "exported", SYSTEM)
    bundle.pack(tmp_path / "x.zip", [*bundle.evidence_entries(sealed, LATER), Entry("报告", b"1")])
    return tmp_path / "x.zip"


@pytest.fixture
def unpacked(packed: Path, tmp_path: Path) -> Path:
    with zipfile.ZipFile(packed) as file:
        file.extractall(tmp_path / "out")
    return tmp_path / "out"


def test_packing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"2" * 3_000_000)
    files = [*FILES, Entry("c", tmp_path / "in")]
    first = bundle.pack(tmp_path / "1.zip", files)
    os.utime(tmp_path / "in", (0, 0))
    assert bundle.pack(tmp_path / "2.zip", iter(files)) == first
    assert first == sha256((tmp_path / "1.zip").read_bytes()) == sha256((tmp_path / "2.zip").read_bytes())
    assert {path.name for path in tmp_path.iterdir()} == {"in", "1.zip", "2.zip"}


def test_the_public_checkers_pass_it(unpacked: Path) -> None:
    told = ran("sha256sum", "-c", "--quiet", "manifest-sha256.txt", "tagmanifest-sha256.txt", cwd=unpacked)
    assert (told.returncode, told.stdout) == (0, "")
    assert ran(tool("bagit.py"), "--quiet", "--validate", unpacked).returncode == 0
    (unpacked / "data" / "报告").write_bytes(b"2")
    assert ran(tool("bagit.py"), "--quiet", "--validate", unpacked).returncode != 0


def test_the_lists_of_sm3_agree_with_openssl(unpacked: Path) -> None:
    for line in (unpacked / "manifest-sm3.txt").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ")
        assert digest in ran("openssl", "dgst", "-sm3", unpacked / name).stdout


def test_other_readers_agree(packed: Path, vault: Vault, evidence: Evidence) -> None:
    with zipfile.ZipFile(packed) as file:
        assert file.testzip() is None
        names = file.namelist()
        assert file.read(f"data/evidence/{evidence.id}/manifest.json") == vault.manifest(evidence.id)
        assert json.loads(file.read("bundle.json"))["schema"] == 2
    payload = [name for name in names if name.startswith("data/")]
    assert names == sorted(payload) + sorted(set(names) - set(payload))


def test_the_travelling_checker_needs_nothing_of_ours(unpacked: Path) -> None:
    command = [sys.executable, "-I", "-S", "verify.py", "."]
    told = ran(*command, cwd=unpacked)
    assert (told.returncode, "1 份证据" in told.stdout) == (0, True), told.stdout
    (unpacked / "校验说明.txt").write_bytes(b"")
    told = ran(*command, cwd=unpacked)
    assert told.returncode == 1
    assert "校验说明.txt" in told.stdout


def test_any_flipped_byte_is_found_and_its_file_named(packed: Path) -> None:
    whole = packed.read_bytes()
    assert verify.verify_path(packed) == []
    with zipfile.ZipFile(packed) as archive:
        members = sorted((one.header_offset, one.filename) for one in archive.infolist())
        directory = archive.start_dir
    size = len(whole)
    for place in [
        *range(40),
        *random.Random(1).sample(range(size), min(ROUNDS, size)),
        *range(size - 60, size),
    ]:
        content = bytearray(whole)
        content[place] ^= 1 << place % 8
        packed.write_bytes(content)
        first, *_ = verify.verify_path(packed)
        name = members[bisect.bisect_right(members, (place, "\uffff")) - 1][1].rpartition("/")[2]
        assert place >= directory or name in first, (place, name, first)


@pytest.mark.parametrize("name", ["bag-info.txt", "bagit.txt", "manifest-sha256.txt", "tagmanifest-sm3.txt"])
def test_letter_case_in_tag_files_is_found(unpacked: Path, name: str) -> None:
    file = unpacked / name
    file.write_text(file.read_text(encoding="utf-8").swapcase(), encoding="utf-8")
    assert verify.verify_path(unpacked)


def test_custody_after_the_moment_of_export_is_left_out(vault: Vault, evidence: Evidence) -> None:
    before = datetime.now(UTC)
    sealed = vault.open(evidence.id, "exported", SYSTEM)
    names = [entry.name for entry in bundle.evidence_entries(sealed, before)]
    assert sum("/custody/" in name for name in names) == 2  # captured, sealed
    assert names == sorted(names)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/a",
        "../a",
        "a/../b",
        "./a",
        "a//b",
        "a\\b",
        "c:x",
        "a\nb",
        "a/",
        "a?",
        "a%",
        "a.",
        "a /b",
        "长" * 400,
    ],
)
def test_bad_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        bundle.pack(tmp_path / "x.zip", [Entry(name, b"")])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "names", [("A", "a"), ("b", "a"), ("a", "a"), ("a", "a/b"), ("D/x", "d/y"), ("e\u0301", "\u00e9")]
)
def test_names_that_would_fall_together_or_stand_out_of_order(tmp_path: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(BadInput):
        bundle.pack(tmp_path / "x.zip", [Entry(name, b"") for name in names])


def test_a_full_disk_leaves_the_old_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.zip").write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable):
        bundle.pack(tmp_path / "x.zip", [Entry("a", b"")])
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_content_without_its_digest_is_not_packed(tmp_path: Path) -> None:
    with pytest.raises(EvidenceBroken):
        bundle.pack(tmp_path / "x.zip", [Entry("a", b"x", sha256(b"y"))])
    assert list(tmp_path.iterdir()) == []


def test_broken_evidence_is_not_packed(tmp_path: Path, vault: Vault, evidence: Evidence) -> None:
    sealed = vault.open(evidence.id, "exported", SYSTEM)
    item = vault.path(evidence.items[1].sha256)
    item.chmod(0o600)
    item.write_bytes(b"other")
    with pytest.raises(EvidenceBroken):
        bundle.pack(tmp_path / "x.zip", bundle.evidence_entries(sealed, LATER))


def test_a_bundle_says_what_it_is(tmp_path: Path) -> None:
    bundle.pack(tmp_path / "x.zip", FILES, About(LATER, "某案\nPayload-Oxum: 0.0", "urn:x"))
    with zipfile.ZipFile(tmp_path / "x.zip") as file:
        lines = file.read("bag-info.txt").decode().splitlines()
    assert lines[1:] == [
        "Bagging-Date: 2100-01-01", "External-Description: 某案 Payload-Oxum: 0.0", "External-Identifier: urn:x",
        "Payload-Oxum: 8.3",
    ]  # fmt: skip
    assert verify.verify_path(tmp_path / "x.zip") == []


def test_more_than_65535_files_and_a_far_place_need_the_64_bit_form(tmp_path: Path) -> None:
    with (tmp_path / "x.zip").open("xb") as out, (tmp_path / "directory").open("x+b") as directory:
        archive = StoredZip(out, directory)
        for number in range(70_000):
            archive.add(f"{number:05d}", b"")
        archive.close()
    with zipfile.ZipFile(tmp_path / "x.zip") as file:
        assert len(file.namelist()) == 70_000


def test_numbers_beyond_32_bits_stand_in_the_64_bit_fields(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(stored_zip, "FULL", 1000)  # 4 GiB of test data prove no more than 1,000 bytes
    central = stored_zip._central(b"a", 1, 5, 2000)
    assert central.endswith(b"a" + b"\x01\x00\x08\x00" + (2000).to_bytes(8, "little"))
    assert stored_zip._local(b"a", 1, 2000).endswith(b"\x01\x00\x10\x00" + 2 * (2000).to_bytes(8, "little"))


def test_sm3_of_other_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashlib, "algorithms_available", set())
    digest = stored_zip.sm3_of()
    digest.update(b"ab")
    digest.update(b"c")
    assert digest.hexdigest().startswith("66c7f0f4")  # GB/T 32905, example 1
    monkeypatch.undo()
    assert sm3(b"abc").startswith("66c7f0f4")


@given(
    name=st.text(min_size=1, max_size=20).filter(lambda text: "\ud800" not in text),
    crc=st.integers(0, 2**32 - 1),
    size=st.sampled_from([0, 1, 2**32 - 2, 2**32 - 1, 2**32, 2**40]),
    place=st.sampled_from([0, 5, 2**32 - 2, 2**32 - 1, 2**32, 2**41]),
    count=st.sampled_from([1, 0xFFFE, 0xFFFF, 0x10000]),
)
def test_writer_and_checker_spell_every_header_alike_beyond_4_gib_too(
    name: str, crc: int, size: int, place: int, count: int
) -> None:
    raw = name.encode("utf-8", "replace")
    assert stored_zip._local(raw, crc, size) == verify._zip_local(raw, crc, size)
    assert stored_zip._central(raw, crc, size, place) == verify._zip_central(raw, crc, size, place)
    assert stored_zip._end(count, size, place) == verify._zip_end(count, size, place)


@pytest.mark.long  # 4 GiB are hashed twice: a minute
def test_a_file_of_more_than_4_gib_is_packed_read_by_others_and_checked(tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("xb") as file:
        file.truncate(2**32 + 5)  # a hole: it takes no room
    bundle.pack(tmp_path / "x.zip", [Entry("a", large), Entry("b", b"1")])
    large.unlink()
    with zipfile.ZipFile(tmp_path / "x.zip") as read:
        assert [read.getinfo("data/a").file_size, read.read("data/b")] == [2**32 + 5, b"1"]
    assert verify.verify_path(tmp_path / "x.zip") == []
    with (tmp_path / "x.zip").open("r+b") as file:
        file.seek(2**32 - 7)
        file.write(b"x")
    assert "data/a" in verify.verify_path(tmp_path / "x.zip")[0]
