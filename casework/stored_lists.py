"""The daily lists of custody heads as the store keeps them: whole, line by line, so that a list that was rewritten or
taken out of the vault is still there, and it can be named what it said of which chain.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import count, islice

from casework import shelf
from casework.desk import Desk
from core.errors import Conflict, EvidenceBroken, NotFound
from core.model import ListedHeads
from evidence import heads
from evidence.heads import Heads
from evidence.manifest import sha256
from store.base import CREATE, Query, save_one

LINES = 4_000  # a record: half a megabyte, what every back-end takes at once
NAMED = 3  # chains that a fault names: enough to know where to look


def keep(desk: Desk, one: Heads) -> None:
    """Store the list; twice is once. Its first piece goes last: where that stands, the list is whole.

    Raises NotFound, EvidenceBroken, Unavailable.
    """
    lines = heads.cut(desk.vault.manifest(one.plain["leaves"]))
    pieces = list(iter(lambda: b"".join(islice(lines, LINES)), b"")) or [b""]
    for piece in range(len(pieces), 0, -1):
        record = ListedHeads(
            id=_id(one.number, piece),
            number=one.number,
            piece=piece,
            at=datetime.fromisoformat(one.plain["at"]),
            digest=one.digest,
            header=one.content.decode(),
            lines=pieces[piece - 1].decode("ascii"),
        )
        with suppress(Conflict):  # somebody else was quicker; what differs, `fault` finds
            save_one(desk.store, record, CREATE)


def kept(desk: Desk) -> dict[int, str]:
    """Number -> digest of every list that the store has whole."""
    first = shelf.walk(desk.store, ListedHeads, Query(where={"piece": ("1",)}))
    return {part.number: sha256(part.header.encode()) for part in first}


def fault(desk: Desk, one: Heads) -> str:
    """What the store's copy of this list says otherwise, "" when it says the same. Raises Unavailable."""
    parts = list(_pieces(desk, one.number))
    lines = "".join(part.lines for part in parts)
    if (
        all(part.header.encode() == one.content for part in parts)
        and sha256(lines.encode()) == one.plain["leaves"]
    ):
        return ""
    return f"第 {one.number} 份每日清单与业务库所存的不同：{_differing(desk, one, lines)}"


def _pieces(desk: Desk, number: int) -> Iterator[ListedHeads]:
    for piece in count(1):
        part = shelf.find(desk.store, ListedHeads, _id(number, piece))
        if part is None:
            return
        yield part


def _differing(desk: Desk, one: Heads, lines: str) -> str:
    told = {line.partition(" ")[0]: line for line in lines.splitlines()}
    try:
        present = {
            own: f"{own} {number} {head}" for own, (number, head) in heads.lines_of(desk.vault, one).items()
        }
    except (NotFound, EvidenceBroken, ValueError):
        return "证据库里的这份清单读不出来，业务库存有全文"
    other = sorted(own for own in told.keys() | present.keys() if told.get(own) != present.get(own))
    named = (
        f"{own[:12]} 业务库记 {_length(told, own)}，证据库记 {_length(present, own)}"
        for own in islice(other, NAMED)
    )
    return f"{len(other)} 条保管记录，{'；'.join(named)}" if other else "只是抬头不同"


def _length(lines: dict[str, str], own: str) -> str:
    return f"{lines[own].split(' ')[1]} 步" if own in lines else "没有"


def _id(number: int, piece: int) -> str:
    return f"{number:06d}:{piece:06d}"
