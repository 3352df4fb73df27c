"""A store that can be told to be away, before a real one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from casework.desk import Desk
from core.errors import ReadOnly, StoreAway, WangxunError
from core.model import Stored
from store.base import Page, Query, Save, Saved, Store


class Switch:
    """`reading` and `writing` say whether it answers; `writes` counts down to the moment at which it goes away.

    An even rarer moment: with `late` the last save is done, and its answer gets lost.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.reading = self.writing = True
        self.writes, self.late = -1, False
        self.asked = 0

    def go(self) -> None:
        self.reading = self.writing = False

    def come_back(self) -> None:
        self.reading = self.writing = True
        self.writes = -1

    def _ask(self) -> None:
        self.asked += 1
        if not self.reading:
            raise StoreAway("the store is away")

    def save(self, records: Sequence[Save]) -> list[Saved]:
        self.asked += 1
        if self.writes == 0:
            self.go()
            if self.late:
                self._store.save(records)
        self.writes -= 1
        if not self.writing:
            error: WangxunError = ReadOnly("read-only") if self.reading else StoreAway("away")
            return [Saved(save.record.id, None, error) for save in records]
        return self._store.save(records)

    def load(self, kind: str, id: str) -> tuple[Stored, int]:  # noqa: A002
        self._ask()
        return self._store.load(kind, id)

    def search(self, kind: str, query: Query) -> Page:
        self._ask()
        return self._store.search(kind, query)

    def delete(self, kind: str, id: str) -> None:  # noqa: A002
        self._ask()
        self._store.delete(kind, id)

    def flush(self) -> None:
        self._ask()
        self._store.flush()

    def close(self) -> None:
        self._store.close()


def switched(desk: Desk) -> tuple[Desk, Switch]:
    """The same desk on a store with a switch."""
    switch = Switch(desk.store)
    return replace(desk, store=switch), switch


def everything(desk: Desk, kinds: Sequence[str] = ("finding", "sighting", "evidence", "contact")) -> object:
    """All that is stored of these kinds, as plain values."""
    desk.store.flush()
    found: dict[str, list[object]] = {}
    for kind in kinds:
        records = desk.store.search(kind, Query(limit=1000)).records
        found[kind] = sorted(
            (record.model_dump(mode="json") for record in records), key=lambda one: one["id"]
        )
    return found
