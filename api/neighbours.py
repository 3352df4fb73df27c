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
    for part in (replace(query, since=since), query):
        ids = [record.id for record in review.search(desk, actor, part).records]
        if after in ids:
            ids = ids[ids.index(after) + 1 :]
        if ids:
            return ids[0]
    return None
