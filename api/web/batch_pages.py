"""Several findings at once: read them all on one page, then decide with one reason."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api import batch
from api.auth import FormChecked, SignedIn, TheDesk, Visitor
from api.plain import said
from api.web.finding_pages import USUAL, chosen, joined
from api.web.going import list_address
from api.web.render import page
from casework import review
from casework.desk import Desk
from core.errors import BadInput
from core.model import Finding

router = APIRouter()


def opened(desk: Desk, visitor: Visitor, finding_ids: list[str]) -> list[Finding]:
    """Each chosen finding, opened and audited as if by itself. Raises BadInput for none or too many."""
    wanted = list(dict.fromkeys(finding_ids))
    if not wanted:
        raise BadInput("还没有选择线索，请回到列表勾选后再办。")
    if len(wanted) > batch.LIMIT:
        raise BadInput(f"一次最多 {batch.LIMIT} 条，请分批办理。")
    return [review.open_finding(desk, visitor.actor, name) for name in wanted]


@router.get("/batch")
def batch_page(
    request: Request, desk: TheDesk, visitor: SignedIn, do: str = "", back: str = "",
    finding_id: Annotated[list[str] | None, Query()] = None,
) -> HTMLResponse:  # fmt: skip
    """The chosen findings in full, before anything is decided."""
    outcome = chosen(do)
    findings = opened(desk, visitor, finding_id or [])
    return _page(request, visitor, findings, outcome, back)


@router.post("/batch", response_model=None)
def decide_all(
    request: Request, desk: TheDesk, visitor: FormChecked, outcome: Annotated[str, Form()] = "",
    mark: Annotated[list[str] | None, Form()] = None, usual: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "",
) -> HTMLResponse | RedirectResponse:  # fmt: skip
    """Decide each, then lead on to what was done and what was not."""
    marks = [batch.read_mark(text) for text in mark or []]
    wanted = chosen(outcome)
    try:
        answers = batch.decide(desk, visitor.actor, marks, wanted, joined(usual, reason))
    except BadInput as error:
        findings = opened(desk, visitor, [item.finding_id for item in marks])
        return _page(request, visitor, findings, wanted, back, 400, said(error), reason)
    fields: list[tuple[str, str]] = [("outcome", wanted), *([("back", back)] if back else [])]
    fields += [("failed" if answer.problem else "done", answer.finding_id) for answer in answers]
    return RedirectResponse(f"/batch/done?{urlencode(fields)}", status_code=303)


@router.get("/batch/done")
def batch_done(
    request: Request, visitor: SignedIn, outcome: str = "", back: str = "", done: Annotated[list[str] | None, Query()] = None,
    failed: Annotated[list[str] | None, Query()] = None,
) -> HTMLResponse:  # fmt: skip
    """What was decided, and what can be done with it next."""
    facts = {
        "outcome": chosen(outcome),
        "done": done or [],
        "failed": failed or [],
        "back": back,
        "list_address": list_address(back),
    }
    return page(request, "batch_done.html", facts, visitor)


def _page(
    request: Request, visitor: Visitor, findings: list[Finding], outcome: str, back: str,
    status: int = 200, problem: str = "", typed: str = "",
) -> HTMLResponse:  # fmt: skip
    group = "确认时常用" if outcome == "confirmed" else "驳回时常用"
    facts = {
        "findings": findings, "outcome": outcome, "problem": problem, "typed": typed, "usual": USUAL[group],
        "back": back, "list_address": list_address(back),
    }  # fmt: skip
    return page(request, "batch.html", facts, visitor, status)
