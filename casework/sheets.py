"""What a report says of one finding: the looks that prove it, read once, and the flaws."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from casework import flaws
from casework.desk import Desk
from casework.gone import deleted_evidence
from core.errors import NotFound
from core.model import Finding, Item
from evidence import custody, manifest, stamp
from evidence.bag import BEIJING
from evidence.sealed import Sealed

PICTURES = ("image/png", "image/jpeg", "image/webp", "image/gif")
TEXT_BYTES = (
    2_000_000  # of a drawn page's text: a post is compared with it, an endless page is not read whole
)


@dataclass(frozen=True)
class Shot:
    """A picture of the evidence, on disk for the report."""

    item: Item
    path: Path


@dataclass(frozen=True)
class Sheet:
    """One finding for a report; `number` counts from 1; `gone`: evidence deleted by rule, and what is said of it."""

    number: int
    finding: Finding
    looks: dict[str, flaws.Look]
    flaws: tuple[flaws.Flaw, ...]
    shots: dict[str, tuple[Shot, ...]]
    source: str
    gone: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Binder:
    """Reads evidence that this export has taken out of the vault, as often as needed, under one custody line."""

    desk: Desk
    at: datetime
    officers: frozenset[str]
    _taken: dict[str, Callable[[str], bytes]] = field(default_factory=dict, repr=False)

    def put(self, taken: Sealed) -> None:
        """What `Vault.open` has just handed out: from now on it can be read again."""
        self._taken[taken.evidence.id] = taken.contents

    def sealed(self, evidence_id: str) -> Sealed:
        """What was put here before. Raises NotFound for what was not taken out, EvidenceBroken."""
        if evidence_id not in self._taken:
            raise NotFound(f"{evidence_id} was not taken out of the vault for this export")
        vault = self.desk.vault
        content = vault.manifest(evidence_id)
        # Made anew each time: twenty thousand of them would not fit the memory that an export may take.
        return Sealed(
            manifest.read(content),
            content,
            self._taken[evidence_id],
            lambda: custody.files(vault, evidence_id),
            lambda: custody.chain(vault, evidence_id),
        )

    def sheet(self, number: int, finding: Finding, pictures: Path) -> Sheet:
        """Everything of one finding; its pictures are laid into `pictures`."""
        names = evidence_ids(finding)
        absent = (name for name in names if name not in self._taken)
        gone = {name: said for name in absent if (said := deleted_evidence(self.desk, name))}
        looks = {name: self.look(name) for name in names if name not in gone}
        shots = {name: tuple(self._shots(name, pictures)) for name in looks}
        broken = {name: ("deleted", said) for name, said in gone.items()}
        found = tuple(flaws.of_finding(finding, looks, set(self.officers), broken))
        return Sheet(number, finding, looks, found, shots, source_of(self.desk, finding), gone)

    def look(self, evidence_id: str) -> flaws.Look:
        """One sealed look. Raises EvidenceBroken."""
        sealed = self.sealed(evidence_id)
        plain = json.loads(sealed.manifest)
        entries = [entry for entry in custody.chain(self.desk.vault, evidence_id) if before(entry, self.at)]
        return flaws.Look(
            evidence=sealed.evidence,
            provenance={str(name): str(value) for name, value in plain.get("provenance", {}).items()},
            custody=entries,
            stamps=stamps_of(self.desk, evidence_id, self.at),
            text=_text(sealed),
            rules=rules_of(sealed),
        )

    def _shots(self, evidence_id: str, pictures: Path) -> Iterator[Shot]:
        sealed = self.sealed(evidence_id)
        for item in sealed.evidence.items:
            if item.media_type.split(";")[0] in PICTURES:
                path = pictures / item.sha256
                if not path.exists():
                    path.write_bytes(sealed.read(item))
                yield Shot(item, path)


def before(entry: dict[str, Any], at: datetime) -> bool:
    """Whether a custody entry was written by then."""
    return datetime.fromisoformat(str(entry["at"])) <= at


def beijing(moment: datetime) -> str:
    """A time as officers read it."""
    return moment.astimezone(BEIJING).strftime("%Y年%m月%d日 %H:%M:%S")


def evidence_ids(finding: Finding) -> list[str]:
    """All evidence of a finding, oldest version first, each once; then what proves that the page was gone."""
    texts = (name for version in finding.versions for name in version.evidence_ids)
    gone = (name for absence in finding.absences for name in absence.evidence_ids)
    return list(dict.fromkeys((*texts, *gone)))


def rules_of(sealed: Sealed) -> dict[str, str | None] | None:
    """The rule files that the look was judged by, by name; None when that was not kept."""
    found: dict[str, str | None] | None = None
    for item in sealed.evidence.items:
        if item.role == "provenance" and item.media_type == "application/json":
            basis = json.loads(sealed.read(item))
            rules = basis.get("rules") if isinstance(basis, dict) else None
            if isinstance(rules, dict):  # other provenance files may stand beside ours: those have none
                found = {**(found or {}), **rules}
    return found


def source_of(desk: Desk, finding: Finding) -> str:
    """On what authority the place is watched; a source may have been taken out of config since."""
    source = desk.catalog.sources.get(finding.source_id)
    return f"{source.title}（巡查依据：{source.basis}）" if source else finding.source_id


def stamps_of(desk: Desk, evidence_id: str, at: datetime) -> tuple[flaws.Stamp, ...]:
    """Outside time stamps of an evidence by then. Raises EvidenceBroken."""
    facts = (fact for fact in stamp.state(desk.vault, evidence_id) if fact.at <= at)
    return tuple(
        flaws.Stamp(fact.authority, fact.delay, is_test(fact.authority), fact.at, fact.digest, fact.serial)
        for fact in facts
    )


def is_test(authority: str) -> bool:
    """Whether a stamp comes from the authority that is shipped for demo and tests: it proves nothing."""
    return authority.casefold() == "test" or "测试" in authority


def _text(sealed: Sealed) -> str | None:
    item = next((item for item in sealed.evidence.items if item.role == "text"), None)
    return sealed.read(item)[:TEXT_BYTES].decode("utf-8", "replace") if item else None
