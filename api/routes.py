"""JSON routes: they parse and call. Changes need the header X-CSRF-Token."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse

from api import auth, batch, exporting, schemas
from api.auth import HeaderChecked, SignedIn, TheDesk, TheSessions, Visitor
from api.filters import Filters
from api.parameters import only_known
from casework import files, review, runs
from casework.orders import Wish
from core.model import Evidence, Finding

router = APIRouter(prefix="/api", responses=schemas.PROBLEMS, dependencies=[Depends(only_known)])


def _session(visitor: Visitor) -> schemas.Session:
    officer = visitor.officer
    return schemas.Session(
        account=officer.id,
        name=officer.name,
        role=officer.role,
        region=officer.region,
        reason=visitor.reason,
        csrf_token=visitor.token,
    )


@router.post("/session", summary="登录")
def sign_in(
    body: schemas.SignIn, request: Request, response: Response, sessions: TheSessions
) -> schemas.Session:
    """Sign in; the answer sets the session cookie."""
    place = request.client.host if request.client else ""
    visitor = sessions.sign_in(body.account, body.password, place)
    sessions.give(request, response, visitor)
    return _session(visitor)


@router.get("/session", summary="当前登录人")
def session(visitor: SignedIn) -> schemas.Session:
    """Who is signed in."""
    return _session(visitor)


@router.delete("/session", status_code=204, summary="退出", dependencies=[Depends(auth.header_checked)])
def sign_out(response: Response) -> None:
    """Forget the session."""
    response.delete_cookie(auth.COOKIE)


@router.put("/session/reason", summary="填写查看联系方式的理由")
def state_reason(
    body: schemas.StatedReason, request: Request, response: Response, sessions: TheSessions,
    visitor: HeaderChecked,
) -> schemas.Session:  # fmt: skip
    """State why contacts are looked at; holds for an hour, each viewing is recorded with it."""
    stated = auth.with_reason(visitor, body.reason)
    sessions.give(request, response, stated)
    return _session(stated)


@router.get("/findings", summary="检索线索")
def search(desk: TheDesk, visitor: SignedIn, filters: Annotated[Filters, Depends()]) -> schemas.FindingPage:
    """Findings, contacts masked, and how many there are of each value of the other filters."""
    page = review.search(desk, visitor.actor, filters.query(desk.catalog.violations.values()))
    return schemas.FindingPage(
        findings=[item for item in page.records if isinstance(item, Finding)],
        total=page.total,
        capped=page.capped,
        cursor=page.cursor,
        statuses=page.facets.get("status", {}),
        facets=page.facets,
        periods=page.periods,
    )


@router.get("/findings/{finding_id}", summary="查看线索")
def finding(finding_id: str, desk: TheDesk, visitor: SignedIn) -> Finding:
    """One finding; the viewing is recorded. Contacts are open after a reason was stated."""
    return review.open_finding(desk, visitor.actor, finding_id)


@router.get("/findings/{finding_id}/evidence", summary="证据清单")
def evidence(finding_id: str, desk: TheDesk, visitor: SignedIn) -> list[Evidence]:
    """What is kept: digests, sizes, and what is missing and why. The viewing is recorded."""
    return files.listed(desk, visitor.actor, review.open_finding(desk, visitor.actor, finding_id))


@router.post("/findings/{finding_id}/decisions", summary="确认或驳回")
def decide(finding_id: str, body: schemas.DecisionBody, desk: TheDesk, visitor: HeaderChecked) -> Finding:
    """Confirm or reject the version named; a confirmation may say which violations it shows."""
    return review.decide(
        desk, visitor.actor, finding_id, body.outcome, body.reason, body.content_digest, body.codes
    )


@router.post("/decisions", summary="批量确认或驳回")
def decide_all(body: schemas.BatchBody, desk: TheDesk, visitor: HeaderChecked) -> list[schemas.BatchAnswer]:
    """One decision on several findings, each by itself: the answers say which did not work, and why."""
    marks = [batch.Mark(item.finding_id, item.content_digest) for item in body.findings]
    answers = batch.decide(desk, visitor.actor, marks, body.outcome, body.reason)
    return [schemas.BatchAnswer(finding_id=item.finding_id, problem=item.problem) for item in answers]


@router.post("/exports", status_code=202, summary="制作证据包")
def export(
    body: schemas.ExportBody, request: Request, desk: TheDesk, visitor: HeaderChecked
) -> schemas.Export:
    """Ask for a ZIP of findings or of a case. It is checked and made in the background: ask for its state.

    A fatal flaw stops it; `anyway` makes it all the same.
    """
    wish = Wish(tuple(body.finding_ids), body.case_id or "", body.receiver, body.reason, body.anyway)
    return schemas.export_of(exporting.ask(request.app, desk, visitor, wish))


@router.get("/exports/{name}/state", summary="证据包进度")
def export_state(name: str, desk: TheDesk, visitor: SignedIn) -> schemas.Export:
    """How it stands, its flaws, and once it is ready, its digest; kept for an hour for whoever asked for it."""
    return schemas.export_of(exporting.find(desk, visitor, name))


@router.get("/exports/{name}", summary="下载证据包", response_class=FileResponse)
def bundle(name: str, desk: TheDesk, visitor: SignedIn) -> FileResponse:
    """The ZIP; its SHA-256 is in the header X-SHA256. 409 while it is being made."""
    job, file = exporting.file_of(desk, visitor, name)
    headers = {"X-SHA256": job.digest}
    return FileResponse(file, media_type="application/zip", filename=job.filename, headers=headers)


@router.get("/runs", summary="巡查记录", dependencies=[Depends(auth.signed_in)])
def list_runs(desk: TheDesk, cursor: str = "") -> schemas.RunPage:
    """Runs, newest first."""
    found, following = runs.recent(desk, cursor or None)
    return schemas.RunPage(runs=found, cursor=following)
