"""How the patrols went."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.auth import SignedIn, TheDesk
from api.web.render import page
from casework import runs

router = APIRouter()


@router.get("/runs")
def list_runs(request: Request, desk: TheDesk, visitor: SignedIn, cursor: str = "") -> HTMLResponse:
    """Runs, newest first."""
    found, following = runs.recent(desk, cursor or None)
    facts = {
        "runs": found,
        "died": runs.died(desk, found),  # nobody sweeps where no patrol runs, and 进行中 would stand for ever
        "cursor": following,
        "first": not cursor,
        "sources": desk.catalog.sources,
    }
    return page(request, "runs.html", facts, visitor)
