"""Captures laid out for a replay tool: out of a bundle, or out of the vault for one finding.

The tool itself (pywb) is a program of its own that the operator installs: it is GPL and never part of this one.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from casework import shelf
from casework.desk import Desk
from casework.labels import LOOKS
from casework.sheets import beijing, evidence_ids
from core.errors import BadInput, EvidenceBroken
from core.model import Actor, Evidence, Finding
from evidence import wacz
from evidence.manifest import DIGEST

_CAPTURE = re.compile(r"data/derived/([0-9a-f]{64})/capture\.wacz")
# An index line has some 300 bytes and a heavy page 200 of them; 64 MiB is beyond any page and stops a bomb.
_INDEX_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Capture:
    """One capture in a replay folder: the name of its collection, its address, when (14 digits UTC), what it is."""

    name: str
    url: str
    stamp: str
    label: str


def from_bundle(bundle: Path, folder: Path) -> list[Capture]:
    """Lay out every capture of a bundle (ZIP or unpacked), oldest first. Raises BadInput when it is no bundle of ours."""
    try:
        laid = [_laid(name, content, label, folder) for name, content, label in _captures(bundle)]
        return sorted(laid, key=lambda one: (one.stamp, one.name))
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, EOFError) as error:
        raise BadInput(f"{bundle} 不是可以回放的证据包：{error}") from error


def of_finding(desk: Desk, actor: Actor, finding_id: str, folder: Path) -> list[Capture]:
    """Lay out all captures of a finding; each is written into its custody as looked at. Raises NotFound."""
    finding = shelf.load(desk.store, Finding, finding_id)[0]
    return [_out_of_vault(desk, actor, name, folder) for name in evidence_ids(finding)]


def _out_of_vault(desk: Desk, actor: Actor, evidence_id: str, folder: Path) -> Capture:
    sealed = desk.vault.open(evidence_id, "viewed", actor, "回放")
    kept = next((item for item in sealed.evidence.items if item.role == "warc"), None)
    if kept is None:
        raise EvidenceBroken(f"{evidence_id} has no WARC")
    warc, packed = folder / "one.warc.gz", folder / "one.wacz"
    warc.write_bytes(sealed.read(kept))
    wacz.build(packed, warc, sealed.evidence)
    with packed.open("rb") as file:
        laid = _laid(evidence_id, file, _label(sealed.evidence), folder)
    packed.unlink()
    warc.unlink()
    return laid


def _captures(bundle: Path) -> Iterator[tuple[str, IO[bytes], str]]:
    """(evidence id, WACZ, what it is) of each capture."""
    if bundle.is_dir():
        for path in sorted(bundle.glob("data/derived/*/capture.wacz")):
            manifest = bundle / "data" / "evidence" / path.parent.name / "manifest.json"
            with path.open("rb") as file:
                yield path.parent.name, file, _told(manifest.read_bytes())
        return
    with zipfile.ZipFile(bundle) as archive:
        for found in filter(None, map(_CAPTURE.fullmatch, archive.namelist())):
            manifest_name = f"data/evidence/{found[1]}/manifest.json"
            with archive.open(found[0]) as file:
                yield found[1], file, _told(archive.read(manifest_name))


def _laid(name: str, content: IO[bytes], label: str, folder: Path) -> Capture:
    """A collection as pywb finds it: WARC and plain index, taken out of the WACZ."""
    if not DIGEST.fullmatch(name):
        raise ValueError(f"{name!r} is no evidence id")
    place = folder / "collections" / name
    for part in ("archive", "indexes"):
        (place / part).mkdir(parents=True)
    with zipfile.ZipFile(content) as packed:
        with (
            packed.open(f"archive/{wacz.WARC_NAME}") as warc,
            (place / "archive" / wacz.WARC_NAME).open("wb") as out,
        ):
            shutil.copyfileobj(warc, out)
        with gzip.open(packed.open("indexes/index.cdx.gz")) as index:
            lines = index.read(_INDEX_BYTES)
        page = json.loads(packed.read("pages/pages.jsonl").splitlines()[1])
    (place / "indexes" / "index.cdxj").write_bytes(lines)
    stamp = re.sub(r"\D", "", str(page["ts"]))[:14]
    return Capture(name, str(page["url"]), stamp, label)


def _told(manifest: bytes) -> str:
    plain = json.loads(manifest)
    return f"{LOOKS.get(plain['look'], '取证')} {beijing(datetime.fromisoformat(plain['captured_at']))}"


def _label(evidence: Evidence) -> str:
    return f"{LOOKS[evidence.look]} {beijing(evidence.captured_at)}"
