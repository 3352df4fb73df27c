"""What one export hands over: which findings, to whom, as of when. Holds names only; records are read as needed."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from casework import shelf
from casework.desk import Desk
from casework.gone import deleted_evidence, deleted_note
from casework.review import checked_reason
from casework.sheets import Binder, evidence_ids, source_of
from core.errors import BadInput, EvidenceBroken, NotAllowed, NotFound
from core.mask import in_scope, may_unmask
from core.model import SYSTEM, Actor, Case, Finding, Officer
from evidence.manifest import canonical, plain_time, sha256

EXPORT_LIMIT = 10_000  # findings; memory stays flat, but nobody can read or carry more


@dataclass(frozen=True)
class Parcel:
    """`finding_ids` in the order asked for, `evidence_ids` sorted; `folder` is for files on their way.

    `deleted`: evidence that was deleted by rule, and what is to be said of it; only its custody is handed over.
    """

    desk: Desk
    actor: Actor
    finding_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]
    case: Case | None
    receiver: str
    at: datetime
    folder: Path
    binder: Binder = field(repr=False)
    deleted: dict[str, str] = field(default_factory=dict)

    @cached_property
    def keys(self) -> list[tuple[str, str]]:
        """(folder name, id) of each finding, sorted by folder name."""
        return sorted((self.key(name), name) for name in self.finding_ids)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.finding_ids, 1)}

    @staticmethod
    def key(finding_id: str) -> str:
        """A finding's folder: an id may come from a site and hold anything."""
        return hashlib.sha256(finding_id.encode("utf-8", "replace")).hexdigest()[:32]

    def number(self, finding_id: str) -> int:
        """The finding's number in the reports, from 1."""
        return self._numbers[finding_id]

    def finding(self, finding_id: str) -> Finding:
        """The record. Raises NotFound."""
        return shelf.load(self.desk.store, Finding, finding_id)[0]

    def name_of(self, account: str) -> str:
        """What the account's officer is called, with the account: names are not unique."""
        if account == SYSTEM.officer:
            return "系统"
        officer = shelf.find(self.desk.store, Officer, account)
        return f"{officer.name}（{account}）" if officer and officer.name != account else account

    def source(self, finding: Finding) -> str:
        """The place it was found on, and on what authority that is watched."""
        return source_of(self.desk, finding)

    def finding_json(self, finding: Finding) -> bytes:
        """The record as the bundle carries it."""
        return plain(finding.model_dump(mode="json"))

    @property
    def scope(self) -> str:
        """What is handed over, for the records."""
        return f"案件 {self.case.id}" if self.case else f"{len(self.finding_ids)} 条线索"

    def about(self, kind: Literal["full", "shared"]) -> bytes:
        """`about.json`: canonical JSON. The copy for sharing does not say who asked for it and why."""
        full = kind == "full"
        return canonical(
            {
                "format": "wangxun-handover", "schema": 1, "kind": kind, "at": plain_time(self.at),
                "findings": [key for key, _ in self.keys], "evidence": list(self.evidence_ids) if full else [],
                **({"deleted": self.deleted} if full and self.deleted else {}),
                "case": self.case.id if self.case else None, "receiver": self.receiver if full else "",
                "reason": self.actor.reason if full else "", "officer": self.actor.officer if full else "",
            }
        )  # fmt: skip

    def as_of(self, at: datetime) -> Parcel:
        """The same, as of another moment."""
        return replace(self, at=at, binder=Binder(self.desk, at, self.binder.officers))

    @staticmethod
    def urn(about: bytes) -> str:
        """The bundle's name, made from its `about.json`."""
        return f"urn:wangxun:bundle:{sha256(about)}"


def chosen(
    desk: Desk, actor: Actor, finding_ids: Sequence[str], case_id: str | None
) -> tuple[Case | None, dict[str, tuple[str, ...]]]:
    """The case, and each finding with the ids of its evidence, when the actor may hand all of that over.

    Raises NotAllowed without role, reason or region, NotFound, BadInput.
    """
    checked_reason(actor.reason)
    if not may_unmask(actor):
        raise NotAllowed("您的账号不能导出证据")
    case = shelf.load(desk.store, Case, case_id)[0] if case_id else None
    wanted = tuple(dict.fromkeys((*finding_ids, *(case.finding_ids if case else ()))))
    if not 1 <= len(wanted) <= EXPORT_LIMIT:
        raise BadInput(f"一次请导出 1 至 {EXPORT_LIMIT} 条线索")
    found: dict[str, tuple[str, ...]] = {}
    for finding_id in wanted:
        finding = _standing(desk, finding_id)
        region = finding.latest.verdict.region
        if not in_scope(actor, region.code if region else None):
            raise NotAllowed("该线索不在您的辖区")
        found[finding_id] = tuple(evidence_ids(finding))
    return case, found


def gather(
    desk: Desk,
    actor: Actor,
    finding_ids: Sequence[str],
    case_id: str | None,
    receiver: str,
    at: datetime,
    folder: Path,
) -> Parcel:
    """What the actor may hand over. Raises as `chosen`."""
    case, found = chosen(desk, actor, finding_ids, case_id)
    binder = Binder(desk, at, frozenset({actor.officer}))
    named = sorted({name for names in found.values() for name in names})
    gone = {name: said for name in named if (said := _deleted(desk, name))}
    kept = tuple(name for name in named if name not in gone)
    return Parcel(desk, actor, tuple(found), kept, case, receiver.strip(), at, folder, binder, gone)


def _deleted(desk: Desk, evidence_id: str) -> str:
    """What is said of its deletion; "" while it stands, and when its custody is broken: the check names that."""
    try:
        return deleted_evidence(desk, evidence_id)
    except EvidenceBroken:
        return ""


def _standing(desk: Desk, finding_id: str) -> Finding:
    """The finding. Raises NotFound, which says so when it was deleted by rule."""
    try:
        return shelf.load(desk.store, Finding, finding_id)[0]
    except NotFound:
        if said := deleted_note(desk, f"finding:{finding_id}"):
            raise NotFound(f"线索 {finding_id} {said}") from None
        raise


def plain(value: Any) -> bytes:
    """JSON for reading."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8", "backslashreplace")


def as_csv(row: Sequence[str], first: bool = False) -> bytes:
    """A line for a spreadsheet; what would be taken for a formula is quoted, also in the wide signs that Chinese editions
    read alike. The first line says it is UTF-8.
    """
    out = io.StringIO()
    csv.writer(out).writerow(
        [f"'{cell}" if cell[:1] in "=+-@\t\r\n＝＋－＠" and cell else cell for cell in row]
    )
    return (b"\xef\xbb\xbf" if first else b"") + out.getvalue().encode("utf-8", "replace")
