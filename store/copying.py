"""Everything from one store to another, with a proof: counts and digests of both, taken anew after the copy."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from core.errors import BadInput, Conflict
from core.model import KINDS, Stored
from core.records import kind_of, to_json
from store.base import ANY, CREATE, Query, Save, Store

FILE = "sqlite:///"  # begins the address of a file
PAGE = 500  # records read at once: a few MB
PAGES = 4  # saved at once: a cluster is written to by several requests at a time


@dataclass(frozen=True)
class Content:
    """How many records of a kind there are, and the sum of their SHA-256 digests (the order does not count)."""

    count: int = 0
    digest: int = 0

    def __add__(self, record: Stored) -> Content:
        own = hashlib.sha256(to_json(record).encode()).digest()
        # Modulo 2**256: the sum stays as long as one digest.
        return Content(self.count + 1, (self.digest + int.from_bytes(own)) % 2**256)

    def __sub__(self, record: Stored) -> Content:
        own = hashlib.sha256(to_json(record).encode()).digest()
        return Content(self.count - 1, (self.digest - int.from_bytes(own)) % 2**256)


@dataclass(frozen=True)
class Compared:
    """One kind in both stores, after the copy."""

    kind: str
    source: Content
    target: Content

    @property
    def equal(self) -> bool:
        """Whether the same records stand in both."""
        return self.source == self.target


def copy(source: Store, target: Store, tell: Callable[[str], None], *, again: bool = False) -> list[Compared]:
    """Copy all records of all kinds, then read both stores anew and compare; nothing is deleted.

    The target must be empty, unless `again`: then it holds a copy begun before, and what differs is overwritten.
    Raises BadInput for a target that is not empty, for a source that is, and what the stores raise.
    """
    if _held(source) is None:
        # A slip in the address: fourteen times "0 and 0, equal" would look like a proof.
        raise BadInput("the source holds no records: is its address right?")
    if not again and (kind := _held(target)):
        raise BadInput(f"the target holds {kind} records already; to go on with a copy begun before: --again")
    for kind in KINDS:
        copied = sum(_copy_batch(batch, target, again) for batch in _joined(batches(source, kind)))
        tell(f"{kind}: {copied} copied")
    target.flush()
    return [Compared(kind, content(source, kind), content(target, kind)) for kind in KINDS]


def content(store: Store, kind: str) -> Content:
    """What stands there of a kind."""
    total = Content()
    for batch in batches(store, kind):
        for record in batch:
            total += record
    return total


def check_places(source: str, target: str) -> None:
    """Before two addresses are opened for a copy. Raises BadInput for a source file that is not there, since opening
    would make an empty one, and for one place given twice, whose copy would prove nothing.
    """
    place = _place(source)
    if place & _place(target):
        raise BadInput("source and target are the same store")
    if source.startswith(FILE):
        [path] = place
        if not Path(path).is_file():
            raise BadInput(f"there is no store at {path}")


def _place(url: str) -> frozenset[str]:
    """The file, or the prefix on each of the hosts."""
    if url.startswith(("http://", "https://")):
        from store.elasticsearch.address import read_address  # loads the driver

        address = read_address(url)
        return frozenset(f"{host}/{address.prefix}" for host in address.hosts)
    return frozenset({str(Path(url.removeprefix(FILE)).resolve())})


def _held(store: Store) -> str | None:
    """A kind of which the store holds records; None for an empty one."""
    store.flush()
    return next((kind for kind in KINDS if store.search(kind, Query(limit=1)).total), None)


def _joined(pages: Iterator[tuple[Stored, ...]]) -> Iterator[tuple[Stored, ...]]:
    while together := tuple(chain.from_iterable(islice(pages, PAGES))):
        yield together


def _copy_batch(batch: tuple[Stored, ...], target: Store, again: bool) -> int:
    answers = target.save([Save(record, CREATE) for record in batch])
    for record, saved in zip(batch, answers, strict=True):
        if isinstance(saved.error, Conflict) and again:
            _overwrite(record, target)
        elif saved.error is not None:
            raise saved.error
    return len(batch)


def _overwrite(record: Stored, target: Store) -> None:
    if target.load(kind_of(record), record.id)[0] != record:
        [saved] = target.save([Save(record, ANY)])
        if saved.error is not None:
            raise saved.error


def batches(store: Store, kind: str) -> Iterator[tuple[Stored, ...]]:
    """All records of a kind, oldest first, some hundreds at once; from the second on in one view, where there are views."""
    store.flush()
    cursor = None
    while True:
        page = store.search(kind, Query(order="oldest", limit=PAGE, cursor=cursor))
        yield page.records
        cursor = page.cursor
        if cursor is None:
            return
