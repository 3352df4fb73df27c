"""A bundle made for one download and removed after it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from api.auth import Visitor
from casework import export, officers
from casework.desk import Desk


def bundle(
    desk: Desk, visitor: Visitor, finding_ids: list[str], case_id: str | None, reason: str
) -> FileResponse:
    """The download; raises what `casework.export.export` raises."""
    folder = tempfile.TemporaryDirectory(dir=desk.settings.data, prefix="export-")
    try:
        output = Path(folder.name) / "bundle.zip"
        actor = officers.actor_of(visitor.officer, reason)
        digest = export.export(desk, actor, finding_ids, output, case_id)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        output,
        media_type="application/zip",
        filename=f"wangxun-{digest[:12]}.zip",
        headers={"X-SHA256": digest},
        background=BackgroundTask(folder.cleanup),
    )
