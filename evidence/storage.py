"""Where a vault's files live: names made once, whole or not at all. A folder here; object storage in `objects`."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from core.errors import Unavailable

# A crash leaves its half-written file in tmp/. No write takes a day, so what is older belongs to nobody.
STALE_SECONDS = 24 * 60 * 60
# Nobody writes to a sealed file; the vault's own user may still delete when retention ends.
READ_ONLY = 0o444


class Storage(Protocol):
    """Few promises, which a folder and an object store can both keep. Every method raises OSError."""

    @property
    def place(self) -> str:
        """Where it is, for people."""
        ...

    def create(self, name: str, content: bytes) -> bool:
        """Make `name` with these bytes, durably; False when it is there already. Never half, never twice."""
        ...

    def read(self, name: str) -> bytes:
        """All bytes; FileNotFoundError when it is not there."""
        ...

    def has(self, name: str) -> bool:
        """Whether it is there."""
        ...

    def names(self, under: str = "") -> list[str]:
        """All names below the folder `under` (a path that ends in "/", or all), sorted; tmp/ left out."""
        ...

    def move(self, name: str, other: str) -> None:
        """Give a file another name; nothing happens when there is none. Broken off, it may be called again."""
        ...

    def remove(self, name: str) -> None:
        """Take a file away; it may be gone already. Evidence goes by `evidence.deletion` only."""
        ...


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Disk full, read-only or away is Unavailable, cause kept. What has its own meaning is caught inside."""
    try:
        yield
    except OSError as error:
        raise Unavailable(f"the vault cannot be used while {doing}: {error}") from error


class Folder:
    """A folder, made when missing. Safe for many processes at once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._tmp = root / "tmp"
        self._tmp.mkdir(parents=True, exist_ok=True)
        self._sweep()

    @property
    def place(self) -> str:
        """The path."""
        return str(self.root)

    def create(self, name: str, content: bytes) -> bool:
        """The bytes reach the disk under another name first; then one link makes them appear, which fails when
        somebody was quicker. So there is never half a file, and never a second writing.
        """
        target = self.root / name
        self._shelf(target.parent)
        temporary = self._tmp / uuid.uuid4().hex
        try:
            _write_durably(temporary, content)
            os.link(temporary, target)
        except FileExistsError:
            return False
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(target.parent)
        return True

    def read(self, name: str) -> bytes:
        """The file's bytes."""
        return (self.root / name).read_bytes()

    def has(self, name: str) -> bool:
        """Whether a file of that name is there; its bytes are not read."""
        return (self.root / name).is_file()

    def names(self, under: str = "") -> list[str]:
        """Walks the folder."""
        found = []
        for folder, _, files in os.walk(self.root / under):
            place = Path(folder).relative_to(self.root).as_posix()
            found += [f"{place}/{file}" if place != "." else file for file in files]
        return sorted(name for name in found if not name.startswith("tmp/"))

    def move(self, name: str, other: str) -> None:
        """One renaming: needs no room, so that a full disk can be emptied."""
        source, target = self.root / name, self.root / other
        self._shelf(target.parent)
        try:
            source.rename(target)
        except FileNotFoundError:
            return  # another process was quicker, or a crash came between this and what follows
        sync_folder(target.parent)
        sync_folder(source.parent)

    def remove(self, name: str) -> None:
        """Unlink."""
        (self.root / name).unlink(missing_ok=True)

    def _shelf(self, folder: Path) -> None:
        """A folder for files; a new one must itself survive a power cut."""
        if not folder.is_dir():
            self._shelf(folder.parent)
            folder.mkdir(exist_ok=True)
            sync_folder(folder.parent)

    def _sweep(self) -> None:
        oldest = time.time() - STALE_SECONDS
        for left in self._tmp.iterdir():
            with suppress(FileNotFoundError):  # its writer has just finished
                if left.stat().st_mtime < oldest:
                    left.unlink()


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fchmod(file.fileno(), READ_ONLY)
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """A name is durable only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
