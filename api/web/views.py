"""Pages: they call the same casework functions as the JSON routes."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from api import auth, exporting
from api.auth import FormChecked, SignedIn, TheDesk, TheSessions
from api.filters import Filters
from api.web.render import page
from casework import files, review, runs
from core.errors import BadInput, NotAllowed, NotFound
from core.mask import may_decide, may_unmask
from store.base import Page

router = APIRouter(include_in_schema=False)
EMPTY = Page(records=(), versions=(), total=0, capped=False, cursor=None, facets={})


def _go(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303)


def _inside(address: str) -> str:
    """Only addresses of this site: "//evil" and "\\\\evil" would leave it."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if plain else "/findings"


@router.get("/")
def start() -> RedirectResponse:
    """The list is where work begins."""
    return _go("/findings")


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "/findings") -> HTMLResponse:  # noqa: A002 - the field's name
    """The sign-in form."""
    return page(request, "sign_in.html", next=_inside(next), problem="", account="")


@router.post("/sign-in", response_model=None)
def sign_in(
    request: Request, sessions: TheSessions, account: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "", next: Annotated[str, Form()] = "/findings",  # noqa: A002
) -> HTMLResponse | RedirectResponse:  # fmt: skip
    """Sign in, or say what is wrong on the same form."""
    place = request.client.host if request.client else ""
    try:
        visitor = sessions.sign_in(account.strip(), password, place)
    except NotAllowed as error:
        problem = str(error)
        return page(request, "sign_in.html", None, 403, next=_inside(next), problem=problem, account=account)
    answer = _go(_inside(next))
    sessions.give(request, answer, visitor)
    return answer


@router.post("/sign-out", dependencies=[Depends(auth.form_checked)])
def sign_out() -> RedirectResponse:
    """Forget the session."""
    answer = _go("/sign-in")
    answer.delete_cookie(auth.COOKIE)
    return answer


@router.get("/findings")
def findings(
    request: Request, desk: TheDesk, visitor: SignedIn, filters: Annotated[Filters, Depends()]
) -> HTMLResponse:
    """Search. A slip in a filter is said above the form, which keeps what was typed."""
    problem, found = "", EMPTY
    try:
        found = review.search(desk, visitor.actor, filters.query())
    except (BadInput, NotFound, NotAllowed) as error:
        problem = str(error)
    status = 400 if problem else 200
    return page(
        request, "findings.html", visitor, status, filters=filters, found=found, problem=problem,
        may_export=may_decide(visitor.actor),
    )  # fmt: skip


@router.get("/queue")
def queue() -> RedirectResponse:
    """What the machine is unsure of, longest waiting first."""
    return _go("/findings?status=unsure&order=oldest")


@router.get("/findings/{finding_id}")
def finding(
    request: Request, finding_id: str, desk: TheDesk, visitor: SignedIn, q: str = "", done: bool = False
) -> HTMLResponse:
    """One finding."""
    shown = review.open_finding(desk, visitor.actor, finding_id)
    return page(
        request, "finding.html", visitor, finding=shown, evidence=files.evidence_of(desk, shown), q=q,
        done=done, unmasked=may_unmask(visitor.actor), may_decide=may_decide(visitor.actor),
        source=desk.catalog.sources.get(shown.source_id),
    )  # fmt: skip


@router.post("/findings/{finding_id}/decision")
def decide(
    finding_id: str, desk: TheDesk, visitor: FormChecked, outcome: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "", content_digest: Annotated[str, Form()] = "",
) -> RedirectResponse:  # fmt: skip
    """Confirm or reject what the officer had before him."""
    review.decide(desk, visitor.actor, finding_id, _outcome(outcome), reason, content_digest)
    return _go(f"/findings/{finding_id}?done=1")


def _outcome(text: str) -> Literal["confirmed", "rejected"]:
    if text == "confirmed":
        return "confirmed"
    if text == "rejected":
        return "rejected"
    raise BadInput("请选择确认或驳回")


@router.post("/reason")
def state_reason(
    request: Request, sessions: TheSessions, visitor: FormChecked, reason: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/findings",  # noqa: A002
) -> RedirectResponse:  # fmt: skip
    """State why contacts are looked at, for an hour; empty closes them."""
    answer = _go(_inside(next))
    sessions.give(request, answer, auth.with_reason(visitor, reason))
    return answer


@router.post("/export")
def export(
    desk: TheDesk, visitor: FormChecked, finding_id: Annotated[list[str] | None, Form()] = None,
    reason: Annotated[str, Form()] = "",
) -> FileResponse:  # fmt: skip
    """A bundle of the chosen findings."""
    return exporting.bundle(desk, visitor, finding_id or [], None, reason)


@router.get("/runs")
def list_runs(request: Request, desk: TheDesk, visitor: SignedIn, cursor: str = "") -> HTMLResponse:
    """How the patrols went."""
    found, following = runs.recent(desk, cursor or None)
    return page(request, "runs.html", visitor, runs=found, cursor=following, sources=desk.catalog.sources)
