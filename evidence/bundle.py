"""Packs given files into one ZIP that is a BagIt bag, the same byte for byte whenever its content is.

Everything streams: names, lists and contents pass through once, so that ten thousand findings need no more
memory than ten. Files come sorted by name; that also finds doubles without a list of all.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from core.errors import BadInput, EvidenceBroken
from evidence import bag, verify
from evidence.bundle_readme import README
from evidence.manifest import canonical
from evidence.sealed import Sealed, stamp_files
from evidence.storage import translated
from evidence.stored_zip import CHUNK, Content, Packed, StoredZip, facts_of

CHECKER_NAME, README_NAME = "verify.py", "校验说明.txt"


class Entry(NamedTuple):
    """A file for a bundle. `sha256`: what it must have; `sm3`: known to belong to that SHA-256."""

    name: str
    content: Content
    sha256: str | None = None
    sm3: str | None = None


@dataclass(frozen=True)
class About:
    """What a bag says of itself in `bag-info.txt`; `identifier` is a URN."""

    at: datetime = datetime(1980, 1, 1, tzinfo=UTC)
    description: str = "网巡证据包"
    identifier: str = "urn:wangxun:bundle"


def pack(output: Path, files: Iterable[Entry], about: About | None = None) -> str:
    """Write the bundle to `output` and return its SHA-256. Names are those under `data/`, sorted.

    Raises BadInput for names out of order, doubled, or leaving the folder; EvidenceBroken when a content has
    not the SHA-256 it must have; Unavailable when the disk is full or away. `output` appears whole or not at all.
    """
    with translated("writing a bundle"):
        # Nobody else reads the half-made bundle: mkdtemp's folders are their owner's only.
        folder = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.parent))
        try:
            _write(folder, files, about or About())
            made = folder / "bundle.zip"
            with made.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            made.replace(output)
        finally:
            shutil.rmtree(folder)
    return digest


def evidence_entries(sealed: Sealed, at: datetime, place: bytes | None = None) -> Iterator[Entry]:
    """One evidence for a bundle, sorted: manifest, items, custody and stamps by `at`, place in the daily lists.

    Raises NotFound, EvidenceBroken, Unavailable.
    """
    root = f"evidence/{sealed.evidence.id}/"
    entries = [entry for entry in sealed.entries() if datetime.fromisoformat(str(entry["at"])) <= at]
    ready = [Entry("manifest.json", sealed.manifest, sealed.evidence.id), *_records(entries, place)]
    items = {
        f"files/{verify.item_name(number, item.role, item.media_type)}": item
        for number, item in enumerate(sealed.evidence.items)
    }
    given = {entry.name: entry for entry in ready}
    for name in sorted([*given, *items]):
        if name in given:
            yield given[name]._replace(name=root + name)
        else:
            item = items[name]
            yield Entry(root + name, sealed.read(item), item.sha256, item.sm3)


def remaining_entries(
    evidence_id: str, entries: list[dict[str, Any]], place: bytes | None = None
) -> Iterator[Entry]:
    """What is left of evidence that was deleted by rule, sorted: its whole custody, its stamps, its place."""
    for entry in sorted(_records(entries, place)):
        yield entry._replace(name=f"evidence/{evidence_id}/{entry.name}")


def _records(entries: list[dict[str, Any]], place: bytes | None) -> Iterator[Entry]:
    for entry in entries:
        yield Entry(f"custody/{entry['number']:06d}.json", canonical(entry))
    for name, content in stamp_files(entries):
        yield Entry(name, content)
    # A list that was made since knows of more custody than this bundle carries.
    if place is not None and int(json.loads(place)["line"].split()[1]) <= len(entries):
        yield Entry("place.json", place)


def _write(folder: Path, files: Iterable[Entry], about: About) -> None:
    with ExitStack() as stack:
        out = stack.enter_context((folder / "bundle.zip").open("xb", buffering=CHUNK))
        directory = stack.enter_context((folder / "directory").open("x+b"))
        archive = StoredZip(out, directory)
        stack.callback(archive.abandon)
        payload = bag.Payload(folder)
        stack.callback(payload.spool.close)
        info = bag.bag_info(f"Wangxun {version('wangxun')}", about.description, about.at, about.identifier)
        head, tail = bag.listing_ends(info)
        payload.spool.write("bundle.json", head)
        for entry in _sorted(files):
            payload.note(_packed(archive, entry))
        _add_tags(archive, payload, bag.info_file(info, payload.oxum), tail)
        archive.close()
        out.flush()
        os.fsync(out.fileno())


def _add_tags(archive: StoredZip, payload: bag.Payload, info: bytes, tail: bytes) -> None:
    own: dict[str, Content] = {CHECKER_NAME: Path(verify.__file__), README_NAME: README.encode()}
    for name in sorted(own):
        payload.spool.write(
            "bundle.json", (b"," if payload.count else b"") + bag.facts(facts_of(name, own[name]))
        )
        payload.count += 1
    payload.spool.write("bundle.json", tail)
    payload.spool.close()
    tags = {"bag-info.txt": info, "bagit.txt": bag.DECLARATION, **payload.spool.paths, **own}
    known = [facts_of(name, tags[name]) for name in sorted(tags)]
    tags["tagmanifest-sha256.txt"] = b"".join(bag.line(fact.sha256, fact.name) for fact in known)
    tags["tagmanifest-sm3.txt"] = b"".join(bag.line(fact.sm3, fact.name) for fact in known)
    for name in sorted(tags):
        archive.add(name, tags[name])


def _packed(archive: StoredZip, entry: Entry) -> Packed:
    packed = archive.add(bag.PAYLOAD + entry.name, entry.content, entry.sm3 if entry.sha256 else None)
    if entry.sha256 is not None and packed.sha256 != entry.sha256:
        raise EvidenceBroken(f"{entry.name}: the content has not the SHA-256 {entry.sha256}")
    return packed


def _sorted(files: Iterable[Entry]) -> Iterator[Entry]:
    """The entries, each checked against the one before and its neighbours."""
    before, shelves = "", _Shelves()
    for entry in files:
        _check_name(entry.name)
        if before and (entry.name <= before or entry.name.startswith(before + "/")):
            raise BadInput(f"a bundle's files must come sorted and once: {entry.name!r}")
        shelves.place(entry.name)
        before = entry.name
        yield entry


def _check_name(name: str) -> None:
    parts = name.split("/")
    strange = not name.isprintable() or any(c in '\\:*?"<>|%' for c in name)
    if strange or any(part in ("", ".", "..") or part[-1] in ". " for part in parts):
        raise BadInput(f"not a name for a file in a bundle: {name!r}")


@dataclass
class _Shelf:
    """One folder on the way: its path, the last name met in it, and hashes of all names met."""

    path: str
    last: str = ""
    # Hashes instead of names: 64 bits tell a hundred thousand names apart, in a fifth of the memory.
    met: set[int] = field(default_factory=set)


class _Shelves:
    """Finds names that Windows and macOS unpack onto one another (letter case, composition).

    Sorted names leave a folder once and never come back, so that only the folders on the way are remembered.
    """

    def __init__(self) -> None:
        self._open: list[_Shelf] = []

    def place(self, name: str) -> None:
        parts = name.split("/")
        for depth, part in enumerate(parts):
            shelf = self._shelf(depth, "/".join(parts[:depth]))
            spelled = hash(_spelled(part))
            if part != shelf.last and spelled in shelf.met:
                raise BadInput(f"two files of a bundle would have the name {name!r}")
            shelf.met.add(spelled)
            shelf.last = part

    def _shelf(self, depth: int, path: str) -> _Shelf:
        if depth == len(self._open) or self._open[depth].path != path:
            self._open[depth:] = [_Shelf(path)]
        return self._open[depth]


def _spelled(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
