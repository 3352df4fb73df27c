"""Cases: confirmed findings about one operator or matter, an owner, a state, notes. `dossiers` looks at them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casework import audit, dossiers, export, shelf
from casework.desk import Desk
from casework.parcel import EXPORT_LIMIT
from casework.review import checked_reason, masked
from core.errors import BadInput, Conflict, NotAllowed
from core.identity import new_id
from core.mask import may_decide
from core.model import Actor, Case, Finding
from store.base import CREATE, save_one

TITLE_LENGTH = 60  # characters: a name that fits one line of a list


def open_case(desk: Desk, actor: Actor, title: str, finding_ids: tuple[str, ...]) -> Case:
    """Open a case on confirmed findings. Raises NotAllowed, NotFound, BadInput for unconfirmed ones."""
    _allowed(actor)
    name = title.strip()
    if not name or not finding_ids:
        raise BadInput("案件需要名称和至少一条线索")
    if len(name) > TITLE_LENGTH:
        raise BadInput(f"案件名称请不超过 {TITLE_LENGTH} 字")
    wanted = _once(finding_ids)
    _confirmed(desk, actor, wanted)
    opened = datetime.now(UTC)
    case = Case(id=new_id(), title=name, owner=actor.officer, finding_ids=wanted, opened_at=opened)
    save_one(desk.store, case, CREATE)
    audit.record(desk, actor, "open_case", f"case:{case.id}", f"{len(wanted)} 条线索")
    return case


def read_case(desk: Desk, actor: Actor, case_id: str) -> Case:
    """The case with those of its findings that this Actor may see, audited. Raises NotFound, NotAllowed."""
    return dossiers.read(desk, actor, case_id).case


def add_findings(desk: Desk, actor: Actor, case_id: str, finding_ids: tuple[str, ...]) -> Case:
    """Add confirmed findings, each once. Raises as `open_case`, and Conflict when the case is closed."""
    _allowed(actor)
    if not finding_ids:
        raise BadInput("请至少选择一条线索")

    def edit(case: Case) -> Case:
        return case.model_copy(update={"finding_ids": _once((*case.finding_ids, *finding_ids))})

    _confirmed(desk, actor, finding_ids)
    return _edit_open(desk, actor, case_id, "add_to_case", edit, f"{len(set(finding_ids))} 条线索")


def remove_finding(desk: Desk, actor: Actor, case_id: str, finding_id: str, reason: str) -> Case:
    """Take a finding out of the case; the finding itself stays.

    Raises NotAllowed, NotFound, Conflict, BadInput without a reason and for the last finding.
    """
    words = checked_reason(reason)

    def edit(case: Case) -> Case:
        left = tuple(name for name in case.finding_ids if name != finding_id)
        if not left:
            raise BadInput("案件至少要有一条线索；不再办理请结案")
        return case.model_copy(update={"finding_ids": left})

    _in_region(desk, actor, finding_id)
    return _edit_open(desk, actor, case_id, "remove_from_case", edit, words)


def add_note(desk: Desk, actor: Actor, case_id: str, note: str) -> Case:
    """Add a note. Raises NotAllowed, NotFound, BadInput, Conflict when the case is closed."""
    if not note.strip():
        raise BadInput("备注不能为空")
    words = checked_reason(note)

    def edit(case: Case) -> Case:
        return case.model_copy(update={"notes": (*case.notes, words)})

    return _edit_open(desk, actor, case_id, "note_case", edit, words)


def close_case(desk: Desk, actor: Actor, case_id: str, reason: str = "") -> Case:
    """Close the case; without a reason the Actor's own counts. Raises NotAllowed, NotFound, BadInput, Conflict."""
    words = checked_reason(reason or actor.reason)
    closed = {"state": "closed"}
    return _edit_open(desk, actor, case_id, "close_case", lambda case: case.model_copy(update=closed), words)


def reopen_case(desk: Desk, actor: Actor, case_id: str, reason: str) -> Case:
    """Open a closed case again. Raises NotAllowed, NotFound, BadInput, Conflict when it is open."""
    words = checked_reason(reason)

    def edit(case: Case) -> Case:
        if case.state == "open":
            raise Conflict("案件没有结案，不用重开")
        return case.model_copy(update={"state": "open"})

    return _edit(desk, actor, case_id, "reopen_case", edit, words)


def hand_over(
    desk: Desk, actor: Actor, case_id: str, output: Path, receiver: str = "", **options: Any
) -> export.Exported:
    """Write the case's bundle to `output`; `options` and errors are those of `casework.export.hand_over`."""
    dossiers.seen(desk, actor, case_id)
    done = export.hand_over(desk, actor, (), output, case_id, receiver, **options)
    to = f"接收：{receiver}，" if receiver else ""
    audit.record(
        desk, actor, "export_case", f"case:{case_id}", f"{actor.reason}（{to}SHA-256 {done.digest}）"
    )
    return done


Edit = Callable[[Case], Case]


def _edit_open(desk: Desk, actor: Actor, case_id: str, action: str, edit: Edit, words: str) -> Case:
    def careful(case: Case) -> Case:
        if case.state == "closed":
            raise Conflict("案件已结，不能再改；需要时请先重开")
        return edit(case)

    return _edit(desk, actor, case_id, action, careful, words)


def _edit(desk: Desk, actor: Actor, case_id: str, action: str, edit: Edit, words: str) -> Case:
    _allowed(actor)
    dossiers.seen(desk, actor, case_id)
    case = shelf.change_existing(desk.store, Case, case_id, edit)
    audit.record(desk, actor, action, f"case:{case_id}", words)
    return case


def _allowed(actor: Actor) -> None:
    if not may_decide(actor):
        raise NotAllowed("您的账号不能办理案件")


def _once(finding_ids: Iterable[str]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(finding_ids))
    if len(wanted) > EXPORT_LIMIT:  # a case is handed over as one bundle
        raise BadInput(f"一个案件最多 {EXPORT_LIMIT} 条线索")
    return wanted


def _in_region(desk: Desk, actor: Actor, finding_id: str) -> Finding:
    finding = shelf.load(desk.store, Finding, finding_id)[0]
    if not dossiers.in_his_region(actor, finding):
        raise NotAllowed("该线索不在您的辖区")
    return finding


def _confirmed(desk: Desk, actor: Actor, finding_ids: Iterable[str]) -> None:
    for finding_id in finding_ids:
        finding = _in_region(desk, actor, finding_id)
        if finding.status != "confirmed":
            shown = masked(desk, finding, actor.model_copy(update={"reason": ""})).latest.post.title
            raise BadInput(f"线索“{shown or finding_id}”尚未人工确认，请先核查")
