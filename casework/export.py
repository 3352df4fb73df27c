"""Hand findings over: report, records, rule files and evidence in one bundle that anybody can check.

A bundle holds the received bytes, contacts included; so only those who may see contacts, and say why, export.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from casework import audit, shelf
from casework.desk import Desk
from casework.labels import LABELS
from casework.review import checked_reason
from core.errors import BadInput, NotAllowed
from core.mask import in_scope, may_unmask
from core.model import Actor, Case, Evidence, Finding
from evidence import bundle, custody

README = """网巡移交包

report.html      给人看的报告，双击用浏览器打开（不联网、不含脚本）
findings.json    全部线索：各版本原文、判断理由、人工决定
case.json        案件（按案件导出时才有）
rules/           判断时所依据的规则文件，文件名前是它的 SHA-256 前八位
evidence/        每份证据一个文件夹：清单、原始文件、保管记录
bundle.json、SHA256SUMS    所有文件的摘要
verify.py        校验程序，用法见“校验说明.txt”

没有“已确认”字样的线索只是机器提示，未经人工确认，不得作为事实使用。
"""
EXPORT_LIMIT = 500  # findings; a bundle of more is past what one officer hands over, and past 4 GiB


def export(
    desk: Desk,
    actor: Actor,
    finding_ids: tuple[str, ...] | list[str],
    output: Path,
    case_id: str | None = None,
) -> str:
    """Write the bundle of these findings (and the case) to `output`; its SHA-256. Audited, in custody.

    Raises NotAllowed without role or reason, NotFound, BadInput, EvidenceBroken, Unavailable.
    """
    checked_reason(actor.reason)
    if not may_unmask(actor):
        raise NotAllowed("您的账号不能导出证据")
    case = shelf.load(desk.store, Case, case_id)[0] if case_id else None
    wanted = tuple(dict.fromkeys((*finding_ids, *(case.finding_ids if case else ()))))
    findings = _findings(desk, actor, wanted)
    files = dict(_files(desk, findings, case))
    for evidence_id in _evidence_ids(findings):
        custody.append(desk.vault, evidence_id, "exported", actor)
        files |= dict(bundle.evidence_files(desk.vault, evidence_id))
    digest = bundle.pack(output, files.items())
    for finding in findings:
        audit.record(desk, actor, "export", f"finding:{finding.id}", f"{actor.reason}（SHA-256 {digest}）")
    return digest


def _findings(desk: Desk, actor: Actor, finding_ids: tuple[str, ...]) -> list[Finding]:
    if not 1 <= len(finding_ids) <= EXPORT_LIMIT:
        raise BadInput(f"一次请导出 1 至 {EXPORT_LIMIT} 条线索")
    found = [shelf.load(desk.store, Finding, finding_id)[0] for finding_id in finding_ids]
    for finding in found:
        region = finding.latest.verdict.region
        if not in_scope(actor, region.code if region else None):
            raise NotAllowed("该线索不在您的辖区")
    return found


def _evidence_ids(findings: list[Finding]) -> list[str]:
    ids = (name for finding in findings for version in finding.versions for name in version.evidence_ids)
    return list(dict.fromkeys(ids))


def _files(desk: Desk, findings: list[Finding], case: Case | None) -> Iterator[tuple[str, bytes | Path]]:
    evidence = {name: shelf.load(desk.store, Evidence, name)[0] for name in _evidence_ids(findings)}
    yield "report.html", _report(desk, findings, case, evidence).encode()
    yield "说明.txt", README.encode()
    yield "findings.json", _plain([finding.model_dump(mode="json") for finding in findings])
    if case:
        yield "case.json", _plain(case.model_dump(mode="json"))
    yield from _rules(desk, evidence)


def _plain(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8", "backslashreplace")


def _rules(desk: Desk, evidence: dict[str, Evidence]) -> Iterator[tuple[str, bytes | Path]]:
    """The rule files named in the evidence, as they were then."""
    named: dict[str, str] = {}
    for kept in evidence.values():
        for item in kept.items:
            if item.role == "provenance" and item.media_type == "application/json":
                basis = json.loads(desk.vault.get(item.sha256))
                named |= {f"{digest[:8]}-{name}": digest for name, digest in _named(basis)}
    for name, digest in named.items():
        yield f"rules/{name}", desk.vault.get(digest)


def _named(basis: Any) -> list[tuple[str, str]]:
    """Other provenance files may stand beside ours: those have no `rules`."""
    rules = basis.get("rules", {}) if isinstance(basis, dict) else {}
    return [(name, digest) for name, digest in rules.items() if digest]


def _report(desk: Desk, findings: list[Finding], case: Case | None, evidence: dict[str, Evidence]) -> str:
    loader = PackageLoader("casework", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    basis = {finding.id: _basis(desk, finding) for finding in findings}
    template = environment.get_template("report.html")
    return template.render(findings=findings, case=case, evidence=evidence, basis=basis, labels=LABELS)


def _basis(desk: Desk, finding: Finding) -> str:
    """On what authority the place is watched; a source may have been taken out of config since."""
    source = desk.catalog.sources.get(finding.source_id)
    return f"{source.title}（巡查依据：{source.basis}）" if source else finding.source_id
