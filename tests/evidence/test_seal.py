"""Sealing: everything kept, gaps said, repeatable, and whole after a crash at any point."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import EvidenceBroken, NotFound
from core.model import Capture, Post
from evidence import custody, manifest, verify
from evidence.seal import UNSAID, load, seal
from evidence.vault import Vault

ROOT = Path(__file__).resolve().parents[2]


def test_everything_is_in_the_vault_and_in_the_manifest(vault: Vault, post: Post, capture: Capture) -> None:
    evidence = seal(vault, post, capture, "second")
    assert [item.role for item in evidence.items] == ["warc", "screenshot", "Post/Picture", "post"]
    for item in evidence.items:
        content = vault.path(item.sha256).read_bytes()
        assert len(content) == item.size
        assert item.sm3 == manifest.sm3(content)
    plain = json.loads(vault.manifest(evidence.id))
    assert plain["provenance"]["tool"] == "wangxun"
    assert plain["capture"]["started_at"] == "2026-03-01T12:00:00.123456Z"
    assert load(vault, evidence.id) == evidence
    assert verify.verify_path(vault.folder) == []
    assert [entry["event"] for entry in custody.chain(vault, evidence.id)] == ["captured", "sealed"]


def test_sealing_twice_is_sealing_once(vault: Vault, post: Post, capture: Capture) -> None:
    first = seal(vault, post, capture, "first")
    before = list(vault.digests())
    assert seal(vault, post, capture, "first") == first
    assert list(vault.digests()) == before
    assert len(custody.chain(vault, first.id)) == 2


def test_gaps_are_never_silent(vault: Vault, post: Post, capture: Capture) -> None:
    empty = capture.model_copy(update={"exchanges": (), "artifacts": ()})
    told = {gap.role: gap.cause for gap in seal(vault, post, empty, "second").missing}
    assert told == {"dom": "页面\n崩溃", "screenshot": UNSAID, "response": UNSAID}
    assert [gap.role for gap in seal(vault, post, capture, "first").missing] == ["dom"]


def test_origins(vault: Vault, post: Post, capture: Capture) -> None:
    picture = capture.artifacts[0].model_copy(update={"role": "post_picture"})
    evidence = seal(vault, post, capture.model_copy(update={"artifacts": (picture,)}), "first")
    assert [item.origin for item in evidence.items] == ["original", "original", "derived"]


class Crash(BaseException):
    """The machine stops here."""


@pytest.mark.parametrize("point", range(1, 8))
def test_a_crash_at_any_write_harms_nothing(
    vault: Vault, post: Post, capture: Capture, point: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, left = os.link, iter(range(1, point))

    def stops(*paths: Any) -> None:
        if next(left, None) is None:
            raise Crash
        link(*paths)

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", stops)
        with pytest.raises(Crash):
            seal(vault, post, capture, "second")
    assert verify.verify_path(vault.folder) == []
    evidence = seal(vault, post, capture, "second")
    report = verify.check(vault.folder)
    assert (report.faults, report.evidence) == ([], 1)
    assert load(vault, evidence.id) == evidence


@pytest.mark.parametrize("seals", [1, 3, 8])
def test_kill_while_sealing_leaves_a_vault_that_verifies(tmp_path: Path, seals: int) -> None:
    code = """
        import itertools, sys
        from datetime import UTC, datetime, timedelta
        from pathlib import Path
        from core.model import Capture, Post
        from evidence.seal import seal
        from evidence.vault import Vault
        vault = Vault(Path(sys.argv[1]))
        for number in itertools.count():
            at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=number)
            post = Post(id="p", source_id="s", channel="forum", url="http://a.test", body="", seen_at=at)
            capture = Capture(url="http://a.test", started_at=at, ended_at=at)
            print(seal(vault, post, capture, "first").id, flush=True)
    """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "vault")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    answered = [child.stdout.readline().strip() for _ in range(seals)]
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert verify.verify_path(tmp_path / "vault") == []
    vault = Vault(tmp_path / "vault")
    for evidence_id in answered:
        assert load(vault, evidence_id).post_id == "p"


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"format":"wangxun-evidence","schema":2}'])
def test_what_is_no_manifest(vault: Vault, content: bytes) -> None:
    with pytest.raises(EvidenceBroken):
        load(vault, vault.put(content))
    with pytest.raises(NotFound):
        load(vault, "0" * 64)


def test_equal_values_have_one_spelling() -> None:
    assert (
        manifest.canonical({"b": 1, "a": "数"})
        == manifest.canonical({"a": "数", "b": 1})
        == '{"a":"数","b":1}'.encode()
    )
    assert json.loads(manifest.canonical("\ud800")) == "\ud800"


# GB/T 32905-2016, appendix A: the two examples of the standard.
STANDARD = {
    b"abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    b"abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
}


@pytest.mark.parametrize("content", STANDARD)
def test_sm3_is_the_standards_by_each_way(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert manifest.sm3(content) == STANDARD[content]
    monkeypatch.setattr(hashlib, "algorithms_available", {"sha256"})
    assert manifest.sm3(content) == STANDARD[content]
    own = verify.Sm3()
    own.update(content[:2])
    own.update(content[2:])
    assert own.hexdigest() == STANDARD[content]


@given(content=st.binary(max_size=300))
def test_the_checkers_own_sm3_agrees_with_a_library(content: bytes) -> None:
    own = verify.Sm3()
    own.update(content)
    assert own.hexdigest() == manifest.sm3(content)
