"""Sealed looks that no finding names: a run was killed between sealing and saving, and the post was met again later.

They are kept: no term of retention speaks of them, and what nobody has looked at, nobody deletes. They are counted, so
that a person knows of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import datetime, timedelta

from casework.desk import Desk
from core.errors import EvidenceBroken, NotFound
from evidence import custody

# What is sealed now gets its finding within the run; the longest budget of a run is some hours, and a spool may wait.
YOUNG = timedelta(days=7)


def unnamed(desk: Desk, named: Set[str], now: datetime) -> Iterator[str]:
    """Ids of evidence older than YOUNG that is not among `named` and not deleted. Raises Unavailable."""
    for one in custody.ids(desk.vault):
        if one not in named and _stands(desk, one, now - YOUNG):
            yield one


def _stands(desk: Desk, one: str, before: datetime) -> bool:
    try:
        entries = custody.chain(desk.vault, one)
    except (EvidenceBroken, NotFound):
        return False  # `wangxun verify` and the patrol say what is wrong with it
    evidence = bool(entries) and entries[0].get("kind") == "evidence"
    return evidence and not custody.deletion(entries) and custody.moment(entries[0]) < before
