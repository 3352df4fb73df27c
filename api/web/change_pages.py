"""How a post changed, two of its states side by side; and trying again what a look could not get."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.auth import FormChecked, SignedIn, TheDesk
from api.web.going import go
from api.web.render import local, page
from casework import changes, retakes
from casework.changes import State
from core.mask import may_unmask

router = APIRouter()


@router.get("/findings/{finding_id}/changes")
def compared(
    request: Request, finding_id: str, desk: TheDesk, visitor: SignedIn,
    left: Annotated[str, Query(max_length=20)] = "", right: Annotated[str, Query(max_length=20)] = "", back: str = "",
) -> HTMLResponse:  # fmt: skip
    """Two states of a post; without a choice the last one and the one before."""
    found = changes.compare(desk, visitor.actor, finding_id, left, right)
    facts = {
        "finding": found.finding, "found": found, "unmasked": may_unmask(visitor.actor), "named": named, "back": back,
        "sides": ((found.left, found.left_text, "removed"), (found.right, found.right_text, "added")),
    }  # fmt: skip
    return page(request, "changes.html", facts, visitor)


@router.post("/findings/{finding_id}/retake")
def retake(
    finding_id: str, desk: TheDesk, visitor: FormChecked, back: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Plan the run that tries again what is lacking."""
    retakes.ask(desk, visitor.actor, finding_id)
    return go(f"/findings/{finding_id}", done="retake", back=back)


def named(state: State) -> str:
    """A state in a few words."""
    if state.absence:
        return f"{local(state.at)} 页面不在"
    return f"{local(state.at)} 第 {state.number} 版" + (
        "（再次截图）" if not state.key.endswith(".1") else ""
    )
