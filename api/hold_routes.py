"""JSON routes for legal holds. Changes need the header X-CSRF-Token."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from api import schemas
from api.auth import HeaderChecked, SignedIn, TheDesk
from api.parameters import only_known
from casework import holds
from core.model import Hold

router = APIRouter(prefix="/api/holds", responses=schemas.PROBLEMS, dependencies=[Depends(only_known)])


@router.get("", summary="法律留存列表")
def list_holds(desk: TheDesk, visitor: SignedIn) -> list[Hold]:
    """What must be kept now, as far as the caller may see it, newest first."""
    return holds.seen(desk, visitor.actor)


@router.post("/{kind}/{target}", summary="设置法律留存")
def hold(kind: holds.Kind, target: str, body: schemas.Words, desk: TheDesk, visitor: HeaderChecked) -> Hold:
    """Keep a finding or case whatever its term, with a reason."""
    return holds.hold(desk, visitor.actor, kind, target, body.words)


@router.post("/{kind}/{target}/release", summary="解除法律留存")
def release(
    kind: holds.Kind, target: str, body: schemas.Words, desk: TheDesk, visitor: HeaderChecked
) -> Hold:
    """Let its term count again, with a reason."""
    return holds.release(desk, visitor.actor, kind, target, body.words)
