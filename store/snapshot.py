"""A store as files, and back: SQLite as a copy of its file, a cluster as JSON lines, either into any empty store.

`store.sqlite3`         the file, copied by SQLite's online backup: one moment, while others write
`<kind>.jsonl.gz`       one record a line, as `core.records.to_json` writes it, oldest first
"""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from core.errors import Conflict, EvidenceBroken, Unavailable
from core.model import KINDS, Stored
from core.records import from_json, to_json
from store import open_store
from store.base import ANY, CREATE, Save, Saved, Store, save_one
from store.copying import PAGE, Content, batches
from store.sqlite_schema import translated

DATABASE = "store.sqlite3"
LINES = ".jsonl.gz"
_SQLITE = "sqlite:///"


def take(url: str, api_key: str, folder: Path) -> None:
    """Write all that the store at `url` holds at this moment into the empty `folder`.

    Raises EvidenceBroken when the database is damaged, Unavailable when a place is away or full.
    """
    if url.startswith(_SQLITE):
        copy_database(Path(url.removeprefix(_SQLITE)), folder / DATABASE)
        return
    with _opened(url, api_key) as store:
        store.flush()
        for kind in KINDS:
            _write(folder / f"{kind}{LINES}", batches(store, kind))


def copy_database(source: Path, target: Path) -> None:
    """A SQLite file as of this moment, and proof that the copy is sound; nobody waits for it.

    Raises EvidenceBroken when the copy is damaged (so the file is), Unavailable.
    """
    with (
        translated("copying it"),
        closing(sqlite3.connect(source)) as one,
        closing(sqlite3.connect(target)) as two,
    ):
        # In one step: with write-ahead logging a long reader hinders no writer, while a copy in small steps begins
        # anew at each foreign write and may never end.
        one.backup(two)
    _sound(target, source)


def _sound(copied: Path, source: Path) -> None:
    with translated("checking it"), closing(sqlite3.connect(copied)) as copy:
        told = [str(row[0]) for row in copy.execute("PRAGMA integrity_check")]
    if told != ["ok"]:
        raise EvidenceBroken(f"{source} is damaged: {told[0]}")


@contextmanager
def opened(folder: Path, around: Path | None = None) -> Iterator[Snapshot]:
    """What `take` wrote, for reading; with `around`, a database is read from a copy there.

    SQLite leaves files beside one while it reads, which a backup on a read-only disk does not bear.
    """
    if not (folder / DATABASE).is_file():
        yield Snapshot(folder, None)
        return
    with tempfile.TemporaryDirectory(dir=around) as place:
        file = folder / DATABASE
        if around is not None:
            file = _laid(file, Path(place) / DATABASE)
        with _opened(f"{_SQLITE}{file}", "") as store:
            yield Snapshot(folder, store)


def _laid(source: Path, target: Path) -> Path:
    """A copy of a file that nobody writes to, sound and on the disk."""
    with translated("copying it"):
        shutil.copyfile(source, target)
        with target.open("rb") as file:
            os.fsync(file.fileno())
    _sound(target, source)
    return target


@dataclass(frozen=True)
class Snapshot:
    """A store's files, readable in batches."""

    folder: Path
    store: Store | None

    def batches(self, kind: str) -> Iterator[tuple[Stored, ...]]:
        """All records of a kind. Raises EvidenceBroken for a line that is no record."""
        if self.store is not None:
            yield from batches(self.store, kind)
        elif (self.folder / f"{kind}{LINES}").is_file():  # a kind that an older program did not know
            yield from _read(self.folder / f"{kind}{LINES}", kind)


def put_back(folder: Path, url: str, api_key: str, around: Path) -> dict[str, Content]:
    """Fill the store at `url`, of whatever kind; by kind, what should stand in it then.

    What stands in it goes: the caller knows that it is empty, or half of an earlier try. Raises EvidenceBroken,
    Unavailable, and BadInput when the records were written by a newer program.
    """
    if url.startswith(_SQLITE) and (folder / DATABASE).is_file():
        _replace(folder / DATABASE, Path(url.removeprefix(_SQLITE)))
        with opened(folder, around) as snapshot:
            return {kind: _sum(snapshot, kind) for kind in KINDS}
    with opened(folder, around) as snapshot, _opened(url, api_key) as target:
        _empty(target)
        filled = {kind: _fill(snapshot, kind, target) for kind in KINDS}
        target.flush()
    return filled


def _sum(snapshot: Snapshot, kind: str) -> Content:
    total = Content()
    for batch in snapshot.batches(kind):
        for record in batch:
            total += record
    return total


def _replace(source: Path, target: Path) -> None:
    """The file as it was, whole or not at all; what an earlier try left beside it goes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f"{target.name}.restoring")
    with translated("putting it back"):
        new.unlink(missing_ok=True)
        _laid(source, new)
        for ending in ("-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
        new.replace(target)


def _empty(target: Store) -> None:
    for kind in KINDS:
        for batch in batches(target, kind):
            for record in batch:
                target.delete(kind, record.id)
    target.flush()


def _fill(snapshot: Snapshot, kind: str, target: Store) -> Content:
    total = Content()
    for batch in snapshot.batches(kind):
        for record in batch:
            total += record
        # A record may stand twice when the walk over the cluster had to begin a second view: the later one counts.
        twice = [one for one in zip(batch, _created(batch, target), strict=True) if one[1].error is not None]
        for record, saved in twice:
            if not isinstance(saved.error, Conflict):
                raise saved.error or Unavailable("the store did not answer")
            total -= target.load(kind, record.id)[0]
            save_one(target, record, ANY)
    return total


def _created(batch: tuple[Stored, ...], target: Store) -> list[Saved]:
    return target.save([Save(record, CREATE) for record in batch])


def _write(path: Path, found: Iterator[tuple[Stored, ...]]) -> None:
    with translated("writing it out"), path.open("xb") as file:
        # Level 1: the lines are mostly Chinese text, and higher levels cost three times as long for a tenth less.
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1, mtime=0, filename="") as lines:
            for batch in found:
                lines.writelines(f"{to_json(record)}\n".encode() for record in batch)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path, kind: str) -> Iterator[tuple[Stored, ...]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            while batch := tuple(from_json(kind, line) for line in islice(lines, PAGE)):
                yield batch
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise EvidenceBroken(f"{path.name} cannot be read: {error}") from error


@contextmanager
def _opened(url: str, api_key: str) -> Iterator[Store]:
    store = open_store(url, api_key)
    try:
        yield store
    finally:
        store.close()
