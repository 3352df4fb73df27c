"""The daily list: for every chain that grew, how long it is and the digest of its newest entry.

`heads/000001.json` is a header; it carries the digest of the header before and the root of a hash tree
(RFC 6962, section 2.1) over the lines `id count head`, which are kept as a content of their own. The header is
stamped like evidence. A list names the chains that changed since the one before, so all lists together say of
every chain how far it had grown and when: a tail that is cut off, or a chain that is gone, shows. A bundle
carries the headers and the path of its own lines, without other people's lines.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from core.errors import EvidenceBroken, NotFound
from core.model import SYSTEM
from evidence import alarms, custody
from evidence.manifest import canonical, plain_time, sha256
from evidence.sealed import stamp_files
from evidence.storage import translated
from evidence.vault import Vault

BEIJING = timezone(timedelta(hours=8))  # a day is the officers' day
FIRST = "0" * 64  # what the first header carries in place of a digest
Lines = dict[str, tuple[int, str]]  # id -> number of entries, digest of the newest


@dataclass(frozen=True)
class Heads:
    """One list. `digest` is what an office writes down outside the system (`verify --head`)."""

    number: int
    day: str
    digest: str
    content: bytes

    @property
    def plain(self) -> dict[str, Any]:
        """The header's fields."""
        fields: dict[str, Any] = json.loads(self.content)
        return fields


def daily(vault: Vault, now: datetime | None = None) -> Heads | None:
    """The list of today (Beijing), once a day however often it is called; None when it was there already."""
    moment = now or datetime.now(UTC)
    today = moment.astimezone(BEIJING).date().isoformat()
    if any(one.day == today and one.plain["whole"] for one in headers(vault)):
        return None
    return list_heads(vault, now=moment)


def list_heads(vault: Vault, ids: Iterable[str] | None = None, now: datetime | None = None) -> Heads:
    """Make the next list of all chains (or of these) that grew since they were last listed.

    A chain that is broken, or shorter than an earlier list says, is left out: its old line stays, and an alarm
    tells of it. Else whoever spoils one chain would stop the lists of all, or have his cut confirmed by the next.
    Raises EvidenceBroken when an earlier list does not hold, Unavailable.
    """
    while True:
        before = headers(vault)
        _finish(vault, before[-1:])
        lines = _grown(vault, custody.ids(vault) if ids is None else sorted(set(ids)), before)
        leaves = b"".join(_line(one, *lines[one]) for one in sorted(lines))
        made = _header(before, leaves, ids is None, now or datetime.now(UTC), alarms.digests(vault))
        name = f"heads/{made.number:06d}.json"
        if _seal(vault, made, name, leaves):
            return made
        # Somebody else made this number: list anew behind theirs. Each turn, somebody succeeds.


def grown(vault: Vault, ids: Iterable[str]) -> bool:
    """Whether any of these chains has entries that no list names. Raises EvidenceBroken, Unavailable."""
    return bool(_grown(vault, sorted(set(ids)), headers(vault)))


def headers(vault: Vault) -> list[Heads]:
    """All lists in order, each checked against the one before. Raises EvidenceBroken, Unavailable."""
    with translated("reading the daily lists"):
        contents = [vault.storage.read(name) for name in vault.storage.names("heads/")]
    found: list[Heads] = []
    for number, content in enumerate(contents, 1):
        try:
            plain = json.loads(content)
            told = (plain["number"], plain["previous"], canonical(plain))
        except (ValueError, KeyError, TypeError) as error:
            raise EvidenceBroken(f"daily list {number} cannot be read") from error
        if told != (number, found[-1].digest if found else FIRST, content):
            raise EvidenceBroken(f"daily list {number} does not follow the one before")
        found.append(Heads(number, str(plain["day"]), sha256(content), content))
    return found


def place_files(
    vault: Vault, ids: Iterable[str], until: datetime | None = None
) -> Iterator[tuple[str, bytes]]:
    """For a bundle: `evidence/<id>/place.json` of each id that is listed, and the headers with their stamps.

    Lists made after `until` are left out: they know of more custody than a bundle of that moment carries.
    """
    known = [
        one for one in headers(vault) if until is None or datetime.fromisoformat(one.plain["at"]) <= until
    ]
    wanted, used = set(ids), set()
    places: list[tuple[str, bytes]] = []
    for one in reversed(known):
        own = list(_places(one, vault.manifest(one.plain["leaves"]), wanted))
        if own:
            used.add(one.number)
        wanted -= {placed for placed, _ in own}
        places += ((f"evidence/{placed}/place.json", content) for placed, content in own)
    yield from sorted(places)
    first = min(used, default=len(known) + 1)
    for one in known[first - 1 :]:
        yield f"heads/{one.number:06d}.json", one.content
    for one in known:
        entries = custody.chain(vault, one.digest) if one.number in used else []
        entries = [entry for entry in entries if until is None or custody.moment(entry) <= until]
        for entry in entries:
            yield f"heads/custody/{one.digest}/{entry['number']:06d}.json", canonical(entry)
        for name, content in stamp_files(entries):
            yield f"heads/stamps/{one.digest}/{name.rpartition('/')[2]}", content


def lines_of(vault: Vault, one: Heads) -> Lines:
    """What a list says. Raises EvidenceBroken, NotFound, Unavailable."""
    parts = (line.decode("ascii").split() for line in cut(vault.manifest(one.plain["leaves"])))
    return {name: (int(count), head) for name, count, head in parts}


class Tree:
    """The hash tree over some lines (RFC 6962, section 2.1), all its levels at hand."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        level = [hashlib.sha256(b"\0" + line).digest() for line in lines] or [hashlib.sha256(b"").digest()]
        self._levels = [level]
        while len(level) > 1:
            whole = len(level) - len(level) % 2
            pairs = [hashlib.sha256(b"\1" + level[i] + level[i + 1]).digest() for i in range(0, whole, 2)]
            level = pairs + level[whole:]
            self._levels.append(level)

    @property
    def root(self) -> str:
        """One number for all lines."""
        return self._levels[-1][0].hex()

    def path(self, index: int) -> list[tuple[str, str]]:
        """The neighbours on the way up from line `index`, each with its side, "L" or "R"."""
        found: list[tuple[str, str]] = []
        for level in self._levels[:-1]:
            other = index ^ 1
            if other < len(level):
                found.append(("L" if other < index else "R", level[other].hex()))
            index //= 2
        return found


def _line(one: str, count: int, head: str) -> bytes:
    return f"{one} {count} {head}\n".encode()


def cut(leaves: bytes) -> Iterator[bytes]:
    """A list's lines, `id count head`, one after the other: all of them at once would weigh several times the list."""
    start = 0
    while end := leaves.find(b"\n", start) + 1:
        yield leaves[start:end]
        start = end


def _places(one: Heads, leaves: bytes, wanted: set[str]) -> Iterator[tuple[str, bytes]]:
    """(id, place) of each of `wanted` that the list names."""
    tree: Tree | None = None
    for index, line in enumerate(cut(leaves)):
        told = line.decode("ascii").rstrip("\n")
        own = told.partition(" ")[0]
        if own in wanted:
            tree = tree or Tree(cut(leaves))
            yield (
                own,
                canonical({"evidence_id": own, "list": one.number, "line": told, "path": tree.path(index)}),
            )


def _grown(vault: Vault, ids: list[str], before: list[Heads]) -> Lines:
    listed: Lines = {}
    for one in before:
        listed |= lines_of(vault, one)
    found: Lines = {}
    for own in ids:
        try:
            now = _grown_to(vault, own, listed.get(own))
        except (EvidenceBroken, NotFound) as error:  # NotFound: somebody put a folder there that is no id
            alarms.record(vault, own, [str(error)])
            continue
        if now and listed.get(own) != now:
            found[own] = now
    return found


def _grown_to(vault: Vault, own: str, known: tuple[int, str] | None) -> tuple[int, str] | None:
    """How far the chain has grown, None when there is none. Raises EvidenceBroken."""
    files = custody.files(vault, own)
    count, head = known or (0, "")
    if len(files) < count or (count and sha256(files[count - 1][1]) != head):
        raise EvidenceBroken(f"custody of {own}: entry {count} is not the one that a daily list names")
    return (len(files), sha256(files[-1][1])) if files else None


def _header(before: list[Heads], leaves: bytes, whole: bool, now: datetime, raised: list[str]) -> Heads:
    number = len(before) + 1
    plain = {
        "format": "wangxun-heads",
        "schema": 1,
        "number": number,
        "day": now.astimezone(BEIJING).date().isoformat(),
        "at": plain_time(now),
        "whole": whole,
        "count": leaves.count(b"\n"),
        "leaves": sha256(leaves),
        "root": Tree(cut(leaves)).root,
        "previous": before[-1].digest if before else FIRST,
        "alarms": raised,
    }
    content = canonical(plain)
    return Heads(number, str(plain["day"]), sha256(content), content)


def _seal(vault: Vault, made: Heads, name: str, leaves: bytes) -> bool:
    """As `Vault.keep`, but the header lies under its number, which only one can have."""
    facts = {"kind": "heads", "kept": [sha256(leaves)], "name": name}
    custody.append(vault, made.digest, "captured", SYSTEM, facts=facts)
    vault.store(leaves)
    with translated("writing a daily list"):
        if not vault.create(name, made.content):
            return False
    _finish(vault, [made])
    return True


def _finish(vault: Vault, last: list[Heads]) -> None:
    """The newest header's closing line; a crash may have left it out."""
    for one in last:
        if "sealed" not in custody.events(custody.chain(vault, one.digest)):
            vault.await_stamp(one.digest)
            custody.append(vault, one.digest, "sealed", SYSTEM)
