"""What a backup folder holds, and whether it is whole.

backup.json         says which set is complete; written last, by one renaming. Until then the older set stands
sets/<id>/          store, queue, spool, config, settings, the list of the vault's files: one moment's
vault/              the vault's files, shared by all sets: written once, so each backup adds only what is new
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.errors import BadInput, EvidenceBroken, NotFound, Unavailable
from core.settings import Settings
from evidence.manifest import canonical, sha256
from evidence.mirror import digest_of, listed
from evidence.storage import sync_folder

FORMAT, SCHEMA = "wangxun-backup", 1
MANIFEST = "backup.json"
LISTING = "vault.list"
Manifest = dict[str, Any]


def key_check(key: bytes) -> str:
    """Tells whether a key is the one: made with the key, so that nobody gets the key from it (HMAC, RFC 2104)."""
    return hmac.new(key, b"wangxun backup: which fingerprint key", hashlib.sha256).hexdigest()


def read(folder: Path) -> Manifest:
    """The manifest of the complete set. Raises NotFound when there is none, EvidenceBroken when it was changed,
    BadInput when a newer program wrote it, Unavailable.
    """
    with written(folder, "read"):
        try:
            content = (folder / MANIFEST).read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NotFound(f"{folder} holds no complete backup (no {MANIFEST})") from error
    try:
        plain: Manifest = json.loads(content)
        own, schema, whole = plain["digest"], plain["schema"], plain["format"] == FORMAT
    except (ValueError, KeyError, TypeError) as error:
        raise EvidenceBroken(f"{folder / MANIFEST} cannot be read") from error
    if whole and isinstance(schema, int) and schema > SCHEMA:
        raise BadInput(f"{folder / MANIFEST} was written by a newer version (schema {schema}): update first")
    if not whole or own != sha256(canonical({**plain, "digest": ""})):
        raise EvidenceBroken(f"{folder / MANIFEST} was changed")
    return plain


def write(folder: Path, plain: Manifest) -> str:
    """Make this set the complete one; the manifest's SHA-256. Raises Unavailable."""
    content = canonical({**plain, "digest": sha256(canonical({**plain, "digest": ""}))})
    new = folder / f"{MANIFEST}.new"
    with written(folder), new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    with written(folder):
        new.replace(folder / MANIFEST)
        sync_folder(folder)
    return sha256(content)


def parts(folder: Path, own: Path) -> list[dict[str, Any]]:
    """Name, size and SHA-256 of every file of a set. Raises Unavailable."""
    with written(folder):
        files = sorted(path for path in own.rglob("*") if path.is_file())
        for path in files:
            _sync(path)  # the manifest must not outlive, in a power cut, what it speaks of
        return [
            {
                "name": path.relative_to(folder).as_posix(),
                "size": path.stat().st_size,
                "sha256": digest_of(path),
            }
            for path in files
        ]


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
    sync_folder(path.parent)


def faults(folder: Path, plain: Manifest) -> Iterator[str]:
    """What is not whole: the set's own files by digest, the vault's by size (`wangxun verify DIR` reads those)."""
    with written(folder, "read"):
        for part in plain["files"]:
            path = folder / part["name"]
            if not path.is_file():
                yield f"{part['name']} is missing"
            elif digest_of(path) != part["sha256"]:
                yield f"{part['name']} is not what was written"
        listing = own(folder, plain) / LISTING
        for _, size, name in listed(listing) if listing.is_file() else ():
            path = folder / "vault" / name
            if not path.is_file() or path.stat().st_size != size:
                yield f"vault/{name} is {'not what was written' if path.is_file() else 'missing'}"


def own(folder: Path, plain: Manifest) -> Path:
    """The folder of the set that a manifest speaks of."""
    return folder / "sets" / str(plain["id"])


def age(plain: Manifest, now: datetime | None = None) -> timedelta:
    """How long ago the set was begun: what came after that moment is not in it."""
    return (now or datetime.now(UTC)) - datetime.fromisoformat(plain["begun"])


def clear(folder: Path, keep: str) -> None:
    """Take away every set but one: earlier ones, and what a broken-off backup left. Raises Unavailable."""
    with written(folder):
        for path in (folder / "sets").glob("*"):
            if path.name != keep:
                shutil.rmtree(path)


def plain_settings(settings: Settings) -> dict[str, str]:
    """Variable -> value of what is no secret; a password in the store's address is none of the backup's business."""
    told: dict[str, str] = {}
    for name, value in settings.model_dump().items():
        if value in (None, "") or hasattr(value, "get_secret_value"):
            continue
        address, at, rest = str(value).partition("://")
        told[f"WANGXUN_{name.upper()}"] = f"{address}{at}{rest.rpartition('@')[2]}" if at else str(value)
    return told


@contextmanager
def written(folder: Path, doing: str = "written") -> Iterator[None]:
    """Full, read-only or away is Unavailable; what was complete before still is."""
    try:
        yield
    except OSError as error:
        raise Unavailable(
            f"the backup in {folder} cannot be {doing}: {error}; the last complete one, if any, still stands"
        ) from error
