"""One hash chain for each sealed thing: what happened to it, when, by whom. The vault writes it, not its callers.

Entry n is the file `custody/<id>/<n>.json`, created once; it carries the SHA-256 of entry n-1 (the first one
carries the id), so a change, a gap or a swap breaks the chain. Two writers never share a number. A tail that
was cut off is found by the daily list of heads (`evidence.heads`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

from core.errors import EvidenceBroken, NotAllowed, NotFound
from core.model import Actor
from evidence.manifest import DIGEST, canonical, plain_time, sha256
from evidence.storage import Storage, translated

Event = Literal[
    "captured", "sealed", "stamped", "viewed", "copied", "redacted", "exported", "transferred", "received",
    "verified", "held", "released", "deleted",
]  # fmt: skip
Entry = dict[str, Any]
GONE = "该证据已按保存期限规定删除，只留有保管记录"
HELD = "该证据已被要求保留，解除保留前不能删除"


class Keeper(Protocol):
    """What a chain needs of a vault."""

    @property
    def storage(self) -> Storage:
        """Where it lives."""
        ...

    def create(self, name: str, content: bytes) -> bool:
        """Make a file once; False when it is there already."""
        ...


def append(
    vault: Keeper,
    evidence_id: str,
    event: Event,
    actor: Actor,
    detail: str = "",
    facts: Mapping[str, Any] | None = None,
    check: Callable[[list[Entry]], None] | None = None,
) -> Entry:
    """Add an event to the chain and return its entry; `facts` are further fields of it.

    `check` is shown the entries that this one follows and may raise: no other can come between. A chain that ends
    with "deleted" takes nothing more. Raises EvidenceBroken when the chain is broken, NotFound for what is no id,
    NotAllowed after a deletion, Unavailable.
    """
    while True:
        entries = chain(vault, evidence_id)
        if deletion(entries):
            raise NotAllowed(GONE)
        if check:
            check(entries)
        previous = sha256(canonical(entries[-1])) if entries else evidence_id
        told = {"event": event, "officer": actor.officer, "role": actor.role, "reason": actor.reason}
        entry: Entry = {
            **(facts or {}),
            **told,
            "format": "wangxun-custody",
            "schema": 2,
            "evidence_id": evidence_id,
            "number": len(entries) + 1,
            "at": plain_time(datetime.now(UTC)),
            "detail": detail,
            "previous": previous,
        }
        entry["digest"] = own_digest(entry)
        with translated("writing custody"):
            if vault.create(f"custody/{evidence_id}/{entry['number']:06d}.json", canonical(entry)):
                return entry
        # Somebody else made this number: read the longer chain, take the next. Each turn, somebody succeeds.


def chain(vault: Keeper, evidence_id: str) -> list[Entry]:
    """All entries in order; [] when nothing happened yet. Raises EvidenceBroken at the first broken entry."""
    return [entry for entry, _ in _read(vault, evidence_id)]


def files(vault: Keeper, evidence_id: str) -> list[tuple[str, bytes]]:
    """The chain's files (name, bytes) for a bundle. Raises EvidenceBroken."""
    return [(f"{entry['number']:06d}.json", content) for entry, content in _read(vault, evidence_id)]


def ids(vault: Keeper) -> list[str]:
    """Ids of all chains, sorted."""
    with translated("listing custody"):
        return sorted({name.split("/")[1] for name in vault.storage.names("custody/")})


def deletion(entries: list[Entry]) -> Entry | None:
    """The entry by which it was deleted; always the last one. None while it stands."""
    return entries[-1] if entries and entries[-1]["event"] == "deleted" else None


def held(entries: Iterable[Entry]) -> bool:
    """Whether it must be kept: the newest of its "held" and "released" is the former."""
    return [one for one in events(entries) if one in ("held", "released")][-1:] == ["held"]


def events(entries: Iterable[Entry]) -> list[str]:
    """The events of a chain, in order."""
    return [str(entry["event"]) for entry in entries]


def moment(entry: Entry) -> datetime:
    """When the entry was written."""
    return datetime.fromisoformat(str(entry["at"]))


def own_digest(entry: Entry) -> str:
    """SHA-256 of the entry without it: the newest entry has no successor yet that would show a slip in it."""
    return sha256(canonical({**entry, "digest": ""}))


def _read(vault: Keeper, evidence_id: str) -> list[tuple[Entry, bytes]]:
    if not DIGEST.fullmatch(evidence_id):  # it becomes a folder's name, and may come from a URL
        raise NotFound(f"not an id of evidence: {evidence_id!r}")
    while True:
        names = _names(vault, evidence_id)
        try:
            return _follow(vault, evidence_id, names)
        except EvidenceBroken:
            # A listing taken while entries appear may lack an older one: then it has changed by now.
            if _names(vault, evidence_id) == names:
                raise


def _names(vault: Keeper, evidence_id: str) -> list[str]:
    with translated("reading custody"):
        return vault.storage.names(f"custody/{evidence_id}/")


def _follow(vault: Keeper, evidence_id: str, names: list[str]) -> list[tuple[Entry, bytes]]:
    previous, found = evidence_id, []
    for number, name in enumerate(names, 1):
        with translated("reading custody"):
            content = vault.storage.read(name)
        found.append((_entry(content, name, number, previous, evidence_id), content))
        previous = sha256(content)
    return found


def _own(entry: Entry) -> bool:
    """Entries of schema 1 had no digest of their own; with one, an entry cannot pass as such."""
    if entry["schema"] == 1:
        return "digest" not in entry
    return bool(entry["digest"] == own_digest(entry))


def _entry(content: bytes, name: str, number: int, previous: str, evidence_id: str) -> Entry:
    where = f"custody of {evidence_id}: {name.rpartition('/')[2]}"
    try:
        entry: Entry = json.loads(content)
        whole = (
            name == f"custody/{evidence_id}/{number:06d}.json"
            and (entry["number"], entry["previous"], entry["evidence_id"]) == (number, previous, evidence_id)
            and {"event", "at"} <= entry.keys()
            and _own(entry)
            and canonical(entry) == content
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvidenceBroken(f"{where} cannot be read") from error
    if not whole:
        raise EvidenceBroken(f"{where} does not follow the entry before")
    return entry
