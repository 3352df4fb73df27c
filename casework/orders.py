"""Exports asked for: what, to whom, why, and how each stands. One folder a bundle, below `exports` of the data folder.

wish.json is what was asked; then come about.json and bundle.zip (ready), or told.json (not made, and why).
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from casework import officers, parcel, runs
from casework.desk import Desk
from casework.flaws import Found
from core.errors import BadInput, NotFound
from core.model import Officer, RunState

# A bundle holds contacts in clear: long enough for a slow or broken download, not for a forgotten copy.
KEEP = timedelta(hours=1)
RECEIVER_LENGTH = 100  # characters: a department's full name
NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Wish:
    """What is to be exported, to whom and what for. A case brings its own findings. `anyway`: fatal flaws or not."""

    finding_ids: tuple[str, ...]
    case_id: str
    receiver: str
    reason: str
    anyway: bool = False

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
class Job:
    """A wish on its way: `state` is that of its run. `digest`, `size` (bytes), `made` (seconds since 1970) once ready;
    `problem` when it was not made; `flaws` as soon as they are known.
    """

    name: str
    officer: str
    run_id: str
    wish: Wish
    state: RunState = "queued"
    done: int = 0
    steps: int = 0
    digest: str = ""
    size: int = 0
    findings: int = 0
    made: float = 0.0
    flaws: tuple[Found, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""

    @property
    def ready(self) -> bool:
        """Whether the bundle can be had."""
        return bool(self.digest)

    @property
    def ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.ready or bool(self.problem)

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


def ask(desk: Desk, officer: Officer, wish: Wish) -> Job:
    """Write the wish down and plan its run. Raises BadInput, NotAllowed, NotFound, Unavailable."""
    actor = officers.actor_of(officer, wish.stated())
    clear_old(desk)
    parcel.chosen(
        desk, actor, wish.finding_ids, wish.case_id or None
    )  # what must be refused is refused at once
    name = secrets.token_hex(16)
    run = runs.plan(desk, "export", None, datetime.now(UTC), f"export:{name}")
    job = Job(name, officer.id, run.id, wish)
    folder = _shelf(desk) / name
    folder.mkdir(mode=0o700)
    _write(folder / "wish.json", job)
    return job


def find(desk: Desk, officer: str, name: str) -> Job:
    """How this officer's export stands. Raises NotFound: gone after its hour, or another's."""
    job = load(desk, name) if NAME.fullmatch(name) else None
    if job is None or job.officer != officer or (job.ready and job.until < datetime.now(UTC)):
        raise NotFound("证据包已过下载时限或不存在，请重新导出")
    return job


def waiting(desk: Desk) -> list[str]:
    """Names of what was asked for and neither made nor refused, oldest first: a crash may have left it."""
    folders = (path for path in _shelf(desk).iterdir() if NAME.fullmatch(path.name))
    return [path.name for path in sorted(folders, key=lambda path: path.stat().st_mtime) if _open(path)]


def end(desk: Desk, job: Job) -> None:
    """Write down that it is ready, or why it was not made."""
    _write(_shelf(desk) / job.name / ("about.json" if job.ready else "told.json"), job)


def output(desk: Desk, job: Job) -> Path:
    """Where the bundle goes."""
    return _shelf(desk) / job.name / "bundle.zip"


def clear_old(desk: Desk) -> None:
    """Remove bundles past their hour."""
    oldest = time.time() - KEEP.total_seconds()
    for folder in _shelf(desk).iterdir():
        if folder.stat().st_mtime < oldest and not _open(folder):
            shutil.rmtree(folder, ignore_errors=True)  # two officers may clear at once


def _shelf(desk: Desk) -> Path:
    folder = desk.settings.data / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _open(folder: Path) -> bool:
    return (folder / "wish.json").is_file() and not any(
        (folder / name).is_file() for name in ("about.json", "told.json")
    )


def load(desk: Desk, name: str) -> Job | None:
    """How it stands, whoever asked; None when it is gone."""
    folder = _shelf(desk) / name
    for one in ("about.json", "told.json", "wish.json"):
        if (folder / one).is_file():
            job = _read(json.loads((folder / one).read_text(encoding="utf-8")))
            return job if job.ended else _under_way(desk, job)
    return None


def _under_way(desk: Desk, job: Job) -> Job:
    run = runs.load(desk, job.run_id)
    counts = run.counts
    return replace(
        job, state=run.state, done=counts.get("export_done", 0), steps=counts.get("export_steps", 0)
    )


def _read(plain: dict[str, Any]) -> Job:
    wish = plain.pop("wish")
    flaws = tuple(Found(one["kind"], one["count"], tuple(one["seen"])) for one in plain.pop("flaws"))
    given = Wish(**{**wish, "finding_ids": tuple(wish["finding_ids"])})
    return Job(**{**plain, "wish": given, "flaws": flaws, "notes": tuple(plain["notes"])})


def _write(path: Path, job: Job) -> None:
    """Whole or not at all: a page may read it this moment."""
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(job), ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)
