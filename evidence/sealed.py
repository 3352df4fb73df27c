"""Evidence taken out of the vault: `Vault.open` makes it, after it has written the custody line."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from core.errors import EvidenceBroken, NotFound
from core.model import Evidence, Item
from evidence.verify import item_name


@dataclass(frozen=True)
class Sealed:
    """Manifest, items, custody and stamps of one evidence. Bytes are read, and checked, when asked for."""

    evidence: Evidence
    manifest: bytes
    contents: Callable[[str], bytes]
    chain: Callable[[], list[tuple[str, bytes]]]
    entries: Callable[[], list[dict[str, Any]]]

    def read(self, item: Item) -> bytes:
        """One item's bytes. Raises NotFound for what this evidence does not name, EvidenceBroken, Unavailable."""
        if item not in self.evidence.items:
            raise NotFound(f"{item.sha256} is no item of {self.evidence.id}")
        content = self.contents(item.sha256)
        if len(content) != item.size:
            raise EvidenceBroken(f"{item.sha256}: the size is not the manifest's")
        return content

    def files(self) -> Iterator[tuple[str, bytes]]:
        """All files as a bundle carries them below the evidence's folder, one in memory at a time."""
        yield "manifest.json", self.manifest
        for number, item in enumerate(self.evidence.items):
            yield f"files/{item_name(number, item.role, item.media_type)}", self.read(item)
        for name, content in self.chain():
            yield f"custody/{name}", content
        yield from stamp_files(self.entries())


def stamp_files(entries: list[dict[str, Any]]) -> Iterator[tuple[str, bytes]]:
    """Request, answer and certificates of each stamp in a chain, for programs such as `openssl ts`."""
    for entry in entries:
        for ending in ("tsq", "tsr", "pem") if entry["event"] == "stamped" else ():
            yield f"stamps/{entry['number']:06d}.{ending}", base64.b64decode(entry["stamp"][ending])
