"""Everything that must survive the machine, as one consistent set, while the work goes on.

The order makes it consistent: the spool first (what leaves it afterwards is in the store), then the store, then the
vault (evidence is sealed before its finding, so every finding's evidence is there). Secrets are left out: what must
be kept elsewhere stands in docs/operations.md. Copying is no look at evidence: it leaves one line in the audit trail
and none in custody, for a line in every chain each night would bury those that tell of people.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from casework import audit, backup_set, locks
from casework.backup_set import LISTING, written
from casework.desk import Desk
from casework.sheets import evidence_ids
from core.errors import BadInput, NotFound
from core.identity import new_id
from core.model import KINDS, Actor, Finding
from evidence.mirror import Mirrored, drop, mirror
from store import snapshot
from store.copying import Content

LOCK = "vault-upkeep"  # a backup and a retention never work on the vault at the same time
SPOOL = ("waiting", "aside")  # what the spool keeps; its locks and half-written files are of no use elsewhere
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Made:
    """A complete set: its id, the manifest's SHA-256, records by kind, files of the vault (all, and new ones).

    `lost`: what the vault should have and has not, and findings without evidence. The set is as good as it can be;
    a person must look.
    """

    id: str
    digest: str
    counts: dict[str, int]
    files: int
    copied: int
    dropped: int
    lost: tuple[str, ...]


@dataclass
class _Store:
    """What the store's copy holds, and which evidence its findings name."""

    contents: dict[str, Content] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)


def backup(desk: Desk, actor: Actor, folder: Path, tell: Tell) -> Made:
    """Write a set into `folder`; only what is new of the vault is copied. The older set stands until this is whole.

    Raises BadInput when the folder holds another installation's backup, Conflict while a retention or another
    backup is under way, EvidenceBroken when the database is damaged, Unavailable when a place is full or away.
    """
    name = new_id()
    locks.hold(desk.settings.data, LOCK, name)
    try:
        made = _make(desk, folder, tell)
    finally:
        locks.release(name)
    said = f"SHA-256 {made.digest}"
    audit.record(desk, actor, "backup", f"backup:{made.id}", f"{actor.reason}（{folder}，{said}）")
    return made


def _make(desk: Desk, folder: Path, tell: Tell) -> Made:
    begun = datetime.now(UTC)
    name = f"{begun:%Y%m%dT%H%M%SZ}-{new_id()[:8]}"
    backup_set.clear(folder, _present(desk, folder))
    place = folder / "sets" / name
    with written(folder):
        (place / "store").mkdir(parents=True, mode=0o700)
        folder.chmod(0o700)  # it holds what the data folder holds
    _spool(desk, folder, place)
    tell("store")
    stored = _store(desk, place)
    _queue(desk, folder, place)
    _config(desk, folder, place)
    tell("vault")
    with written(folder):
        kept = mirror(desk.vault, folder / "vault", place / LISTING)
    lost = (*kept.lost, *_unproved(stored, kept))
    digest = backup_set.write(folder, _manifest(desk, folder, place, begun, stored, kept, lost))
    backup_set.clear(folder, name)
    dropped = drop(folder / "vault", kept)
    counts = {kind: content.count for kind, content in stored.contents.items()}
    return Made(name, digest, counts, kept.files, kept.copied, dropped, lost)


def _present(desk: Desk, folder: Path) -> str:
    """The id of the set that stands there; "" when there is none. Refuses to write among other things."""
    try:
        present = backup_set.read(folder)
    except NotFound:
        with written(folder):
            folder.mkdir(parents=True, mode=0o700, exist_ok=True)
            strange = sorted(
                {path.name for path in folder.iterdir()} - {"sets", "vault", "backup.json.new", "lost+found"}
            )
        if strange:
            raise BadInput(
                f"{folder} holds other things ({strange[0]}): name a folder that is empty or holds a backup"
            ) from None
        return ""
    if present["key_check"] != backup_set.key_check(desk.key):
        raise BadInput(
            f"{folder} holds the backup of an installation with another fingerprint key: name another folder"
        )
    return str(present["id"])


def _spool(desk: Desk, folder: Path, place: Path) -> None:
    """A file may land in the store, and go, at any moment: it is in the store's copy then."""
    for kind in SPOOL:
        root = desk.settings.data / "spool" / kind
        with written(folder):
            for path in sorted(root.rglob("*")) if root.is_dir() else ():
                target = place / "spool" / kind / path.relative_to(root)
                if path.is_file():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    _copied(path, target)


def _copied(path: Path, target: Path) -> None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    target.write_bytes(content)


def _store(desk: Desk, place: Path) -> _Store:
    """Copy it, then read the copy once: counts, digests, and what its findings rest on."""
    settings, found = desk.settings, _Store()
    snapshot.take(settings.store_url, settings.store_api_key.get_secret_value(), place / "store")
    with snapshot.opened(place / "store") as copy:
        for kind in KINDS:
            total = Content()
            for batch in copy.batches(kind):
                for record in batch:
                    total += record
                    if isinstance(record, Finding):
                        found.evidence |= dict.fromkeys(evidence_ids(record), record.id)
            found.contents[kind] = total
    return found


def _queue(desk: Desk, folder: Path, place: Path) -> None:
    source = desk.settings.data / "queue.sqlite3"
    with written(folder):
        there = source.is_file()
    if there:
        snapshot.copy_database(source, place / "queue.sqlite3")


def _config(desk: Desk, folder: Path, place: Path) -> None:
    """The config in force, and the settings that are no secrets, for reading after a restore."""
    settings = desk.settings
    lines = (f"{name}={value}\n" for name, value in sorted(backup_set.plain_settings(settings).items()))
    hidden = shutil.ignore_patterns(".*", "__pycache__")
    with written(folder):
        shutil.copytree(settings.config, place / "config", ignore=hidden)
        if settings.sources is not None and settings.sources.is_dir():
            shutil.copytree(settings.sources, place / "sources", ignore=hidden)
        (place / "settings.env").write_text("".join(lines), encoding="utf-8")


def _unproved(stored: _Store, kept: Mirrored) -> list[str]:
    """Evidence that findings name and the copied vault neither has nor has lawfully deleted."""
    known = kept.standing | kept.deleted
    return [
        f"finding {finding}: its evidence {name} is not in the vault"
        for name, finding in sorted(stored.evidence.items())
        if name not in known
    ]


def _manifest(
    desk: Desk,
    folder: Path,
    place: Path,
    begun: datetime,
    stored: _Store,
    kept: Mirrored,
    lost: tuple[str, ...],
) -> backup_set.Manifest:
    contents = {
        kind: {"count": one.count, "digest": f"{one.digest:064x}"} for kind, one in stored.contents.items()
    }
    return {
        "format": backup_set.FORMAT,
        "schema": backup_set.SCHEMA,
        "id": place.name,
        "begun": begun.isoformat(),
        "ended": datetime.now(UTC).isoformat(),
        "software": version("wangxun"),
        "key_check": backup_set.key_check(desk.key),
        "records": contents,
        "vault": {"files": kept.files, "size": kept.size, "head": kept.head},
        "evidence": {
            "named": len(stored.evidence),
            "standing": len(kept.standing),
            "deleted": len(kept.deleted),
        },
        "lost": list(lost[:100]),  # the first hundred tell what happened; the vault's own check tells all
        "files": backup_set.parts(folder, place),
    }
