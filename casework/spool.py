"""Where records wait while the store is away: one file each in the data folder, until their landing was answered.

waiting/<2 hex>/<name>       whole or not there: written beside, flushed to the disk, renamed
aside/<name>, <name>.cause   cannot land, and why; a person looks at them (`wangxun spool`)
tmp/                         being written
write.lock, drain.lock       held by whoever writes or removes a file, and by whoever lets records land
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from casework.waiting import Observation, Waiting, from_bytes, key_of, name_of, seen_at, to_bytes
from core.errors import EvidenceBroken, Unavailable

# Other processes put files here as well; a minute's worth of theirs may be overlooked when the size is asked for.
COUNT_SECONDS = 60.0
STALE_SECONDS = 24 * 60 * 60.0  # a half-written file of a crash; no write takes a day
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Waits:
    """What is in the spool: how many records and bytes wait, the oldest one's time, and what was put aside and why."""

    records: int
    bytes: int
    oldest: datetime | None
    aside: tuple[tuple[str, str], ...]


class Spool:
    """A folder, made at its first record. Safe for many processes. Methods raise Unavailable when it cannot be used."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self._folder, self._limit = folder, megabytes * MEGABYTE
        self._turn = threading.Lock()
        self._bytes, self._counted = 0, -COUNT_SECONDS

    def put(self, record: Waiting) -> None:
        """Keep the record, durably when this returns; twice is once, and a text met again is only noted as seen."""
        with _translated("writing"), self._writing():
            before = self._newest(record.about) if isinstance(record, Observation) else None
            if before and isinstance(record, Observation) and record.is_again(before):
                seen_to = max(before.seen_to, record.seen_to)
                record = before.model_copy(update={"seen_to": seen_to})
            self._write(self._path(name_of(record)), _packed(record))

    def same(self, record: Observation) -> Observation | None:
        """The observation of this very text that waits already, if one does."""
        with _translated("reading"), self._writing():
            before = self._newest(record.about)
        return before if before and record.is_again(before) else None

    def waiting(self) -> list[Path]:
        """The files of all that waits, in the order in which it was seen."""
        with _translated("listing"):
            files = (path for path in (self._folder / "waiting").glob("??/*") if path.is_file())
            return sorted(files, key=_turn)

    def read(self, path: Path) -> tuple[Waiting, bytes] | None:
        """The record and the file's bytes; None when it has landed meanwhile. Raises EvidenceBroken for a spoiled file."""
        with _translated("reading"):
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                return None
        return _unpacked(content, path.name), content

    def remove(self, path: Path, content: bytes) -> None:
        """Take away what has landed, unless somebody has changed the file since it was read with this `content`."""
        with _translated("removing"), self._writing():
            if path.read_bytes() == content:
                path.unlink()
                self._bytes -= len(content)

    def set_aside(self, path: Path, cause: str) -> None:
        """Put a record that cannot land where it is in nobody's way, with the cause."""
        with _translated("putting aside"), self._writing():
            self._write(self._folder / "aside" / f"{path.name}.cause", cause.encode())
            path.rename(self._folder / "aside" / path.name)
            self._counted = -COUNT_SECONDS

    def again(self) -> int:
        """Let all that was put aside wait once more; how many."""
        with _translated("moving"), self._writing():
            files = [path for path in self._aside() if path.with_name(f"{path.name}.cause").exists()]
            for path in files:
                target = self._path(path.name)
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                path.rename(target)
                path.with_name(f"{path.name}.cause").unlink()
            return len(files)

    def look(self) -> Waits:
        """What is in it now."""
        files = self.waiting()
        with _translated("looking"):
            aside = tuple((path.name, _cause(path)) for path in self._aside())
        oldest = min(filter(None, (seen_at(path.name) for path in files)), default=None)
        return Waits(len(files), _size(files), oldest, aside)

    @property
    def full(self) -> bool:
        """Whether it has grown beyond its size: nobody should bring more. What was put aside does not count."""
        if time.monotonic() - self._counted >= COUNT_SECONDS:
            self._bytes, self._counted = _size(self.waiting()), time.monotonic()
        return self._bytes >= self._limit

    @contextmanager
    def draining(self) -> Iterator[bool]:
        """Only one lets records land at a time; False for everybody else."""
        if not self._folder.exists():
            yield True  # nothing ever waited: no folder is made for that
            return
        with _translated("locking"):
            handle = os.open(self._folder / "drain.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield _locked(handle)
        finally:
            os.close(handle)

    def tidy(self) -> None:
        """Take away what crashes left half-written."""
        with _translated("tidying"), self._writing():  # nobody is at it meanwhile
            for path in (self._folder / "tmp").glob("*"):
                if time.time() - path.stat().st_mtime > STALE_SECONDS:
                    path.unlink(missing_ok=True)

    @cached_property
    def _made(self) -> Path:
        for folder in (self._folder, self._folder / "waiting", self._folder / "aside", self._folder / "tmp"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds texts and contacts
        return self._folder

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Between threads a lock, between processes one of the system's."""
        with self._turn:
            handle = os.open(self._made / "write.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield
            finally:
                os.close(handle)

    def _write(self, target: Path, content: bytes) -> None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._made / "tmp")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        for folder in (target.parent, target.parent.parent):  # the second one: the first may be new
            _sync(folder)
        self._bytes += len(content)

    def _newest(self, about: str) -> Observation | None:
        """The last observation of a post that waits; a spoiled one says nothing."""
        key = key_of(about)
        for path in sorted((self._folder / "waiting" / key[:2]).glob(f"{key}.*.post"), reverse=True)[:1]:
            try:
                found = _unpacked(path.read_bytes(), path.name)
            except EvidenceBroken:
                return None  # whoever drains puts it aside by name
            return found if isinstance(found, Observation) else None
        return None

    def _path(self, name: str) -> Path:
        return self._folder / "waiting" / name[:2] / name

    def _aside(self) -> list[Path]:
        return sorted(path for path in (self._folder / "aside").glob("*") if path.suffix != ".cause")


@contextmanager
def _translated(doing: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"the spool cannot be used while {doing}: {error}") from error


def _packed(record: Waiting) -> bytes:
    body = gzip.compress(to_bytes(record), mtime=0)
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _unpacked(content: bytes, name: str) -> Waiting:
    digest, _, body = content.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        raise EvidenceBroken(f"spool file {name} is spoiled: its bytes are not those that were written")
    try:
        return from_bytes(gzip.decompress(body))
    except (ValueError, OSError) as error:
        raise EvidenceBroken(f"spool file {name} cannot be read: {error}") from error


def _turn(path: Path) -> tuple[list[str], bool, str]:
    """By time, a post before the look at it."""
    return path.name.split(".")[1:2], path.suffix != ".post", path.name


def _cause(path: Path) -> str:
    said = path.with_name(f"{path.name}.cause")
    return said.read_text(encoding="utf-8", errors="replace") if said.exists() else ""


def _size(files: list[Path]) -> int:
    total = 0
    for path in files:
        with suppress(FileNotFoundError):  # it has landed meanwhile
            total += path.stat().st_size
    return total


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
