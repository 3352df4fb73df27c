"""Kept files of a finding: pictures to look at, everything else only to save."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api.auth import SignedIn, TheDesk
from api.security import FILE_POLICY
from casework import files

router = APIRouter(include_in_schema=False)
# Pictures a browser draws without running anything; SVG may carry script and is not among them.
DRAWN = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})


@router.get("/findings/{finding_id}/files/{digest}")
def file(finding_id: str, digest: str, desk: TheDesk, visitor: SignedIn, save: bool = False) -> Response:
    """One kept file. Captured pages never come as anything a browser would draw."""
    item, content = files.read_file(desk, visitor.actor, finding_id, digest, save=save)
    drawn = item.media_type in DRAWN and not save
    name = f"{item.role}-{digest[:12]}"
    headers = {
        "Content-Security-Policy": FILE_POLICY,
        "Content-Disposition": "inline" if drawn else f'attachment; filename="{name}"',
    }
    media_type = item.media_type if drawn else "application/octet-stream"
    return Response(content, media_type=media_type, headers=headers)
