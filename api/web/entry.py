"""Signing in and out, and stating why contacts are looked at."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api import auth
from api.auth import FormChecked, TheSessions
from api.security import inside
from api.web.going import go
from api.web.render import page
from core.errors import NotAllowed

router = APIRouter()


@router.get("/")
def start() -> RedirectResponse:
    """The list is where work begins."""
    return go("/findings")


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "/findings") -> HTMLResponse:  # noqa: A002 - the field's name
    """The sign-in form."""
    return page(request, "sign_in.html", {"next": inside(next), "problem": "", "account": ""})


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
        facts = {"next": inside(next), "problem": str(error), "account": account}
        return page(request, "sign_in.html", facts, None, 403)
    answer = go(inside(next))
    sessions.give(request, answer, visitor)
    return answer


@router.post("/sign-out", dependencies=[Depends(auth.form_checked)])
def sign_out() -> RedirectResponse:
    """Forget the session."""
    answer = go("/sign-in")
    answer.delete_cookie(auth.COOKIE)
    return answer


@router.post("/reason")
def state_reason(
    request: Request, sessions: TheSessions, visitor: FormChecked, reason: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/findings",  # noqa: A002
) -> RedirectResponse:  # fmt: skip
    """State why contacts are looked at, for an hour; empty closes them."""
    answer = go(inside(next))
    sessions.give(request, answer, auth.with_reason(visitor, reason))
    return answer
