"""Write-once files named by their SHA-256, in a folder. A file is there whole or not at all.

vault.json            what this folder is
ab/abcdef…            contents, by digest
custody/<id>/         one chain for each evidence item (`evidence.custody`)
tmp/                  files being written
"""

from __future__ import annotations

import os
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import EvidenceBroken, NotFound, Unavailable
from evidence.manifest import canonical, sha256

DIGEST = re.compile("[0-9a-f]{64}")
# A crash leaves its half-written file in tmp/. No write takes a day, so what is older belongs to nobody.
STALE_SECONDS = 24 * 60 * 60
# Nobody writes to a sealed file; the vault's own user may still delete when retention ends.
READ_ONLY = 0o444


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Disk full, read-only or away is Unavailable, cause kept. What has its own meaning is caught inside."""
    try:
        yield
    except OSError as error:
        raise Unavailable(f"the vault cannot be used while {doing}: {error}") from error


class Vault:
    """The vault in `folder`, which is made. Safe for many processes at once. Raises Unavailable."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tmp = folder / "tmp"
        with translated("opening it"):
            for needed in (self._tmp, folder / "custody"):
                needed.mkdir(parents=True, exist_ok=True)
            self._sweep()
            self.create(folder / "vault.json", canonical({"format": "wangxun-vault", "schema": 1}))

    def put(self, content: bytes) -> str:
        """Keep the bytes and return their SHA-256. Putting twice is putting once.

        Raises Unavailable when the disk is full or away; then nothing is there under the digest's name.
        Raises EvidenceBroken when the digest's file is there with other bytes.
        """
        digest = sha256(content)
        target = self.path(digest)
        with translated("writing"):
            if not target.exists() and self.create(target, content):
                return digest
            if target.read_bytes() != content:
                raise EvidenceBroken(f"{digest} is in the vault with other bytes")
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes, checked on every reading. Raises NotFound, EvidenceBroken, Unavailable."""
        with translated("reading"):
            try:
                content = self.path(digest).read_bytes()
            except FileNotFoundError as error:
                raise NotFound(f"{digest} is not in the vault") from error
        if sha256(content) != digest:
            raise EvidenceBroken(f"{digest}: the bytes in the vault have another digest")
        return content

    def has(self, digest: str) -> bool:
        """Whether a file of that name is there; its bytes are not read."""
        return self.path(digest).is_file()

    def path(self, digest: str) -> Path:
        """Where the bytes are or would be. Raises NotFound for what is no digest (it may come from a URL)."""
        if not DIGEST.fullmatch(digest):
            raise NotFound(f"not a SHA-256 digest: {digest!r}")
        return self.folder / digest[:2] / digest

    def digests(self) -> Iterator[str]:
        """Digests of all kept files, in order."""
        with translated("listing"):
            for shelf in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
                yield from sorted(file.name for file in shelf.iterdir())

    def create(self, target: Path, content: bytes) -> bool:
        """Make `target` with these bytes, durably; False when it is there already. Raises OSError.

        The bytes reach the disk under another name first; then one link makes them appear, which fails when
        somebody was quicker. So there is never half a file, and never a second writing.
        """
        self._shelf(target.parent)
        temporary = self._tmp / uuid.uuid4().hex
        try:
            _write_durably(temporary, content)
            os.link(temporary, target)
        except FileExistsError:
            return False
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(target.parent)
        return True

    def _shelf(self, folder: Path) -> None:
        """A folder for files; a new one must itself survive a power cut."""
        if not folder.is_dir():
            folder.mkdir(exist_ok=True)
            _sync_folder(folder.parent)

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


def _sync_folder(folder: Path) -> None:
    """A name is durable only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
