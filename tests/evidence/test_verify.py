"""The checker: passes what is whole, names what is broken."""

from __future__ import annotations

import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.model import SYSTEM, Capture, Evidence, Post
from evidence import bundle, custody, verify
from evidence.manifest import canonical
from evidence.seal import seal
from evidence.vault import Vault


@pytest.fixture
def evidence(vault: Vault, post: Post, capture: Capture) -> Evidence:
    return seal(vault, post, capture, "second")


@pytest.fixture
def packed(tmp_path: Path, vault: Vault, evidence: Evidence) -> Path:
    files = [*bundle.evidence_files(vault, evidence.id), ("报告.html", "数🍠".encode())]
    bundle.pack(tmp_path / "x.zip", files)
    return tmp_path / "x.zip"


@pytest.fixture
def unpacked(packed: Path, tmp_path: Path) -> Path:
    with zipfile.ZipFile(packed) as file:
        file.extractall(tmp_path / "out")
    return tmp_path / "out"


def change(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)


def test_whole_things_pass(
    packed: Path, unpacked: Path, vault: Vault, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (packed, unpacked, vault.folder, vault.folder.parent):
        assert verify.main([str(path)]) == 0
        assert "校验通过：1 份证据" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["--help"]])
def test_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main(arguments) == 2
    assert "用法" in capsys.readouterr().out


def test_what_is_nothing_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"hello")
    (tmp_path / "empty").write_bytes(b"")
    for path in (tmp_path, tmp_path / "file", tmp_path / "empty", tmp_path / "absent"):
        assert verify.verify_path(path)


def test_any_flipped_byte_of_a_zip_is_found(packed: Path) -> None:
    whole = packed.read_bytes()
    for place in [
        *range(60),
        *random.Random(1).sample(range(len(whole)), 300),
        *range(len(whole) - 60, len(whole)),
    ]:
        content = bytearray(whole)
        content[place] ^= 1 << place % 8
        packed.write_bytes(content)
        assert verify.verify_path(packed), place


@pytest.mark.parametrize("cut", [1, 22, 200, 5000])
def test_a_cut_or_lengthened_zip_is_found(packed: Path, cut: int) -> None:
    whole = packed.read_bytes()
    for content in (whole[:-cut], whole + b"x" * cut, b"x" * cut + whole):
        packed.write_bytes(content)
        assert verify.verify_path(packed)


def test_a_zip_repacked_by_another_tool_is_found(packed: Path) -> None:
    with zipfile.ZipFile(packed) as file:
        contents = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in contents.items():
            file.writestr(name, content)
    assert verify.verify_path(packed)


def item_file(folder: Path) -> Path:
    return next(folder.glob("evidence/*/files/01-screenshot.png"))


TAMPERINGS: dict[str, tuple[Callable[[Path], object], str]] = {
    "flip": (lambda folder: change(item_file(folder), b"\x88PNG"), "files/01-screenshot.png：SHA-256"),
    "grow": (
        lambda folder: change(item_file(folder), b"\x89PNG+"),
        "01-screenshot.png：大小应为 4 字节，实为 5",
    ),
    "remove": (lambda folder: item_file(folder).unlink(), "01-screenshot.png"),
    "rename": (lambda folder: item_file(folder).rename(folder / "01.png"), "缺少文件 evidence/"),
    "add": (lambda folder: (folder / "evidence" / "new.txt").write_bytes(b""), "多出文件 evidence/new.txt"),
    "report": (lambda folder: change(folder / "报告.html", b""), "报告.html"),
    "list": (lambda folder: change(folder / "bundle.json", b"{"), "bundle.json"),
    "list shape": (lambda folder: change(folder / "bundle.json", b"[]"), "bundle.json"),
    "list empty": (lambda folder: change(folder / "bundle.json", b"{}"), "bundle.json"),
    "list other": (lambda folder: change(folder / "bundle.json", b'{"format":"x"}'), "bundle.json"),
    "link": (lambda folder: (folder / "link").symlink_to(folder / "SHA256SUMS"), "link 是符号链接"),
    "control": (lambda folder: (folder / "a\x1b[2J").write_bytes(b""), "a\\u001b[2J"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_with_an_unpacked_bundle_is_named(unpacked: Path, name: str) -> None:
    tamper, words = TAMPERINGS[name]
    tamper(unpacked)
    assert words in "\n".join(verify.verify_path(unpacked)).split("\n")[0]


def relist(folder: Path) -> None:
    """A forger who knows the list: rewrite it so that it fits."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "bundle.json"]
    facts = [bundle._facts(path.relative_to(folder).as_posix(), path) for path in files]
    change(folder / "bundle.json", canonical({"format": "wangxun-bundle", "schema": 1, "files": facts}))


FORGERIES: dict[str, tuple[Callable[[Path], object], str]] = {
    "item": (lambda root: change(root / "files" / "01-screenshot.png", b"\x88PNG"), "SHA-256"),
    "gone": (lambda root: (root / "files" / "01-screenshot.png").unlink(), "缺少证据文件"),
    "more": (lambda root: (root / "files" / "09-new.txt").write_bytes(b""), "多出证据文件"),
    "manifest": (lambda root: change(root / "manifest.json", b"{}"), "清单：SHA-256"),
    "no manifest": (lambda root: (root / "manifest.json").unlink(), "没有清单"),
    "custody": (lambda root: change(root / "custody" / "000001.json", b"x"), "第 1 条"),
    "custody cut": (lambda root: (root / "custody" / "000001.json").unlink(), "缺少第 1 条"),
    "no custody": (lambda root: shutil.rmtree(root / "custody"), "没有保管记录"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_list_does_not_hide_it(unpacked: Path, name: str) -> None:
    forge, words = FORGERIES[name]
    forge(next((unpacked / "evidence").iterdir()))
    relist(unpacked)
    assert words in verify.verify_path(unpacked)[0]


def test_without_sm3_the_rest_is_still_checked(unpacked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "HAS_SM3", False)
    assert verify.verify_path(unpacked) == []


def test_a_vault_without_a_file_of_a_manifest(vault: Vault, evidence: Evidence) -> None:
    vault.path(evidence.items[1].sha256).unlink()
    [fault] = verify.verify_path(vault.folder)
    assert "缺少证据文件" in fault
    assert "screenshot" in fault


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (lambda vault, one: change(vault.path(one.items[1].sha256), b"x"), "SHA-256"),
        (lambda vault, one: vault.path(one.id).unlink(), "没有清单"),
        (lambda vault, one: change(vault.path(one.id), b"{}"), "SHA-256"),
        (lambda vault, one: change(vault.folder / "custody" / one.id / "000002.json", b"{}"), "第 2 条"),
        (lambda vault, one: (vault.folder / "custody" / one.id / "x").write_bytes(b""), "不认识的 x"),
        (lambda vault, one: (vault.folder / "custody" / "zz").write_bytes(b""), "不认识的 custody/zz"),
        (lambda vault, one: (vault.folder / "x").write_bytes(b""), "不认识的 x"),
        (lambda vault, one: (vault.path(one.id).parent / "x").write_bytes(b""), "/x"),
        (lambda vault, one: change(vault.folder / "vault.json", b"{}"), "vault.json"),
    ],
)
def test_tampering_with_a_vault(
    vault: Vault, evidence: Evidence, tamper: Callable[[Vault, Evidence], object], words: str
) -> None:
    tamper(vault, evidence)
    assert words in verify.verify_path(vault.folder)[0]


def test_deletion_by_rule_is_no_fault(vault: Vault, evidence: Evidence) -> None:
    custody.append(vault, evidence.id, "deleted", SYSTEM, "retention")
    for digest in [evidence.id, *(item.sha256 for item in evidence.items)]:
        vault.path(digest).unlink()
    report = verify.check(vault.folder)
    assert (report.faults, len(report.notes)) == ([], 1)
