"""What was found broken, written down once for each fault: `alarms/<digest>.json`, named by the next daily list."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from evidence.manifest import canonical, plain_time, sha256
from evidence.storage import translated
from evidence.vault import Vault


def record(vault: Vault, evidence_id: str, faults: Sequence[str]) -> tuple[str, bool]:
    """The alarm's digest, and whether it is new: the same faults of the same thing ("": the lists) are one alarm.

    Raises Unavailable.
    """
    for digest, content in _kept(vault).items():
        if _about(content) == (evidence_id, list(faults)):
            return digest, False
    told = {"evidence_id": evidence_id, "faults": list(faults), "at": plain_time(datetime.now(UTC))}
    content = canonical({"format": "wangxun-alarm", "schema": 1, **told})
    with translated("writing an alarm"):
        vault.create(f"alarms/{sha256(content)}.json", content)
    return sha256(content), True


def contents(vault: Vault) -> list[bytes]:
    """All alarm records, as JSON. Raises Unavailable."""
    return list(_kept(vault).values())


def told(vault: Vault) -> list[tuple[str, str, datetime]]:
    """Digest, of whom it tells ("": the lists), and when; one that was spoiled tells of the lists, now."""
    found = []
    for digest, content in _kept(vault).items():
        try:
            plain = json.loads(content)
            found.append((digest, str(plain["evidence_id"]), datetime.fromisoformat(plain["at"])))
        except (ValueError, KeyError, TypeError):
            found.append((digest, "", datetime.now(UTC)))
    return found


def digests(vault: Vault) -> list[str]:
    """The names of all alarm records. Raises Unavailable."""
    with translated("listing alarms"):
        return [name[len("alarms/") : -len(".json")] for name in vault.storage.names("alarms/")]


def _kept(vault: Vault) -> dict[str, bytes]:
    with translated("reading alarms"):
        return {one: vault.storage.read(f"alarms/{one}.json") for one in digests(vault)}


def _about(content: bytes) -> tuple[str, list[str]] | None:
    """Of whom and of what an alarm tells; None for one that was spoiled, which the checker names."""
    try:
        plain = json.loads(content)
        return plain["evidence_id"], plain["faults"]
    except (ValueError, KeyError, TypeError):
        return None
