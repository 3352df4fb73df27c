"""Handing over: who gets it and what for, then the bundle with its digest, kept for an hour."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from api import exporting
from api.auth import FormChecked, SignedIn, TheDesk, Visitor
from api.plain import in_words, said
from api.web.batch_pages import opened
from api.web.going import go, list_address
from api.web.render import page
from casework import dossiers
from casework.desk import Desk
from casework.orders import Wish
from core.errors import BadInput, NotAllowed
from core.mask import may_decide

router = APIRouter()
# Departments of the coordination plans; any other may be typed.
RECEIVERS = (
    "教育局", "市场监督管理局", "网信办", "公安局", "人力资源和社会保障局", "民政局", "文化和旅游局", "体育局",
    "科技局", "住房和城乡建设局", "消防救援大队", "街道办事处（镇政府）", "“双减”工作专班",
)  # fmt: skip


@router.get("/export")
def export_page(
    request: Request, desk: TheDesk, visitor: SignedIn, case_id: str = "",
    finding_id: Annotated[list[str] | None, Query()] = None, back: str = "",
) -> HTMLResponse:  # fmt: skip
    """What will go out, before it does."""
    wish = Wish(tuple(finding_id or ()), case_id, "", visitor.reason)
    return _form(request, desk, visitor, wish, back=back)


@router.post("/export", response_model=None)
def export(
    request: Request, desk: TheDesk, visitor: FormChecked, case_id: Annotated[str, Form()] = "",
    finding_id: Annotated[list[str] | None, Form()] = None, receiver: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "", anyway: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "",
) -> HTMLResponse | RedirectResponse:  # fmt: skip
    """Ask for the bundle and lead on to its page."""
    wish = Wish(tuple(finding_id or ()), case_id, receiver, reason, bool(anyway))
    try:
        job = exporting.ask(request.app, desk, visitor, wish)
    except BadInput as error:
        return _form(request, desk, visitor, wish, said(error), back)
    return go(f"/exports/{job.name}")


@router.get("/exports/{name}")
def ready_page(request: Request, name: str, desk: TheDesk, visitor: SignedIn) -> HTMLResponse:
    """How far it is; once made: digest, size, receiver, flaws, and where to get it; or why it was not made."""
    job = exporting.find(desk, visitor, name)
    template = (
        "export_done.html" if job.ready else ("export_stopped.html" if job.ended else "export_going.html")
    )
    return page(request, template, {"job": job, "problem": in_words(job.problem)}, visitor)


@router.get("/exports/{name}/file")
def ready_file(name: str, desk: TheDesk, visitor: SignedIn) -> FileResponse:
    """The bundle itself; again after a broken download, within its hour."""
    job, file = exporting.file_of(desk, visitor, name)
    headers = {"X-SHA256": job.digest}
    return FileResponse(file, media_type="application/zip", filename=job.filename, headers=headers)


def _form(
    request: Request, desk: Desk, visitor: Visitor, wish: Wish, problem: str = "", back: str = ""
) -> HTMLResponse:
    if not may_decide(visitor.actor):
        raise NotAllowed("您的账号不能导出证据")
    dossier = dossiers.read(desk, visitor.actor, wish.case_id) if wish.case_id else None
    findings = dossier.findings if dossier else opened(desk, visitor, list(wish.finding_ids))
    facts = {
        "wish": wish, "findings": findings, "case": dossier.case if dossier else None, "problem": problem,
        "hidden": dossier.hidden if dossier else 0, "receivers": RECEIVERS,
        "back": back, "list_address": list_address(back),
    }  # fmt: skip
    return page(request, "export.html", facts, visitor, 400 if problem else 200)
