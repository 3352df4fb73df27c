"""Cases: findings about one operator or matter, an owner, a state, notes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from casework import audit, shelf
from casework.desk import Desk
from core.errors import BadInput, Conflict, NotAllowed
from core.identity import new_id
from core.mask import in_scope, may_decide
from core.model import Actor, Case, Finding
from store.base import CREATE, save_one


def open_case(desk: Desk, actor: Actor, title: str, finding_ids: tuple[str, ...]) -> Case:
    """Open a case on confirmed findings. Raises NotAllowed, NotFound, BadInput for unconfirmed ones."""
    _allowed(actor)
    if not title.strip() or not finding_ids:
        raise BadInput("案件需要名称和至少一条线索")
    _confirmed(desk, actor, finding_ids)
    case = Case(
        id=new_id(),
        title=title.strip(),
        owner=actor.officer,
        finding_ids=tuple(dict.fromkeys(finding_ids)),
        opened_at=datetime.now(UTC),
    )
    save_one(desk.store, case, CREATE)
    audit.record(desk, actor, "open_case", f"case:{case.id}")
    return case


def read_case(desk: Desk, actor: Actor, case_id: str) -> Case:
    """The case, audited. Raises NotFound."""
    case = shelf.load(desk.store, Case, case_id)[0]
    audit.record(desk, actor, "view_case", f"case:{case_id}")
    return case


def add_findings(desk: Desk, actor: Actor, case_id: str, finding_ids: tuple[str, ...]) -> Case:
    """Add confirmed findings, each once. Raises as `open_case`, and Conflict when the case is closed."""
    _confirmed(desk, actor, finding_ids)

    def edit(case: Case) -> Case:
        joined = tuple(dict.fromkeys((*case.finding_ids, *finding_ids)))
        return case.model_copy(update={"finding_ids": joined})

    return _edit_open(desk, actor, case_id, "add_to_case", edit)


def add_note(desk: Desk, actor: Actor, case_id: str, note: str) -> Case:
    """Add a note. Raises NotAllowed, NotFound, BadInput, Conflict when the case is closed."""
    words = note.strip()
    if not words:
        raise BadInput("备注不能为空")
    return _edit_open(
        desk,
        actor,
        case_id,
        "note_case",
        lambda case: case.model_copy(update={"notes": (*case.notes, words)}),
    )


def close_case(desk: Desk, actor: Actor, case_id: str) -> Case:
    """Close the case. Raises NotAllowed, NotFound, Conflict when it is closed already."""
    return _edit_open(
        desk, actor, case_id, "close_case", lambda case: case.model_copy(update={"state": "closed"})
    )


def _edit_open(desk: Desk, actor: Actor, case_id: str, action: str, edit: Callable[[Case], Case]) -> Case:
    _allowed(actor)

    def careful(case: Case) -> Case:
        if case.state == "closed":
            raise Conflict("案件已结，不能再改")
        return edit(case)

    case = shelf.change_existing(desk.store, Case, case_id, careful)
    audit.record(desk, actor, action, f"case:{case_id}")
    return case


def _allowed(actor: Actor) -> None:
    if not may_decide(actor):
        raise NotAllowed("您的账号不能办理案件")


def _confirmed(desk: Desk, actor: Actor, finding_ids: tuple[str, ...]) -> None:
    for finding_id in finding_ids:
        finding = shelf.load(desk.store, Finding, finding_id)[0]
        region = finding.latest.verdict.region
        if not in_scope(actor, region.code if region else None):
            raise NotAllowed("该线索不在您的辖区")
        if finding.status != "confirmed":
            raise BadInput(f"线索 {finding_id} 尚未人工确认，请先复核")
