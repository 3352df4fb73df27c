"""The list of findings, the queue of unsure ones, and the way from one to the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api import facets, neighbours
from api.auth import SignedIn, TheDesk, Visitor
from api.filters import ORDERS, PERIOD_NAMES, SEVERITIES, Filters
from api.plain import said
from api.web.going import go
from api.web.render import page
from casework import review
from casework.desk import Desk
from casework.labels import STATUSES
from core.errors import BadInput, NotAllowed, NotFound
from store.base import Page

router = APIRouter()
EMPTY = Page(records=(), versions=(), total=0, capped=False, cursor=None, facets={})


@router.get("/findings")
def findings(
    request: Request, desk: TheDesk, visitor: SignedIn, filters: Annotated[Filters, Depends()]
) -> HTMLResponse:
    """Search. A slip in a filter is said above the list, and the form keeps what was typed."""
    return _list(request, desk, visitor, filters, "findings.html")


@router.get("/queue")
def queue(request: Request, desk: TheDesk, visitor: SignedIn, cursor: str = "") -> HTMLResponse:
    """What the machine is unsure of, longest waiting first."""
    filters = Filters(status="unsure", order="oldest", cursor=cursor)
    return _list(request, desk, visitor, filters, "queue.html")


@router.get("/next")
def next_one(
    desk: TheDesk,
    visitor: SignedIn,
    status: str,
    after: str = "",
    since: datetime | None = None,
    back: str = "",
) -> RedirectResponse:
    """The next finding of that status; the list when none is left. `back`: the list that the errand began at."""
    if status not in STATUSES:
        raise BadInput("没有这种状态")
    found = neighbours.following(desk, visitor.actor, status, after, since)
    if found is None:
        return go("/queue") if status == "unsure" else go("/findings", status=status)
    return go(f"/findings/{found}", back=back)


def _list(request: Request, desk: Desk, visitor: Visitor, filters: Filters, template: str) -> HTMLResponse:
    problem, found, narrow = "", EMPTY, filters
    try:
        found = review.search(desk, visitor.actor, filters.query(desk.catalog.violations.values()))
        groups = facets.groups(desk, visitor.actor, filters, found.facets)
    except (BadInput, NotFound, NotAllowed) as error:
        problem, narrow = said(error), Filters()  # a slip leaves a way on: what could be chosen without it
        groups = _unfiltered(desk, visitor)
    facts = {
        "filters": filters, "narrow": narrow, "found": found, "problem": problem, "groups": groups,
        "back": filters.address(cursor=filters.cursor), "orders": ORDERS, "severities": SEVERITIES, "period_names": PERIOD_NAMES,
    }  # fmt: skip
    return page(request, template, facts, visitor, 400 if problem else 200)


def _unfiltered(desk: Desk, visitor: Visitor) -> list[facets.Group]:
    everything = Filters()
    query = replace(everything.query(()), limit=1)
    return facets.groups(desk, visitor.actor, everything, review.search(desk, visitor.actor, query).facets)
