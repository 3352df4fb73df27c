"""How things stand, for whoever waits: does the store answer, does it take things in, what waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from casework import shelf
from casework.desk import Desk
from casework.spool import Waits
from core.errors import StoreAway, Unavailable
from core.model import Lease
from store.base import Query, Store

# A record of no source: whether the store takes anything in can only be found out by saving something.
PROBE = "(standing)"
StoreState = Literal["ok", "read_only", "away"]


@dataclass(frozen=True)
class Standing:
    """`waits` is None when the spool itself cannot be looked at; `at` is the moment of the look."""

    store: StoreState
    waits: Waits | None
    at: datetime

    @property
    def ok(self) -> bool:
        """Whether everything works."""
        return self.store == "ok" and self.waits is not None and not self.waits.aside


def look(desk: Desk) -> Standing:
    """Ask store and spool. Raises nothing of ours: what is wrong is the answer."""
    try:
        waits = desk.spool.look()
    except Unavailable:
        waits = None
    return Standing(of_store(desk.store), waits, datetime.now(UTC))


def of_store(store: Store) -> StoreState:
    """Whether the store answers, and takes something in."""
    try:
        store.search("run", Query(limit=1))
    except StoreAway:
        return "away"
    try:
        shelf.save(store, Lease(id=PROBE, run_id="", expires_at=datetime.now(UTC)))
    except StoreAway:
        return "read_only"
    return "ok"
