"""A bundle that was packed anew, all lists recomputed: what the checker can still tell, and what it must say that it cannot."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from core.model import SYSTEM, Evidence
from evidence import bundle, custody, verify
from evidence.bundle import Entry
from evidence.bundle_readme import README
from evidence.manifest import canonical, sha256
from evidence.test_authority import PretendAuthority
from evidence.vault import Vault
from tests.evidence.test_bundle import LATER

RULE = b"name: x\n"


def packed(
    path: Path, vault: Vault, evidence: Evidence, told: dict[str, Any], with_evidence: bool = True
) -> Path:
    about = {
        "format": "wangxun-handover",
        "schema": 1,
        "kind": "full",
        "findings": ["f"],
        "evidence": [evidence.id],
    }
    finding = {"versions": [{"evidence_ids": [evidence.id]}], "absences": []}
    sealed = bundle.evidence_entries(vault.open(evidence.id, "exported", SYSTEM), LATER)
    bundle.pack(
        path,
        [
            Entry("about.json", canonical({**about, **told})),
            *(sealed if with_evidence else ()),
            Entry("findings/f/finding.json", json.dumps(finding, indent=1).encode()),
            Entry(f"rules/{told.get('rule', sha256(RULE)[:8])}-X.yml", RULE),
        ],
    )
    return path


def test_whole_bundles_pass_and_say_what_nothing_binds(
    tmp_path: Path, vault: Vault, evidence: Evidence, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify.main([str(packed(tmp_path / "x.zip", vault, evidence, {}))]) == 0
    assert "只由压缩包自己的 SHA-256 值固定" in capsys.readouterr().out


def test_evidence_that_was_left_out_is_missed(tmp_path: Path, vault: Vault, evidence: Evidence) -> None:
    path = packed(tmp_path / "x.zip", vault, evidence, {}, with_evidence=False)
    assert any(f"缺少证据 {evidence.id}" in fault for fault in verify.verify_path(path))
    # Also where about.json was written anew with it: the finding still names its evidence.
    path = packed(tmp_path / "y.zip", vault, evidence, {"evidence": []}, with_evidence=False)
    assert any(f"缺少证据 {evidence.id}" in fault for fault in verify.verify_path(path))


def test_evidence_and_findings_that_do_not_belong_are_named(
    tmp_path: Path, vault: Vault, evidence: Evidence
) -> None:
    path = packed(tmp_path / "x.zip", vault, evidence, {"findings": [], "evidence": []})
    assert any(f"多出证据 {evidence.id}" in fault for fault in verify.verify_path(path))
    path = packed(tmp_path / "y.zip", vault, evidence, {"findings": ["f", "g"]})
    assert any("缺少线索 g" in fault for fault in verify.verify_path(path))


def test_a_rule_file_is_what_its_name_says(tmp_path: Path, vault: Vault, evidence: Evidence) -> None:
    path = packed(tmp_path / "x.zip", vault, evidence, {"rule": "00000000"})
    assert any("规则文件" in fault for fault in verify.verify_path(path))


def test_a_time_of_capture_far_from_the_sealing_is_told(
    tmp_path: Path, vault: Vault, evidence: Evidence
) -> None:
    report = verify.check(packed(tmp_path / "x.zip", vault, evidence, {}))
    assert any("清单写的取证时间比开始保管" in note for note in report.notes)


def test_a_deletion_before_the_capture_is_none(tmp_path: Path, vault: Vault, evidence: Evidence) -> None:
    detail = dict.fromkeys(("class", "title", "basis", "rule", "detail"), "x")
    custody.append(vault, evidence.id, "deleted", SYSTEM, "清理", detail)
    name = sorted((tmp_path / "data" / "vault" / "custody" / evidence.id).iterdir())[-1]
    entry = {**json.loads(name.read_bytes()), "at": "2001-01-01T00:00:00Z", "digest": ""}
    name.chmod(0o600)
    name.write_bytes(canonical({**entry, "digest": sha256(canonical(entry))}))
    faults = verify.verify_path(tmp_path / "data" / "vault")
    assert any("写的时间早于它之前的记录" in fault for fault in faults)


def test_anchors_without_a_certificate_are_wrong_use(
    tmp_path: Path, vault: Vault, evidence: Evidence, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    path = packed(tmp_path / "x.zip", vault, evidence, {})
    assert verify.main([str(path), "--trust", str(empty)]) == 2
    assert f"没有证书（PEM 格式）：{empty}" in capsys.readouterr().out


def test_the_stamp_step_of_the_note_works_also_when_the_certificate_has_expired(
    bag: Path, authority: PretendAuthority
) -> None:
    step = next(line for line in README.splitlines() if "openssl ts -verify" in line)
    for folder in (bag / "data" / "evidence").iterdir():
        reply = next(folder.glob("stamps/*.tsr"))
        shown = subprocess.run(
            ["openssl", "ts", "-reply", "-in", reply, "-text"], capture_output=True, check=True, text=True
        ).stdout
        at = next(line.removeprefix("Time stamp: ") for line in shown.splitlines() if "Time stamp" in line)
        seconds = subprocess.run(["date", "-d", at, "+%s"], capture_output=True, check=True, text=True).stdout
        words = step.replace("应答.tsr", str(reply)).replace("编号", folder.name)
        words = words.replace("可信机构证书.pem", str(authority.folder / "ca.pem"))
        told = [
            subprocess.run(words.replace("秒数", when).split(), cwd=bag, capture_output=True, check=False)
            for when in (seconds.strip(), "4000000000")
        ]
        assert b"Verification: OK" in told[0].stdout
        # Why the step names a moment: a certificate's end is not the stamp's.
        assert told[1].returncode != 0
