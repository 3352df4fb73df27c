"""Everything from one store to another, with a proof: counts and digests of both, taken anew after the copy."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from core.errors import BadInput, Conflict
from core.model import KINDS, Stored
from core.records import kind_of, to_json
from store.base import ANY, CREATE, Query, Save, Store

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
    Raises BadInput for a target that is not empty, and what the stores raise.
    """
    if not again:
        _check_empty(target)
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


def _check_empty(target: Store) -> None:
    target.flush()
    for kind in KINDS:
        if target.search(kind, Query(limit=1)).total:
            raise BadInput(
                f"the target holds {kind} records already; to go on with a copy begun before: --again"
            )


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
