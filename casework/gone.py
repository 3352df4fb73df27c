"""What was deleted when its term of keeping ended, told wherever somebody asks for it."""

from __future__ import annotations

from typing import Any

from casework.desk import Desk
from core.model import AuditEntry
from evidence.deletion import deletion
from store.base import Query

GONE = "已按保存期限规定删除"


def deleted_note(desk: Desk, target: str) -> str:
    """That, when and why a finding or case (`finding:<id>`) was deleted by rule; "" when it was not."""
    page = desk.store.search("audit", Query(where={"target": (target,), "action": ("delete",)}, limit=1))
    entry = next((one for one in page.records if isinstance(one, AuditEntry)), None)
    return f"{GONE}（{entry.at.date().isoformat()}；{entry.reason}）" if entry else ""


def deleted_evidence(desk: Desk, evidence_id: str) -> str:
    """The same of one piece of evidence, by its custody; "" while it stands. Raises EvidenceBroken, Unavailable."""
    entry: dict[str, Any] | None = deletion(desk.vault, evidence_id)
    if entry is None:
        return ""
    return f"{GONE}（{str(entry['at'])[:10]}；{entry.get('title', '')}；{entry.get('basis', '')}）"
