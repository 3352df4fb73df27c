"""Stamps from an authority, checked by the openssl program and not only by ourselves."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from core.errors import BadConfig, Unavailable
from core.model import Capture, Evidence, Post
from evidence import custody, stamp, test_authority, verify
from evidence.heads import list_heads
from evidence.seal import seal
from evidence.stamp import Algorithm, Authority
from evidence.test_authority import NAME, PretendAuthority
from evidence.vault import Vault

ROOT = Path(__file__).resolve().parents[2]


def openssl_verify(folder: Path, kept: dict[str, str], data: bytes) -> subprocess.CompletedProcess[str]:
    """As a stranger would: the data, the answer, the certificates."""
    for name in ("tsq", "tsr", "pem"):
        (folder / name).write_bytes(base64.b64decode(kept[name]))
    (folder / "content").write_bytes(data)
    command = ["openssl", "ts", "-verify", "-data", "content", "-in", "tsr", "-CAfile", "pem"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("digest", ["sha256", "sm3"])
def test_openssl_finds_the_stamp_right(
    vault: Vault, evidence: Evidence, authority: PretendAuthority, digest: Algorithm, tmp_path: Path
) -> None:
    content = vault.manifest(evidence.id)
    assert stamp.stamp(vault, evidence.id, content, [authority.authority(digest)]) == 1
    entry = custody.chain(vault, evidence.id)[-1]
    told = openssl_verify(tmp_path, entry["stamp"], content)
    assert (told.returncode, "Verification: OK" in told.stdout) == (0, True), told.stderr
    assert openssl_verify(tmp_path, entry["stamp"], content + b" ").returncode == 1
    [fact] = stamp.state(vault, evidence.id)
    assert (fact.authority, fact.digest) == ("test", digest)
    assert -timedelta(seconds=2) < fact.delay < timedelta(minutes=5)
    assert verify.verify_path(vault.folder) == []


def test_the_test_authority_says_what_it_is(authority: PretendAuthority) -> None:
    told = subprocess.run(
        ["openssl", "x509", "-in", "ca.pem", "-noout", "-subject", "-nameopt", "utf8,sep_comma_plus"],
        cwd=authority.folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert NAME in told.stdout


def test_without_authority_the_item_has_no_outside_stamp(vault: Vault, evidence: Evidence) -> None:
    assert stamp.stamp_waiting(vault, []) == stamp.Waiting(0, 1, ())
    assert stamp.state(vault, evidence.id) == ()
    report = verify.check(vault.folder)
    assert report.faults == []
    assert any("没有外部时间戳" in note for note in report.notes)


def test_a_stamp_that_cannot_be_had_now_is_fetched_later(
    vault: Vault, evidence: Evidence, authority: PretendAuthority, tmp_path: Path
) -> None:
    away = Authority("away", "http://127.0.0.1:9/", authority.folder / "ca.pem")
    told = stamp.stamp_waiting(vault, [away])
    assert (told.came, told.waiting) == (0, 1)
    assert "away" in told.causes[0]
    assert stamp.stamp_waiting(vault, [authority.authority()]) == stamp.Waiting(1, 0, ())
    assert stamp.stamp_waiting(vault, [authority.authority()]) == stamp.Waiting(0, 0, ())
    assert verify.verify_path(vault.folder) == []


def test_several_authorities_each_stamp_once(
    vault: Vault, evidence: Evidence, authority: PretendAuthority
) -> None:
    both = [authority.authority(), Authority(**{**vars(authority.authority("sm3")), "name": "second"})]
    vault.await_stamp(evidence.id)
    assert stamp.stamp_waiting(vault, both) == stamp.Waiting(2, 0, ())
    vault.await_stamp(evidence.id)
    assert stamp.stamp_waiting(vault, both) == stamp.Waiting(0, 0, ())
    assert [fact.authority for fact in stamp.state(vault, evidence.id)] == ["test", "second"]


def test_a_daily_list_is_stamped_as_well(
    vault: Vault, evidence: Evidence, authority: PretendAuthority
) -> None:
    made = list_heads(vault)
    assert stamp.stamp_waiting(vault, [authority.authority()]).came == 2
    assert len(stamp.state(vault, made.digest)) == 1
    assert verify.verify_path(vault.folder) == []


def test_an_answer_signed_by_somebody_else_is_not_kept(
    vault: Vault, evidence: Evidence, authority: PretendAuthority, other: PretendAuthority
) -> None:
    wrong = Authority("test", other.authority().url, authority.folder / "ca.pem")
    told = stamp.stamp_waiting(vault, [wrong])
    assert (told.came, told.waiting) == (0, 1)
    assert stamp.state(vault, evidence.id) == ()


def test_a_refusal_is_said(authority: PretendAuthority) -> None:
    query = stamp.request(b"x", "sha256", 1)
    unknown = query.replace(bytes.fromhex("608648016503040201"), bytes.fromhex("608648016503040209"))
    refused = authority.reply(unknown)  # a digest that it does not do: a signed refusal
    with pytest.raises(verify.Broken, match="拒绝"):
        verify.read_stamp(query, refused)


def test_an_answer_to_another_request_is_none(authority: PretendAuthority) -> None:
    first, second = stamp.request(b"x", "sha256", 1), stamp.request(b"x", "sha256", 2)
    reply = authority.reply(first)
    assert verify.read_stamp(first, reply).nonce == 1
    with pytest.raises(verify.Broken, match="请求不符"):
        verify.read_stamp(second, reply)
    for broken in (b"", b"\x30", b"\x30\x05ab", reply[:-5], b"\x30\x84\xff\xff\xff\xff"):
        with pytest.raises(verify.Broken):
            verify.read_stamp(first, broken)


def test_the_request_is_what_openssl_makes(tmp_path: Path) -> None:
    for digest in ("sha256", "sm3"):
        (tmp_path / "q").write_bytes(stamp.request(b"abc", digest, 0x1234))  # type: ignore[arg-type]
        told = subprocess.run(
            ["openssl", "ts", "-query", "-in", "q", "-text"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert f"Hash Algorithm: {digest}" in told
        assert "Certificate required: yes" in told
        assert "Nonce: 0x1234" in told


def test_authorities_file(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(b"")
    file = tmp_path / "authorities.json"
    good = {"name": "n", "url": "https://tsa.test/", "ca": "ca.pem", "digest": "sm3"}
    file.write_text(json.dumps([good]), encoding="utf-8")
    assert stamp.read_authorities(file) == (Authority("n", "https://tsa.test/", tmp_path / "ca.pem", "sm3"),)
    bad = [{**good, "url": "file:///etc/passwd"}, {**good, "digest": "md5"}, {**good, "ca": "none"}, 1]
    file.write_text(json.dumps(bad), encoding="utf-8")
    with pytest.raises(BadConfig) as caught:
        stamp.read_authorities(file)
    assert len(caught.value.faults) == 4
    with pytest.raises(BadConfig):
        stamp.read_authorities(tmp_path / "absent")


def test_an_authority_away_is_unavailable(authority: PretendAuthority) -> None:
    with pytest.raises(Unavailable):
        stamp.ask(Authority("away", "http://127.0.0.1:9/", authority.folder / "ca.pem"), b"x")


def test_the_test_authority_runs_as_a_program(tmp_path: Path, authority: PretendAuthority) -> None:
    command = [sys.executable, "-m", "evidence.test_authority", str(tmp_path / "own")]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        [known] = stamp.read_authorities(Path(child.stdout.readline().strip()))
        assert verify.read_stamp(*asked(stamp.ask(known, b"x"))).algorithm == "sha256"
    finally:
        child.terminate()
        child.communicate()
    assert test_authority.main([]) == 2


def asked(kept: dict[str, str]) -> tuple[bytes, bytes]:
    return base64.b64decode(kept["tsq"]), base64.b64decode(kept["tsr"])


def test_a_broken_request_is_answered_with_an_error(
    authority: PretendAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamp, "request", lambda *_: b"no request")
    with pytest.raises(Unavailable):
        stamp.ask(authority.authority(), b"x")


def test_without_openssl_there_is_no_test_authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(Unavailable, match="openssl"):
        PretendAuthority(tmp_path)


def test_a_mark_without_anything_sealed_is_said(vault: Vault, authority: PretendAuthority) -> None:
    vault.await_stamp("0" * 64)
    told = stamp.stamp_waiting(vault, [authority.authority()])
    assert (told.came, told.waiting) == (0, 1)
    assert "never captured" in told.causes[0]


def test_a_stamp_from_before_the_capture_is_said(
    vault: Vault, post: Post, capture: Capture, authority: PretendAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The capture was made by a clock two days fast."""

    class Fast(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=2)

    monkeypatch.setattr(custody, "datetime", Fast)
    kept = seal(vault, post, capture, "first")
    monkeypatch.undo()
    assert stamp.stamp_waiting(vault, [authority.authority()]).came == 1
    [fact] = stamp.state(vault, kept.id)
    assert fact.delay < timedelta(days=-1)
    told = verify.check(vault.folder)
    assert [note for note in told.notes if "早于取证" in note and "两处时钟不一致" in note]


def test_a_late_stamp_is_said(stocked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "PROMPT", timedelta(seconds=-10))
    assert any("小时才盖上" in note for note in verify.check(stocked).notes)
