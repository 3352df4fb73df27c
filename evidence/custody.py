"""One hash chain for each evidence item: what happened to it, when, by whom.

Entry n is the file `custody/<evidence id>/<n>.json`, created once; it carries the SHA-256 of entry n-1 (the
first one carries the evidence id), so a change, a gap or a swap breaks the chain. Two writers never share a
number.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from core.errors import EvidenceBroken
from core.model import Actor
from evidence.manifest import canonical, plain_time, sha256
from evidence.vault import Vault, translated

Event = Literal[
    "sealing", "sealed", "stamped", "viewed", "copied", "redacted", "exported", "transferred", "received",
    "verified", "held", "deleted",
]  # fmt: skip
Entry = dict[str, Any]


def append(vault: Vault, evidence_id: str, event: Event, actor: Actor, detail: str = "") -> Entry:
    """Add an event to the chain and return its entry. Raises EvidenceBroken when the chain is broken."""
    while True:
        entries = chain(vault, evidence_id)
        entry = _entry(evidence_id, len(entries) + 1, event, actor, detail, _head(evidence_id, entries))
        target = _folder(vault, evidence_id) / f"{entry['number']:06d}.json"
        with translated("writing custody"):
            if vault.create(target, canonical(entry)):
                return entry
        # Somebody else made this number: read the longer chain, take the next. Each turn, somebody succeeds.


def chain(vault: Vault, evidence_id: str) -> list[Entry]:
    """All entries in order; [] when nothing happened yet. Raises EvidenceBroken at the first broken entry."""
    while True:
        names = _names(vault, evidence_id)
        try:
            return _read_all(vault, evidence_id, names)
        except EvidenceBroken:
            # A listing taken while entries appear may lack an older one: then it has changed by now.
            if _names(vault, evidence_id) == names:
                raise


def _names(vault: Vault, evidence_id: str) -> list[str]:
    folder = _folder(vault, evidence_id)
    with translated("reading custody"):
        return sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []


def _read_all(vault: Vault, evidence_id: str, names: list[str]) -> list[Entry]:
    previous, entries = evidence_id, []
    for number, name in enumerate(names, 1):
        with translated("reading custody"):
            content = (_folder(vault, evidence_id) / name).read_bytes()
        entries.append(_read(content, name, number, previous, evidence_id))
        previous = sha256(content)
    return entries


def files(vault: Vault, evidence_id: str) -> list[tuple[str, bytes]]:
    """The chain's files (name, bytes) for a bundle."""
    return [(f"{entry['number']:06d}.json", canonical(entry)) for entry in chain(vault, evidence_id)]


def _folder(vault: Vault, evidence_id: str) -> Path:
    vault.path(evidence_id)  # refuses what is no digest: it becomes a folder's name
    return vault.folder / "custody" / evidence_id


def _head(evidence_id: str, entries: list[Entry]) -> str:
    return sha256(canonical(entries[-1])) if entries else evidence_id


def _entry(evidence_id: str, number: int, event: str, actor: Actor, detail: str, previous: str) -> Entry:
    return {
        "format": "wangxun-custody",
        "schema": 1,
        "evidence_id": evidence_id,
        "number": number,
        "at": plain_time(datetime.now(UTC)),
        "event": event,
        "officer": actor.officer,
        "role": actor.role,
        "reason": actor.reason,
        "detail": detail,
        "previous": previous,
    }


def _read(content: bytes, name: str, number: int, previous: str, evidence_id: str) -> Entry:
    try:
        entry: Entry = json.loads(content)
        whole = (
            name == f"{number:06d}.json"
            and (entry["number"], entry["previous"], entry["evidence_id"]) == (number, previous, evidence_id)
            and canonical(entry) == content
        )
    except (ValueError, KeyError, TypeError) as error:
        raise EvidenceBroken(f"custody of {evidence_id}: {name} cannot be read") from error
    if not whole:
        raise EvidenceBroken(f"custody of {evidence_id}: {name} does not follow the entry before")
    return entry
