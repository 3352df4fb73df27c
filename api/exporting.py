"""Bundles for handing over: made once, kept for an hour for the one who asked, then removed."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.auth import Visitor
from casework import cases, dossiers, export, officers
from casework.desk import Desk
from core.errors import BadInput, NotFound

# A bundle holds contacts in clear: long enough for a slow or broken download, not for a forgotten copy.
KEEP = timedelta(hours=1)
RECEIVER_LENGTH = 100  # characters: a department's full name
NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Wish:
    """What is to be exported, to whom and what for. A case brings its own findings."""

    finding_ids: tuple[str, ...]
    case_id: str
    receiver: str
    reason: str

    def stated(self) -> str:
        """The reason as audit and custody keep it. Raises BadInput when a part is missing."""
        receiver, reason = self.receiver.strip(), self.reason.strip()
        if not receiver:
            raise BadInput("请填写接收单位")
        if not reason:
            raise BadInput("请填写导出理由")
        if len(receiver) > RECEIVER_LENGTH:
            raise BadInput(f"接收单位请不超过 {RECEIVER_LENGTH} 字")
        return f"移交{receiver}：{reason}"


@dataclass(frozen=True)
class Ready:
    """A bundle that waits for its download; times are seconds since 1970, size in bytes."""

    name: str
    officer: str
    digest: str
    size: int
    findings: int
    receiver: str
    reason: str
    made: float

    @property
    def made_at(self) -> datetime:
        """When it was made."""
        return datetime.fromtimestamp(self.made, UTC)

    @property
    def until(self) -> datetime:
        """When it is removed."""
        return self.made_at + KEEP

    @property
    def filename(self) -> str:
        """The name under which it is saved; the beginning of its digest tells bundles apart."""
        return f"wangxun-{self.digest[:12]}.zip"


def make(desk: Desk, visitor: Visitor, wish: Wish) -> Ready:
    """Make the bundle; raises BadInput and what `casework.export.export` raises."""
    stated = wish.stated()
    clear_old(desk)
    with _new_folder(desk) as folder:
        file = folder / "bundle.zip"
        actor = officers.actor_of(visitor.officer, stated)
        if wish.case_id:
            digest = cases.hand_over(desk, actor, wish.case_id, file)
            count = len(dossiers.seen(desk, actor, wish.case_id).finding_ids)
        else:
            digest = export.export(desk, actor, wish.finding_ids, file)
            count = len(set(wish.finding_ids))
        ready = Ready(
            name=folder.name, officer=visitor.officer.id, digest=digest, size=file.stat().st_size,
            findings=count, receiver=wish.receiver.strip(), reason=wish.reason.strip(), made=time.time(),
        )  # fmt: skip
        (folder / "about.json").write_text(json.dumps(asdict(ready), ensure_ascii=False), encoding="utf-8")
    return ready


def find(desk: Desk, visitor: Visitor, name: str) -> tuple[Ready, Path]:
    """A bundle of this officer's and its file. Raises NotFound: gone after its hour, or another's."""
    folder = _shelf(desk) / name
    if not NAME.fullmatch(name) or not (folder / "about.json").is_file():
        raise NotFound("证据包已过下载时限或不存在，请重新导出")
    ready = Ready(**json.loads((folder / "about.json").read_text(encoding="utf-8")))
    if ready.officer != visitor.officer.id or ready.until < datetime.now(UTC):
        raise NotFound("证据包已过下载时限或不存在，请重新导出")
    return ready, folder / "bundle.zip"


def clear_old(desk: Desk) -> None:
    """Remove bundles past their hour, and what a crash left half made."""
    oldest = time.time() - KEEP.total_seconds()
    for folder in _shelf(desk).iterdir():
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)  # two officers may clear at once


def _shelf(desk: Desk) -> Path:
    folder = desk.settings.data / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def _new_folder(desk: Desk) -> Iterator[Path]:
    """A folder that is gone again when the block fails."""
    folder = _shelf(desk) / secrets.token_hex(16)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder)
        raise
