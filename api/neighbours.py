"""The next finding to look at, so that nobody goes back to the list after each one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from casework import review
from casework.desk import Desk
from core.model import Actor
from store.base import Query

# Findings seen in the same microsecond as the one before: a crawl takes in one post after another, so a page is plenty.
NEAR = 20


def waiting(desk: Desk, actor: Actor, status: str) -> int:
    """How many findings of that status this Actor may see."""
    return review.search(desk, actor, Query(where={"status": (status,)}, limit=1)).total


def following(desk: Desk, actor: Actor, status: str, after: str, since: datetime | None) -> str | None:
    """The id of the finding of that status that has waited longest, beginning behind `after`, last seen at `since`.

    Begins again from the oldest at the end; None when no other is left.
    """
    query = Query(where={"status": (status,)}, order="oldest", limit=NEAR)
    behind = _ids(desk, actor, replace(query, since=since))
    if after in behind:
        behind = behind[behind.index(after) + 1 :]
    others = behind or [name for name in _ids(desk, actor, query) if name != after]
    return next(iter(others), None)


def _ids(desk: Desk, actor: Actor, query: Query) -> list[str]:
    return [record.id for record in review.search(desk, actor, query).records]
