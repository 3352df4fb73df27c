"""Legal hold, set and lifted on the page of its finding or case."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse

from api.auth import FormChecked, TheDesk, Visitor
from api.web.going import go
from casework import holds
from casework.desk import Desk
from core.errors import BadInput
from core.model import Case, HoldChange

router = APIRouter()


@router.post("/holds")
def change_hold(
    desk: TheDesk, visitor: FormChecked, name: Annotated[str, Form()] = "", do: Annotated[str, Form()] = "",
    words: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "",
) -> RedirectResponse:  # fmt: skip
    """`name` is finding:ID or case:ID, `do` hold or release, `words` the reason; leads back to the page, which `back` belongs to."""
    kind, target = holds.split(name)
    if do == "hold":
        holds.hold(desk, visitor.actor, kind, target, words)
    elif do == "release":
        holds.release(desk, visitor.actor, kind, target, words)
    else:
        raise BadInput("没有这种操作")
    return go(f"/{kind}s/{target}", back=back)


def shown(
    desk: Desk, visitor: Visitor, kind: holds.Kind, target: str, cases: list[Case]
) -> dict[str, object]:
    """What a page says of the hold: the one on it, the cases that hold it, and whether this officer may change it."""
    own = holds.of(desk, kind, target)
    newest: HoldChange | None = holds.as_told(visitor.actor, own).changes[-1] if own else None
    held_by = [case for case in cases if holds.of(desk, "case", case.id)]
    return {
        "hold_name": f"{kind}:{target}",
        "hold": newest,
        "held_by": held_by,
        "may_hold": holds.may_hold(visitor.actor),
    }
