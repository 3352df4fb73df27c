"""Bundles: who may make one, what is in it, and that the standard-library checker passes it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from casework import audit, cases, export, intake, review, shelf
from casework.desk import Desk
from core.errors import BadInput, NotAllowed, NotFound
from core.model import Finding
from evidence import custody
from evidence.verify import verify_path
from tests.casework.desks import PHONE, PNG, actor, make_capture, make_post, today

HOSTILE = "<script>alert(1)</script>家教"


@pytest.fixture(autouse=True)
def posts(desk: Desk) -> None:
    intake.take_in(desk, make_post(f"西湖区家教 {PHONE}", "1", title=HOSTILE), make_capture())
    intake.attach(desk, "post1", make_capture(picture=True))


def test_a_bundle_is_whole_and_checks(desk: Desk, tmp_path: Path) -> None:
    output = tmp_path / "bundle.zip"
    digest = export.export(desk, actor(), ("post1",), output)
    assert digest == hashlib.sha256(output.read_bytes()).hexdigest()
    assert verify_path(output) == []
    with zipfile.ZipFile(output) as bundle:
        names = bundle.namelist()
        [finding] = json.loads(bundle.read("findings.json"))
        report = bundle.read("report.html").decode()
        assert any(bundle.read(name) == PNG for name in names if name.startswith("evidence/"))
        [rule] = [name for name in names if name.startswith("rules/")]
        assert "上门家教" in bundle.read(rule).decode()
    assert {"verify.py", "说明.txt", "bundle.json"} <= set(names)
    assert finding["id"] == "post1"
    assert HOSTILE not in report
    assert "&lt;script&gt;" in report
    assert "未经人工确认" in report


def test_an_export_is_in_the_audit_trail_and_in_custody(desk: Desk, tmp_path: Path) -> None:
    digest = export.export(desk, actor(), ("post1",), tmp_path / "bundle.zip")
    [entry] = audit.chain(desk, "wang", today())
    assert (entry.action, entry.target) == ("export", "finding:post1")
    assert digest in entry.reason
    for evidence_id in shelf.load(desk.store, Finding, "post1")[0].latest.evidence_ids:
        assert custody.chain(desk.vault, evidence_id)[-1]["event"] == "exported"


def test_a_case_is_exported_with_its_findings(desk: Desk, tmp_path: Path) -> None:
    review.decide(desk, actor(), "post1", "confirmed", "属实")
    case = cases.open_case(desk, actor(), "某家教", ("post1",))
    export.export(desk, actor(), (), tmp_path / "case.zip", case.id)
    with zipfile.ZipFile(tmp_path / "case.zip") as bundle:
        assert json.loads(bundle.read("case.json"))["title"] == "某家教"
        assert "属实" in bundle.read("report.html").decode()
    assert verify_path(tmp_path / "case.zip") == []


def test_exports_need_role_reason_region_and_findings(desk: Desk, tmp_path: Path) -> None:
    output = tmp_path / "bundle.zip"
    with pytest.raises(BadInput):
        export.export(desk, actor(reason=" "), ("post1",), output)
    with pytest.raises(NotAllowed):
        export.export(desk, actor(role="viewer"), ("post1",), output)
    with pytest.raises(NotAllowed):
        export.export(desk, actor(region="360100"), ("post1",), output)
    with pytest.raises(NotFound):
        export.export(desk, actor(), ("nobody",), output)
    with pytest.raises(BadInput):
        export.export(desk, actor(), (), output)
    assert not output.exists()
