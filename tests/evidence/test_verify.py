"""The checker: passes what is whole, names what is broken, says what it could not check."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from core.model import Evidence
from evidence import verify
from evidence.manifest import canonical
from evidence.test_authority import PretendAuthority
from evidence.vault import Vault


@pytest.fixture
def packed(bag: Path, tmp_path: Path) -> Path:
    """The bag as a ZIP, written with the checker's own idea of headers (the packer's is tested beside it)."""
    names = sorted((path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file()),
                   key=lambda name: (not name.startswith("data/"), name))  # fmt: skip
    return write_zip(bag, names, tmp_path / "x.zip")


def write_zip(bag: Path, names: list[str], output: Path) -> Path:
    body = central = b""
    for name in names:
        content, raw = (bag / name).read_bytes(), name.encode()
        crc = zlib.crc32(content)
        central += verify._zip_central(raw, crc, len(content), len(body))
        body += verify._zip_local(raw, crc, len(content)) + content
    output.write_bytes(body + central + verify._zip_end(len(names), len(central), len(body)))
    return output


def change(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)


def test_whole_things_pass(
    packed: Path, bag: Path, stocked: Path, authority: PretendAuthority, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (packed, bag, stocked):
        assert verify.main([str(path)]) == 0
        told = capsys.readouterr().out
        assert "校验通过：2 份证据" in told
        assert "没有给出外部凭据" in told
        assert verify.main([str(path), "--trust", str(authority.folder / "ca.pem")]) == 0
        assert "没有 --head" in capsys.readouterr().out


def test_other_zip_readers_agree(packed: Path) -> None:
    with zipfile.ZipFile(packed) as file:
        assert file.testzip() is None


def test_the_travelling_copy_needs_nothing_of_ours(bag: Path) -> None:
    command = [sys.executable, "-I", "-S", "verify.py"]
    told = subprocess.run(command, cwd=bag, capture_output=True, text=True, check=False)
    assert (told.returncode, "2 份证据" in told.stdout) == (0, True), told.stdout + told.stderr
    change(bag / "data" / "报告.txt", b"")
    told = subprocess.run(command, cwd=bag, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "报告.txt" in told.stdout


def test_other_tools_agree_on_the_bag(bag: Path) -> None:
    for kind in ("manifest", "tagmanifest"):
        told = subprocess.run(["sha256sum", "-c", "--quiet", f"{kind}-sha256.txt"], cwd=bag, check=False)
        assert told.returncode == 0
    for stamp in bag.rglob("*.tsr"):
        command = ["openssl", "ts", "-verify", "-queryfile", stamp.with_suffix(".tsq"), "-in", stamp]
        told = subprocess.run(
            [*command, "-CAfile", stamp.with_suffix(".pem")], capture_output=True, check=False
        )
        assert told.returncode == 0


def test_without_openssl_it_does_not_end_well(
    bag: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert verify.main([str(bag)]) == 3
    told = capsys.readouterr().out
    assert "签名未核验" in told
    assert "校验通过" not in told


def test_an_openssl_that_fails_proves_nothing(
    bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "openssl"
    program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setattr(shutil, "which", lambda _: str(program))
    assert verify.main([str(bag)]) == 3
    monkeypatch.setattr(shutil, "which", lambda _: str(tmp_path / "absent"))
    assert verify.main([str(bag)]) == 3


@pytest.mark.parametrize(
    "arguments",
    [
        [__file__, "b"], ["--unknown"], [__file__, "--head", "xyz"], [__file__, "--trust", "/nowhere/x.pem"],
        ["/nowhere/bundle.zip"], [],
    ],
)  # fmt: skip
def test_wrong_use(arguments: list[str]) -> None:
    assert verify.main(arguments) == 2


def test_what_is_nothing_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"hello")
    (tmp_path / "empty").write_bytes(b"")
    for path in (tmp_path, tmp_path / "file", tmp_path / "empty", tmp_path / "absent"):
        assert verify.verify_path(path)


def test_flipped_bytes_of_a_zip_are_found(packed: Path) -> None:
    whole = packed.read_bytes()
    within = random.Random(1).sample(range(len(whole)), 60)
    for place in [*range(40), *within, *range(len(whole) - 30, len(whole))]:
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


def test_a_zip_in_another_order_or_by_another_tool_is_found(packed: Path, bag: Path) -> None:
    with zipfile.ZipFile(packed) as file:
        contents = {name: file.read(name) for name in file.namelist()}
    write_zip(bag, [*contents][::-1], packed)
    assert "次序被改动" in verify.verify_path(packed)[0]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in contents.items():
            file.writestr(name, content)
    assert verify.verify_path(packed)


def test_a_zip_beyond_four_gigabytes_has_64_bit_fields() -> None:
    """The numbers alone: APPNOTE 4.3.14, 4.5.3."""
    assert len(verify._zip_central(b"a", 0, 1, 0xFFFFFFFF)) == len(verify._zip_central(b"a", 0, 1, 1)) + 12
    assert verify._zip_end(0xFFFF, 1, 1).startswith(b"PK\x06\x06")
    assert len(verify._zip_end(0xFFFF, 1, 1)) == 56 + 20 + 22
    assert verify._zip_end(0xFFFE, 1, 1).startswith(b"PK\x05\x06")


def one_evidence(folder: Path) -> Path:
    return min((folder / "data" / "evidence").iterdir())


def picture(folder: Path) -> Path:
    return one_evidence(folder) / "files" / "01-screenshot.png"


TAMPERINGS: dict[str, tuple[Callable[[Path], object], str]] = {
    "flip": (
        lambda bag: change(picture(bag), b"Q" + picture(bag).read_bytes()[1:]),
        "files/01-screenshot.png：SHA-256",
    ),
    "grow": (lambda bag: change(picture(bag), b"PNG"), "01-screenshot.png：大小应为 900 字节，实为 3"),
    "remove": (lambda bag: picture(bag).unlink(), "缺少文件 data/evidence/"),
    "rename": (lambda bag: picture(bag).rename(bag / "01.png"), "缺少文件 data/evidence/"),
    "add": (lambda bag: (bag / "data" / "new.txt").write_bytes(b""), "多出文件 data/new.txt"),
    "report": (lambda bag: change(bag / "data" / "报告.txt", b""), "报告.txt"),
    "list": (lambda bag: change(bag / "bundle.json", b"{"), "bundle.json"),
    "list shape": (lambda bag: change(bag / "bundle.json", b"[]"), "bundle.json"),
    "list empty": (lambda bag: change(bag / "bundle.json", b"{}"), "bundle.json"),
    "list other": (lambda bag: change(bag / "bundle.json", b'{"format":"x"}'), "bundle.json"),
    "list gone": (lambda bag: (bag / "bundle.json").unlink(), "bundle.json"),
    "tag file": (lambda bag: change(bag / "bagit.txt", b"BagIt-Version: 0.97\n"), "bagit.txt"),
    "tag file gone": (lambda bag: (bag / "tagmanifest-sm3.txt").unlink(), "tagmanifest-sm3.txt"),
    "info": (lambda bag: change(bag / "bag-info.txt", b""), "bag-info.txt"),
    "link": (lambda bag: (bag / "link").symlink_to(bag / "bagit.txt"), "link 是符号链接"),
    "control": (lambda bag: (bag / "a\x1b[2J").write_bytes(b""), "a\\u001b[2J"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_with_an_unpacked_bundle_is_named_first(bag: Path, name: str) -> None:
    tamper, words = TAMPERINGS[name]
    tamper(bag)
    assert words in verify.verify_path(bag)[0]


@pytest.fixture
def relisted(
    bag: Path, tmp_path: Path, write_control: Callable[[dict[str, bytes], Path], Path]
) -> Callable[[], Path]:
    """A forger who knows the lists: all of them are rewritten so that they fit."""

    def relist() -> Path:
        kept = [path for path in bag.rglob("*") if path.is_file()]
        files = {path.relative_to(bag).as_posix(): path.read_bytes() for path in kept}
        for name in verify.CONTROL:
            files.pop(name)
        return write_control(files, tmp_path / "forged")

    return relist


FORGERIES: dict[str, tuple[Callable[[Path], object], str]] = {
    "item": (lambda root: change(root / "files" / "01-screenshot.png", b"PNG"), "01-screenshot.png"),
    "gone": (lambda root: (root / "files" / "01-screenshot.png").unlink(), "缺少证据文件"),
    "more": (lambda root: (root / "files" / "09-new.txt").write_bytes(b""), "多出证据文件"),
    "manifest": (lambda root: change(root / "manifest.json", b"{}"), "清单：SHA-256"),
    "no manifest": (lambda root: (root / "manifest.json").unlink(), "没有清单"),
    "custody": (lambda root: change(root / "custody" / "000001.json", b"x"), "第 1 条"),
    "custody cut": (lambda root: (root / "custody" / "000001.json").unlink(), "缺少第 1 条"),
    "no custody": (lambda root: shutil.rmtree(root / "custody"), "没有保管记录"),
    "stamp": (lambda root: min((root / "stamps").iterdir()).unlink(), "缺失或被改动"),
    "stamp more": (lambda root: (root / "stamps" / "000099.tsr").write_bytes(b""), "多出证据文件"),
    "place": (lambda root: change(root / "place.json", b"{}"), "place.json"),
    "place else": (
        lambda root: change(root / "place.json", (max(root.parent.iterdir()) / "place.json").read_bytes()),
        "place.json",
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_list_does_not_hide_it(bag: Path, relisted: Callable[[], Path], name: str) -> None:
    forge, words = FORGERIES[name]
    forge(one_evidence(bag))
    assert any(words in fault for fault in verify.verify_path(relisted()))


def test_lists_in_a_bundle_are_checked(bag: Path, relisted: Callable[[], Path]) -> None:
    header = max((bag / "data" / "heads").glob("*.json"))
    change(header, header.read_bytes().replace(b'"schema":1', b'"schema":2'))
    assert any("每日清单" in fault for fault in verify.verify_path(relisted()))


def test_without_sm3_its_own_is_used(stocked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "HAS_SM3", False)
    assert verify.verify_path(stocked) == []


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
        (lambda vault, one: (vault.folder / "vault.json").chmod(0o600) or change(vault.folder / "vault.json", canonical({"format": "wangxun-vault", "schema": 3})), "vault.json"),
        (lambda vault, one: (vault.folder / "todo" / "stamp" / one.id).unlink(), "待取时间戳的标记"),
        (lambda vault, one: (vault.folder / "todo" / "stamp" / ("0" * 64)).write_bytes(b""), "待办标记"),
    ],
)  # fmt: skip
def test_tampering_with_a_vault(
    vault: Vault, evidence: Evidence, tamper: Callable[[Vault, Evidence], object], words: str
) -> None:
    tamper(vault, evidence)
    assert words in verify.verify_path(vault.folder)[0]


def test_a_file_that_no_record_names_is_found_even_under_its_digest(vault: Vault, evidence: Evidence) -> None:
    digest = verify.sha256(b"planted")
    vault.path(digest).parent.mkdir(exist_ok=True)
    vault.path(digest).write_bytes(b"planted")
    assert verify.verify_path(vault.folder) == [f"多出文件 {digest[:2]}/{digest}（没有保管记录提到它）"]


@pytest.mark.parametrize("at", ["2026-03-01T08:00:00", "gestern", None, 7])
def test_a_time_that_cannot_be_compared_is_none(at: object) -> None:
    """A forged entry without a zone must not end the checker with an error."""
    assert verify._time({"at": at}) is None
    assert verify._time({"at": "2026-03-01T08:00:00Z"}) is not None
