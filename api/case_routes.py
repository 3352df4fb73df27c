"""JSON routes for cases. Changes need the header X-CSRF-Token."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from api import schemas
from api.auth import HeaderChecked, SignedIn, TheDesk
from api.parameters import only_known
from casework import cases, dossiers
from core.model import Case

router = APIRouter(prefix="/api/cases", responses=schemas.PROBLEMS, dependencies=[Depends(only_known)])


@router.get("", summary="案件列表")
def list_cases(
    desk: TheDesk, visitor: SignedIn, q: str = "", state: str = "", cursor: str = ""
) -> schemas.CasePage:
    """Cases that the caller may see, newest first."""
    found, following = dossiers.listed(desk, visitor.actor, q, state, cursor or None)
    return schemas.CasePage(cases=found, cursor=following)


@router.post("", status_code=201, summary="新建案件")
def open_case(body: schemas.NewCase, desk: TheDesk, visitor: HeaderChecked) -> Case:
    """A case about confirmed findings."""
    return cases.open_case(desk, visitor.actor, body.title, tuple(body.finding_ids))


@router.get("/{case_id}", summary="查看案件")
def case(case_id: str, desk: TheDesk, visitor: SignedIn) -> schemas.CaseAnswer:
    """One case and its findings; the viewing is recorded."""
    dossier = dossiers.read(desk, visitor.actor, case_id)
    return schemas.CaseAnswer(case=dossier.case, findings=list(dossier.findings), hidden=dossier.hidden)


@router.post("/{case_id}/findings", summary="归入线索")
def add_findings(case_id: str, body: schemas.Chosen, desk: TheDesk, visitor: HeaderChecked) -> Case:
    """More confirmed findings for an open case."""
    return cases.add_findings(desk, visitor.actor, case_id, tuple(body.finding_ids))


@router.post("/{case_id}/findings/{finding_id}/removal", summary="移出线索")
def remove_finding(
    case_id: str, finding_id: str, body: schemas.Words, desk: TheDesk, visitor: HeaderChecked
) -> Case:
    """Take a finding out of an open case, with a reason; the last one stays."""
    return cases.remove_finding(desk, visitor.actor, case_id, finding_id, body.words)


@router.post("/{case_id}/notes", summary="添加备注")
def add_note(case_id: str, body: schemas.Words, desk: TheDesk, visitor: HeaderChecked) -> Case:
    """A note to an open case."""
    return cases.add_note(desk, visitor.actor, case_id, body.words)


@router.post("/{case_id}/closing", summary="结案")
def close_case(case_id: str, body: schemas.Words, desk: TheDesk, visitor: HeaderChecked) -> Case:
    """Close the case, with a reason."""
    actor = visitor.actor.model_copy(update={"reason": ""})  # the reason for a look is none for a closing
    return cases.close_case(desk, actor, case_id, body.words)


@router.post("/{case_id}/opening", summary="重开案件")
def reopen_case(case_id: str, body: schemas.Words, desk: TheDesk, visitor: HeaderChecked) -> Case:
    """Open a closed case again, with a reason."""
    return cases.reopen_case(desk, visitor.actor, case_id, body.words)
