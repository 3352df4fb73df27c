"""Typed loading, careful changing and full walks over a Store, composed from its few promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from core.errors import Conflict, NotFound
from core.model import KINDS, Stored
from store.base import ANY, CREATE, Expect, Query, Store, save_one

Kept = TypeVar("Kept", bound=Stored)
Edit = Callable[[Kept], Kept]
# The writers of one record are an officer and a crawl; eight lost races in a row mean something is wrong.
ATTEMPTS = 8
PAGE = 200  # records a walk holds at once: some MB of findings at most


def load(store: Store, model: type[Kept], id: str) -> tuple[Kept, int]:  # noqa: A002 - the field's own name
    """The record of that type and its version. Raises NotFound."""
    kind = next(name for name, known in KINDS.items() if known is model)
    record, version = store.load(kind, id)
    if not isinstance(record, model):
        raise TypeError(f"store returned {type(record).__name__} for {kind}")
    return record, version


def find(store: Store, model: type[Kept], id: str) -> Kept | None:  # noqa: A002 - the field's own name
    """The record of that type, or None."""
    try:
        return load(store, model, id)[0]
    except NotFound:
        return None


def save(store: Store, record: Stored) -> None:
    """Save whatever stands there now."""
    save_one(store, record, ANY)


def change(store: Store, model: type[Kept], id: str, edit: Callable[[Kept | None], Kept]) -> Kept:  # noqa: A002
    """Load, edit, save; again when somebody else was quicker, so that no writer's part is lost.

    `edit` gets the present record, or None when there is none, and must be repeatable. Raises Conflict after
    ATTEMPTS lost races, and whatever `edit` raises.
    """
    for _ in range(ATTEMPTS):
        present, expect = _present(store, model, id)
        wanted = edit(present)
        if wanted == present:
            return wanted
        try:
            save_one(store, wanted, expect)
        except Conflict:
            continue
        return wanted
    raise Conflict(f"{model.__name__} {id} is being changed by others all the time")


def _present(store: Store, model: type[Kept], id: str) -> tuple[Kept | None, Expect]:  # noqa: A002
    try:
        return load(store, model, id)
    except NotFound:
        return None, CREATE


def change_existing(store: Store, model: type[Kept], id: str, edit: Edit[Kept]) -> Kept:  # noqa: A002
    """As `change`, for a record that must be there. Raises NotFound."""

    def careful(present: Kept | None) -> Kept:
        if present is None:
            raise NotFound(f"no {model.__name__.lower()} has the id {id}")
        return edit(present)

    return change(store, model, id, careful)


def walk(store: Store, model: type[Kept], query: Query) -> Iterator[Kept]:
    """Every record that the query finds, page by page, after a flush."""
    kind = next(name for name, known in KINDS.items() if known is model)
    store.flush()
    cursor: str | None = None
    while True:
        page = store.search(kind, replace(query, limit=PAGE, cursor=cursor))
        yield from (record for record in page.records if isinstance(record, model))
        cursor = page.cursor
        if cursor is None or not page.records:
            return
