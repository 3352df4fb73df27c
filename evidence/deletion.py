"""Deletion that can be proved: the line comes first and says why, the files go, the chain stays for ever.

What the files of two pieces of evidence share stays as long as one of them does. Another process may seal the same
bytes at the same moment; so a file is set aside under another name, the chains are read once more, and only then it
goes for good. Every step may be repeated; a crash leaves files that the next call takes away, never a loss.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from core.errors import EvidenceBroken, NotAllowed, NotFound
from core.model import Actor
from evidence import custody, manifest
from evidence.manifest import DIGEST
from evidence.storage import translated
from evidence.vault import Vault, shelf

TRASH = "trash/"


def deletion(vault: Vault, evidence_id: str) -> custody.Entry | None:
    """The line by which it was deleted; None while it stands. Raises EvidenceBroken, Unavailable."""
    return custody.deletion(custody.chain(vault, evidence_id))


def delete(vault: Vault, evidence_id: str, actor: Actor, reason: str, rule: dict[str, Any]) -> bool:
    """Write the line; False when it stood there already. `rule` names class, basis and the digest of the rule file.

    `sweep` then takes the files. Raises NotAllowed while it is held and for what is no evidence, NotFound,
    EvidenceBroken, Unavailable.
    """

    def allowed(entries: list[custody.Entry]) -> None:
        if entries[0].get("kind", "evidence") != "evidence":
            raise NotAllowed(f"{evidence_id} is no evidence: rule files and daily lists stay")
        if custody.held(entries):
            raise NotAllowed(custody.HELD)

    entries = custody.chain(vault, evidence_id)
    if not entries:
        raise NotFound(f"{evidence_id} is not in the vault")
    if custody.deletion(entries) is None:
        custody.append(vault, evidence_id, "deleted", actor, reason, rule, allowed)
        vault.stamp_came(evidence_id)
        return True
    vault.stamp_came(evidence_id)  # a crash may have come between line and mark
    return False


def sweep(vault: Vault, evidence_ids: Iterable[str]) -> int:
    """Take away the files of deleted evidence that nothing else names; how many. Ends a sweep that broke off, too.

    Raises NotAllowed when one of them was not deleted, EvidenceBroken, Unavailable.
    """
    wanted: set[str] = set()
    for evidence_id in evidence_ids:
        entries = custody.chain(vault, evidence_id)
        if custody.deletion(entries) is None:
            raise NotAllowed(f"{evidence_id} was not deleted: its files stay")
        wanted |= named(vault, entries[0])
    with translated("looking"):
        wanted = {one for one in wanted if vault.storage.has(shelf(one))} | set(_set_aside(vault))
    known: set[str] = set()
    gone = wanted - _still_named(vault, wanted, known) if wanted else set()
    with translated("deleting"):
        for digest in sorted(gone):
            vault.storage.move(shelf(digest), TRASH + digest)
        _end(vault, wanted, known)
    return len(gone)


def named(vault: Vault, first: custody.Entry) -> set[str]:
    """Every digest that a chain speaks for, by its first entry: its own id, and what was kept with it."""
    one = str(first["evidence_id"])
    if "kept" in first:
        return {one, *map(str, first["kept"])}
    try:  # entries of schema 1 did not say; the manifest does, as long as it is there
        return {one, *(item.sha256 for item in manifest.read(vault.manifest(one)).items)}
    except NotFound:
        return {one}


def _end(vault: Vault, wanted: set[str], known: set[str]) -> None:
    """Chains that came since may name a file set aside: it goes back. Later ones found it gone and wrote it anew."""
    back = _still_named(vault, wanted, known)
    for digest in _set_aside(vault):
        if digest in back:
            vault.create(shelf(digest), vault.storage.read(TRASH + digest))
        vault.storage.remove(TRASH + digest)


def _set_aside(vault: Vault) -> list[str]:
    return [name.removeprefix(TRASH) for name in vault.storage.names(TRASH) if DIGEST.fullmatch(name[6:])]


def _still_named(vault: Vault, wanted: set[str], known: set[str]) -> set[str]:
    """Those of `wanted` that a standing chain names; chains in `known` are passed over, and those read are added."""
    found: set[str] = set()
    for one, names in _chains(vault):
        if one in known:
            continue
        known.add(one)
        hits = wanted & named(vault, _entry(vault, names[0], 1))
        if hits and _entry(vault, names[-1], len(names))["event"] != "deleted":
            found |= hits
            known.discard(one)  # it may be asked about again
    return found


def _chains(vault: Vault) -> Iterator[tuple[str, list[str]]]:
    """Id and file names of every chain, from one listing."""
    with translated("listing custody"):
        names = vault.storage.names("custody/")
    chains: dict[str, list[str]] = {}
    for name in names:
        chains.setdefault(name.split("/")[1], []).append(name)
    yield from chains.items()


def _entry(vault: Vault, name: str, number: int) -> custody.Entry:
    """One entry by itself; its place in the chain is the checker's question. A spoilt record stops every deletion."""
    try:
        with translated("reading custody"):
            entry: custody.Entry = json.loads(vault.storage.read(name))
        if (entry["number"], entry["evidence_id"]) != (number, name.split("/")[1]):
            raise EvidenceBroken(f"{name} is not the entry that its name says")
    except (ValueError, KeyError, TypeError) as error:
        raise EvidenceBroken(f"{name} cannot be read") from error
    return entry
