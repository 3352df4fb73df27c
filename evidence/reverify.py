"""Looks at sealed evidence again, a share each day, with the checker that travels in bundles; an alarm stays.

A day's share is a piece of the space of ids, so nothing is read but what is looked at, and the daily lists once a
day: a round every few minutes costs the same in a vault of a million items as in one of a hundred.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from core.errors import EvidenceBroken, NotFound
from core.model import SYSTEM
from evidence import alarms, custody, verify
from evidence.storage import translated
from evidence.vault import Vault, shelf

SPACE = 1 << 32  # ids are digests: their first eight digits fall evenly into this


@dataclass(frozen=True)
class Problem:
    """What is wrong with one sealed thing ("": with the daily lists), its alarm's digest, and whether that is new."""

    evidence_id: str
    faults: tuple[str, ...]
    alarm: str
    new: bool


@dataclass(frozen=True)
class Due:
    """One thing to look at: the daily lists' lines about it, and its number when it is itself such a list."""

    one: str
    lines: tuple[verify.Leaf, ...] = ()
    number: int | None = None

    def written(self) -> str:
        """One line of JSON."""
        lines = [(leaf.count, leaf.head, leaf.number) for leaf in self.lines]
        return json.dumps([self.one, lines, self.number])

    @classmethod
    def read(cls, line: str) -> Due:
        """What `written` wrote."""
        one, lines, number = json.loads(line)
        return cls(one, tuple(verify.Leaf(one, *leaf) for leaf in lines), number)


def share(vault: Vault, begin: int, end: int) -> tuple[list[Problem], list[Due]]:
    """Check the daily lists, and name what lies in [begin, end) of SPACE: by its chain, or by a list's line alone.

    Raises Unavailable.
    """

    def inside(one: str) -> bool:
        return begin <= place(one) < end

    lists, report = _lists(vault, inside)
    numbers = {digest: number for number, digest in lists.headers.items()}
    known = {*filter(inside, custody.ids(vault)), *lists.every}
    due = [Due(one, tuple(lists.every.get(one, ())), numbers.get(one)) for one in sorted(known)]
    return ([_problem(vault, "", report.faults)] if report.faults else []), due


def about(vault: Vault, ids: Iterable[str]) -> list[Due]:
    """These things, each with what the daily lists say of it. Raises Unavailable."""
    wanted = set(ids)
    lists, _ = _lists(vault, wanted.__contains__)
    return [Due(one, tuple(lists.every.get(one, ()))) for one in sorted(wanted)]


def look(vault: Vault, due: Iterable[Due]) -> list[Problem]:
    """Check these: what is whole gets the custody line "verified", what is not, an alarm. Raises Unavailable."""
    problems = []
    for one in due:
        report = examine(vault, one)
        if report.faults:
            problems.append(_problem(vault, one.one, report.faults))
        elif report.evidence:
            custody.append(vault, one.one, "verified", SYSTEM)
    return problems


def examine(vault: Vault, due: Due) -> verify.Report:
    """What the checker says of one thing; nothing is written. Raises Unavailable.

    A fault must stand a second look: a stamp or a deletion may have come between the reading of two files.
    """
    report = _examined(vault, due)
    return _examined(vault, due) if report.faults else report


def _examined(vault: Vault, due: Due) -> verify.Report:
    report, files = verify.Report(), files_of(vault, due.one, due.number)
    lists = verify.Lists(every={due.one: list(due.lines)} if due.lines else {})
    if due.lines:
        lists.leaves[due.one] = due.lines[-1]
    if due.number is not None:
        lists.headers[due.number] = due.one
    own = files.grouped("custody/").get(due.one, verify.Files())
    try:
        with translated("reading"):
            verify.check_one(files, own, due.one, lists, verify.Asked(), report)
    except verify.Broken as error:
        report.faults.append(str(error))
    return report


def _lists(vault: Vault, wanted: Callable[[str], bool]) -> tuple[verify.Lists, verify.Report]:
    """The daily lists with their lines about what is wanted, and what is wrong with them."""
    report = verify.Report()
    try:
        with translated("reading the daily lists"):
            return verify.check_lists(_list_files(vault), verify.Asked(), report, wanted), report
    except verify.Broken as error:
        report.faults.append(str(error))
        return verify.Lists(), report


def place(one: str) -> int:
    """Where an id lies in SPACE; what is no digest (the checker will say so) lies at its beginning."""
    try:
        return int(one[:8], 16)
    except ValueError:
        return 0


def vault_files(vault: Vault) -> verify.Files:
    """The whole vault as the checker wants it, wherever it lies."""
    with translated("listing"):
        return _readers(vault, vault.storage.names())


def files_of(vault: Vault, one: str, number: int | None = None) -> verify.Files:
    """What belongs to one sealed thing: custody, contents, its mark; only what is really there."""
    with translated("listing"):
        chain = vault.storage.names(f"custody/{one}/")
        wanted = [shelf(digest) for digest in sorted({one, *_kept(vault, one, chain)}) if _is_digest(digest)]
        wanted += [f"todo/stamp/{one}", *([f"heads/{number:06d}.json"] if number is not None else [])]
        return _readers(vault, [*chain, *(name for name in wanted if vault.storage.has(name))])


def _kept(vault: Vault, one: str, chain: list[str]) -> Iterator[str]:
    """Digests that the first entry names; older chains name none, their manifest does."""
    try:
        first = json.loads(vault.storage.read(chain[0])) if chain else {}
        yield from map(str, first.get("kept", ()))
        if "kept" not in first and _is_digest(one) and vault.storage.has(shelf(one)):
            yield from (str(item["sha256"]) for item in json.loads(vault.manifest(one))["items"])
    except (ValueError, KeyError, TypeError, AttributeError, EvidenceBroken):
        return  # the checker reads the same and names what is wrong with it


def _is_digest(text: str) -> bool:
    return bool(verify.HEX.fullmatch(text))


def _list_files(vault: Vault) -> verify.Files:
    with translated("listing"):
        heads = vault.storage.names("heads/")
        leaves = []
        for name in heads:
            try:
                leaves.append(shelf(json.loads(vault.storage.read(name))["leaves"]))
            except (ValueError, KeyError, TypeError, AttributeError, NotFound):
                continue  # the checker names the header
        known = [*heads, *vault.storage.names("alarms/")]
        return _readers(vault, [*known, *(name for name in leaves if vault.storage.has(name))])


def _readers(vault: Vault, names: Iterable[str]) -> verify.Files:
    def reader(name: str) -> Iterator[bytes]:
        yield vault.storage.read(name)

    return verify.Files({name: lambda name=name: reader(name) for name in names})


def _problem(vault: Vault, one: str, faults: list[str]) -> Problem:
    digest, new = alarms.record(vault, one, faults)
    return Problem(one, tuple(faults), digest, new)
