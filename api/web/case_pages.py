"""Cases: the list, a new one from chosen findings, and one case with its findings, notes and history."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.auth import FormChecked, SignedIn, TheDesk, Visitor
from api.plain import said
from api.web import hold_pages
from api.web.batch_pages import opened
from api.web.going import go, list_address
from api.web.render import page, people
from casework import cases, dossiers
from casework.desk import Desk
from casework.labels import CASE_STATES
from core.errors import BadInput
from core.model import AuditEntry, Finding

router = APIRouter()


@router.get("/cases")
def list_cases(
    request: Request, desk: TheDesk, visitor: SignedIn, q: Annotated[str, Query(max_length=100)] = "",
    state: str = "", cursor: str = "",
) -> HTMLResponse:  # fmt: skip
    """The cases this officer may see, newest first."""
    if state and state not in CASE_STATES:
        raise BadInput("没有这种状态")
    found, following = dossiers.listed(desk, visitor.actor, q, state, cursor or None)
    names = people(desk, (case.owner for case in found))
    facts = {"cases": found, "cursor": following, "q": q, "state": state, "names": names, "first": not cursor}
    return page(request, "cases.html", facts, visitor)


@router.get("/cases/new")
def new_case(
    request: Request,
    desk: TheDesk,
    visitor: SignedIn,
    finding_id: Annotated[list[str] | None, Query()] = None,
    back: str = "",
) -> HTMLResponse:
    """The chosen findings, and into which case they go."""
    return _form(request, desk, visitor, opened(desk, visitor, finding_id or []), back=back)


@router.post("/cases", response_model=None)
def open_case(
    request: Request, desk: TheDesk, visitor: FormChecked, title: Annotated[str, Form()] = "",
    case_id: Annotated[str, Form()] = "", finding_id: Annotated[list[str] | None, Form()] = None,
    back: Annotated[str, Form()] = "",
) -> HTMLResponse | RedirectResponse:  # fmt: skip
    """A new case, or more findings for the one chosen."""
    chosen = tuple(finding_id or ())
    try:
        if case_id:
            case = cases.add_findings(desk, visitor.actor, case_id, chosen)
        else:
            case = cases.open_case(desk, visitor.actor, title, chosen)
    except BadInput as error:
        findings = opened(desk, visitor, list(chosen))
        return _form(request, desk, visitor, findings, said(error), title, back)
    return go(f"/cases/{case.id}", done="added" if case_id else "opened")


@router.get("/cases/{case_id}")
def case_page(
    request: Request, case_id: str, desk: TheDesk, visitor: SignedIn, done: str = ""
) -> HTMLResponse:
    """One case."""
    return _case(request, desk, visitor, case_id, done=done)


@router.post("/cases/{case_id}/{change}", response_model=None)
def change_case(
    request: Request, case_id: str, change: str, desk: TheDesk, visitor: FormChecked,
    words: Annotated[str, Form()] = "", finding_id: Annotated[str, Form()] = "",
) -> HTMLResponse | RedirectResponse:  # fmt: skip
    """Note, removal, closing, opening again; `words` is the note or the reason."""
    actor = visitor.actor
    try:
        if change == "note":
            cases.add_note(desk, actor, case_id, words)
        elif change == "remove":
            cases.remove_finding(desk, actor, case_id, finding_id, words)
        elif change == "close":
            cases.close_case(desk, actor.model_copy(update={"reason": ""}), case_id, words)
        elif change == "reopen":
            cases.reopen_case(desk, actor, case_id, words)
        else:
            raise BadInput("没有这种操作")
    except BadInput as error:
        return _case(request, desk, visitor, case_id, problem=said(error), status=400)
    return go(f"/cases/{case_id}", done=change)


def _form(
    request: Request,
    desk: Desk,
    visitor: Visitor,
    findings: list[Finding],
    problem: str = "",
    title: str = "",
    back: str = "",
) -> HTMLResponse:
    """Only confirmed findings may go into a case; the others are shown with the way to their decision."""
    ready = [finding for finding in findings if finding.status == "confirmed"]
    open_cases = dossiers.listed(desk, visitor.actor, state="open")[0]
    facts = {
        "ready": ready, "unready": [finding for finding in findings if finding not in ready],
        "open_cases": open_cases, "problem": problem, "typed": title, "back": back,
        "list_address": list_address(back),
    }  # fmt: skip
    return page(request, "case_new.html", facts, visitor, 400 if problem else 200)


def _case(
    request: Request, desk: Desk, visitor: Visitor, case_id: str, *, done: str = "", problem: str = "",
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    dossier = dossiers.read(desk, visitor.actor, case_id)
    entries = dossiers.history(desk, visitor.actor, case_id)
    names = people(desk, {dossier.case.owner, *(entry.officer for entry in entries)})
    facts = {
        "dossier": dossier, "case": dossier.case, "entries": entries, "names": names, "done": done,
        "problem": problem, "lost_notes": _unaudited(dossier.case.notes, entries),
        **hold_pages.shown(desk, visitor, "case", case_id, []),
    }  # fmt: skip
    return page(request, "case.html", facts, visitor, status)


def _unaudited(notes: tuple[str, ...], entries: list[AuditEntry]) -> list[str]:
    """Notes whose entry a crash left out, or that are older than the entries shown: none is ever unseen."""
    told = {entry.reason for entry in entries if entry.action == "note_case"}
    return [note for note in notes if note not in told]
