"""A vault copied into a folder that grows, while evidence is sealed, looked at and deleted; and back into an empty one.

The folder is a vault itself, and the checker takes it as it is. What was copied once is not copied again, for
nothing in a vault changes. The order makes the copy agree with itself: first the daily lists, then the chains, so
every list finds the entries that it counts; then the contents that these chains name, so every chain has its files.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from core.errors import EvidenceBroken
from evidence import custody
from evidence.deletion import named
from evidence.manifest import DIGEST, sha256
from evidence.storage import Folder, translated
from evidence.vault import Vault, shelf

CHUNK = 1 << 20  # bytes hashed at once
WRITERS = 8  # files under way at once: each waits for its disk or its server most of the time
AT_ONCE = 2_000  # names handed to the writers together, so that a million of them need no memory
LINE = re.compile(r"([0-9a-f]{64}) ([0-9]+) (.+)")

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


@dataclass
class Mirrored:
    """What the folder holds of the vault: sealed ids that stand, ids deleted by rule, what the vault has lost.

    `lost` names what a chain speaks for and the vault no longer has as it was; what an earlier copy still had is kept.
    """

    standing: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)
    unneeded: set[str] = field(default_factory=set)
    files: int = 0
    copied: int = 0
    size: int = 0
    head: str = ""


def mirror(vault: Vault, folder: Path, listing: Path) -> Mirrored:
    """Bring the folder up to date and write into `listing` what belongs to it: SHA-256, size and name, a line each.

    Raises EvidenceBroken when the folder holds the history of another vault, Unavailable when a place is away or full.
    """
    with translated("copying it"), listing.open("x", encoding="utf-8") as lines:
        return _Copying(vault, Folder(folder), lines).run()


def drop(folder: Path, done: Mirrored) -> int:
    """Take away what only deleted evidence named, once no complete copy speaks of it any more; how many files."""
    target = Folder(folder)
    with translated("clearing the copy"):
        gone = [digest for digest in sorted(done.unneeded) if target.has(shelf(digest))]
        for digest in gone:
            target.remove(shelf(digest))
    return len(gone)


def listed(listing: Path) -> Iterator[tuple[str, int, str]]:
    """SHA-256, size and name of each file. Raises EvidenceBroken for a line that is none, Unavailable."""
    with translated("reading its list"), listing.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            found = LINE.fullmatch(line.rstrip("\n"))
            if not found or found[3].startswith("/") or ".." in found[3].split("/"):
                raise EvidenceBroken(f"{listing.name} has a line that is none: {line[:100]!r}")
            yield found[1], int(found[2]), found[3]


def together(work: Callable[[_Given], _Made], given: Iterable[_Given]) -> Iterator[_Made]:
    """The work done for each, some at a time, answers in order; raises what one raised."""
    waiting = iter(given)
    with ThreadPoolExecutor(WRITERS) as writers:
        while batch := list(islice(waiting, AT_ONCE)):
            yield from writers.map(work, batch)


def bring_back(folder: Path, listing: Path, vault: Vault) -> int:
    """Put the listed files into the vault; how many. May be repeated. Raises EvidenceBroken, Unavailable."""

    def put(line: tuple[str, int, str]) -> None:
        digest, size, name = line
        try:
            content = (folder / name).read_bytes()
        except FileNotFoundError as error:
            raise EvidenceBroken(f"the backup lacks {name}") from error
        if (sha256(content), len(content)) != (digest, size):
            raise EvidenceBroken(f"the backup's {name} is not what it was")
        if not vault.create(name, content) and vault.storage.read(name) != content:
            raise EvidenceBroken(f"{name} stands in the vault with other bytes")

    with translated("putting it back"):
        count = sum(1 for _ in together(put, listed(listing)))
        for one in custody.ids(vault):
            if _waits(custody.chain(vault, one)):
                vault.await_stamp(one)
    return count


class _Copying:
    """One copy under way."""

    def __init__(self, vault: Vault, target: Folder, lines: Any) -> None:
        self._vault, self._source, self._target, self._lines = vault, vault.storage, target, lines
        self._copied = Vault(target)
        self._wanted: set[str] = set()
        self._passing: set[str] = set()  # contents of chains that were cut off before they were sealed
        self._gone: set[str] = set()
        self.done = Mirrored()

    def run(self) -> Mirrored:
        heads = self._heads()
        alarms = self._source.names("alarms/")
        chains = self._lengths()
        there = set(self._source.names())
        for name in ("vault.json", *alarms):
            self._copy(name)
        self._bring(name for one in chains for name in self._entries(one, chains[one]))
        for one, count in sorted(chains.items()):
            self._chain(one, count)
        for name, content in heads:
            self._head(name, content)
        needed = sorted(self._wanted | self._passing)
        self._bring(shelf(digest) for digest in needed if shelf(digest) in there)
        for digest in needed:
            self._content(digest, shelf(digest) in there)
        self.done.unneeded = self._gone - self._wanted - self._passing
        return self.done

    def _lengths(self) -> dict[str, int]:
        """How long each chain is. One that the earlier copy knows longer was cut off since: the longer one is kept."""
        now, before = (_counts(storage.names("custody/")) for storage in (self._source, self._target))
        short = sorted(one for one in before if before[one] > now.get(one, 0))
        self.done.lost += [f"custody/{one} lost entries that an earlier copy still has" for one in short]
        return {one: max(before.get(one, 0), now.get(one, 0)) for one in before.keys() | now.keys()}

    def _heads(self) -> list[tuple[str, bytes]]:
        """The lists, held until their chains are known. Earlier ones must be those of the earlier copy."""
        found = [(name, self._source.read(name)) for name in self._source.names("heads/")]
        for name, content in found:
            if self._target.has(name) and self._target.read(name) != content:
                raise EvidenceBroken(
                    f"{self._target.place} holds the history of another vault ({name} differs): name another folder"
                )
        return found

    def _head(self, name: str, content: bytes) -> None:
        """A list is taken once its own chain is closed: half of one would be a fault of the copy."""
        if sha256(content) in self.done.standing:
            self._target.create(name, content)
            self._list(name, content)
            self.done.head = sha256(content)

    def _chain(self, one: str, count: int) -> None:
        """A chain as far as it had grown, and what it says about contents."""
        for name in self._entries(one, count):
            if not self._copy(name):
                return
        try:
            entries = custody.chain(self._copied, one)[:count]
        except EvidenceBroken as error:
            self.done.lost.append(str(error))
            return
        mark, names = f"todo/stamp/{one}", _named(self._vault, entries)
        if custody.deletion(entries):
            self.done.deleted.add(one)
            self._gone |= names
        elif "sealed" in custody.events(entries) or "kind" not in entries[0]:
            self.done.standing.add(one)
            self._wanted |= names if entries[0].get("kind") != "heads" else names - {one}
        else:
            self._passing |= names
        if _waits(entries):
            self._target.create(mark, b"")
        else:
            self._target.remove(mark)

    @staticmethod
    def _entries(one: str, count: int) -> list[str]:
        return [f"custody/{one}/{number:06d}.json" for number in range(1, count + 1)]

    def _bring(self, names: Iterable[str]) -> None:
        """Copy what is not here yet, several files at once. What cannot be had is told later, one by one."""
        missing = (name for name in names if not self._target.has(name))
        self.done.copied += sum(together(self._brought, missing))

    def _brought(self, name: str) -> bool:
        content = self._read(name)
        if content is None or (DIGEST.fullmatch(name[3:]) and sha256(content) != name[3:]):
            return False
        return self._target.create(name, content)

    def _content(self, digest: str, there: bool) -> None:
        """One of the contents, here by now if it can be had."""
        name = shelf(digest)
        kept = self._target.has(name)
        if digest in self._wanted and not (there and kept):
            state = "changed in" if there else "gone from"
            self.done.lost.append(
                f"{name} is {state} the vault" + (", kept from an earlier copy" if kept else "")
            )
        if kept:
            self._list(name, digest)

    def _copy(self, name: str) -> bool:
        """A small file that is no content; False when it is nowhere."""
        content = self._target.read(name) if self._target.has(name) else self._read(name)
        if content is None:
            self.done.lost.append(f"{name} is gone from the vault")
            return False
        if self._target.create(name, content):
            self.done.copied += 1
        self._list(name, content)
        return True

    def _read(self, name: str) -> bytes | None:
        try:
            return self._source.read(name)
        except FileNotFoundError:
            return None

    def _list(self, name: str, content: bytes | str) -> None:
        """A line of the list; a content's digest is its name."""
        size = (self._target.root / name).stat().st_size if isinstance(content, str) else len(content)
        digest = content if isinstance(content, str) else sha256(content)
        self._lines.write(f"{digest} {size} {name}\n")
        self.done.files += 1
        self.done.size += size


def digest_of(path: Path) -> str:
    """SHA-256 of a file. Raises OSError."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def _counts(names: Iterable[str]) -> dict[str, int]:
    """How far each chain had grown. A listing taken while entries appear may lack an older one, never have a newer."""
    found: dict[str, int] = {}
    for name in names:
        one, _, entry = name.removeprefix("custody/").partition("/")
        if DIGEST.fullmatch(one) and re.fullmatch(r"[0-9]{6,}\.json", entry):
            found[one] = max(found.get(one, 0), int(entry[:-5]))
    return found


def _named(vault: Vault, entries: list[custody.Entry]) -> set[str]:
    first = entries[0]
    names = named(vault, first)
    return {one for one in names if DIGEST.fullmatch(one)}


def _waits(entries: list[custody.Entry]) -> bool:
    """Whether it still wants its time stamp, as the checker asks it."""
    done = custody.events(entries)
    wants = "sealed" in done and "stamped" not in done and "deleted" not in done
    return wants and entries[0].get("kind", "reference") != "reference"
