"""Hand findings over: records, evidence, report, rules, flaws and a copy for sharing in one bundle to be checked.

A bundle holds the received bytes, contacts included; so only those who may see contacts, and say why, export.
Made again for the same moment (`at`), it is the same byte for byte, as long as the findings have not changed.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from casework import audit, flaws, shelf
from casework.contents import Contents
from casework.desk import Desk
from casework.devtools import chromium
from casework.parcel import Parcel
from casework.printing import Printer
from casework.review import checked_reason
from casework.sheets import Binder, evidence_ids
from core.errors import BadInput, EvidenceBroken, NotAllowed, NotFound
from core.mask import in_scope, may_unmask
from core.model import Actor, Case, Finding
from evidence import bundle
from evidence.manifest import canonical, plain_time
from evidence.storage import translated

EXPORT_LIMIT = 10_000  # findings; memory stays flat, but nobody can read or carry more


@dataclass(frozen=True)
class Exported:
    """What was made: the bundle's SHA-256, how often each kind of flaw was found, and what could not be made."""

    digest: str
    flaws: dict[str, int]
    notes: tuple[str, ...] = ()


def export(
    desk: Desk,
    actor: Actor,
    finding_ids: tuple[str, ...] | list[str],
    output: Path,
    case_id: str | None = None,
    receiver: str = "",
) -> str:
    """`hand_over` for callers who want the SHA-256 only."""
    return hand_over(desk, actor, finding_ids, output, case_id, receiver).digest


def hand_over(
    desk: Desk,
    actor: Actor,
    finding_ids: Sequence[str],
    output: Path,
    case_id: str | None = None,
    receiver: str = "",
    at: datetime | None = None,
    pdf: bool = True,
) -> Exported:
    """Write the bundle of these findings (and the case) to `output`. Audited, in custody, with its digest.

    `at` makes an earlier export again; without `pdf` no browser is started (about a second a page). The bundle appears after it was recorded, whole or not at all.
    Raises NotAllowed without role or reason, NotFound, BadInput, EvidenceBroken, Unavailable.
    """
    with _folder(output) as folder, ExitStack() as stack:
        parcel = _parcel(desk, actor, finding_ids, case_id, receiver, at or datetime.now(UTC), folder)
        program = chromium(desk.settings.browser) if pdf else None
        printer = stack.enter_context(Printer(program)) if program else None
        contents = Contents(parcel, printer)
        about = parcel.about("full")
        facts = bundle.About(parcel.at, f"网巡证据包：{parcel.scope}", parcel.urn(about))
        digest = bundle.pack(folder / "bundle.zip", contents.entries(about), facts)
        _record(parcel, digest)
        with translated("writing a bundle"):
            (folder / "bundle.zip").replace(output)
    return Exported(digest, dict(contents.counts), tuple(contents.notes))


def precheck(
    desk: Desk, actor: Actor, finding_ids: Sequence[str], case_id: str | None = None
) -> dict[str, int]:
    """How often each kind of flaw (`flaws.KINDS`) would stand in the bundle; each evidence is noted as viewed.

    Broken evidence is counted, not raised. Raises NotAllowed, NotFound, BadInput, Unavailable.
    """
    at = datetime.now(UTC)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        parcel = _parcel(desk, actor, finding_ids, case_id, "", at, Path(folder))
        for name in parcel.finding_ids:
            finding = parcel.finding(name)
            looks = dict(_readable(parcel, finding))
            counts.update(flaw.kind for flaw in flaws.of_finding(finding, looks, {actor.officer}))
    return dict(counts)


def _readable(parcel: Parcel, finding: Finding) -> Iterator[tuple[str, flaws.Look]]:
    """The looks that can be read: one that cannot is itself the gravest flaw."""
    for evidence_id in evidence_ids(finding):
        with suppress(EvidenceBroken, NotFound):
            parcel.binder.put(parcel.desk.vault.open(evidence_id, "viewed", parcel.actor, "导出前瑕疵检查"))
            yield evidence_id, parcel.binder.look(evidence_id)


def _parcel(
    desk: Desk,
    actor: Actor,
    finding_ids: Sequence[str],
    case_id: str | None,
    receiver: str,
    at: datetime,
    folder: Path,
) -> Parcel:
    checked_reason(actor.reason)
    if not may_unmask(actor):
        raise NotAllowed("您的账号不能导出证据")
    case = shelf.load(desk.store, Case, case_id)[0] if case_id else None
    wanted = tuple(dict.fromkeys((*finding_ids, *(case.finding_ids if case else ()))))
    if not 1 <= len(wanted) <= EXPORT_LIMIT:
        raise BadInput(f"一次请导出 1 至 {EXPORT_LIMIT} 条线索")
    found: set[str] = set()
    for finding_id in wanted:
        finding = shelf.load(desk.store, Finding, finding_id)[0]
        region = finding.latest.verdict.region
        if not in_scope(actor, region.code if region else None):
            raise NotAllowed("该线索不在您的辖区")
        found.update(evidence_ids(finding))
    binder = Binder(desk, at, frozenset({actor.officer}))
    return Parcel(desk, actor, wanted, tuple(sorted(found)), case, receiver.strip(), at, folder, binder)


def _record(parcel: Parcel, digest: str) -> None:
    """In custody with the digest, and in the audit trail: who, why, what, to whom."""
    desk, actor = parcel.desk, parcel.actor
    told = {"at": plain_time(parcel.at), "bundle": digest, "receiver": parcel.receiver, "scope": parcel.scope}
    detail = canonical(told).decode()
    for evidence_id in parcel.evidence_ids:
        desk.vault.note(evidence_id, "redacted", actor, detail)
        desk.vault.note(evidence_id, "exported", actor, detail)
    to = f"，接收：{parcel.receiver}" if parcel.receiver else ""
    for finding_id in parcel.finding_ids:
        reason = f"{actor.reason}（{parcel.scope}{to}，SHA-256 {digest}）"
        audit.record(desk, actor, "export", f"finding:{finding_id}", reason)


@contextmanager
def _folder(output: Path) -> Iterator[Path]:
    """A folder beside the output that only its owner can read, gone at the end."""
    with translated("writing a bundle"):
        folder = Path(tempfile.mkdtemp(prefix=".wangxun-export-", dir=output.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
