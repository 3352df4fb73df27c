"""Looks at sealed evidence again, on a timetable, with the checker that travels in bundles; an alarm stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from core.errors import EvidenceBroken
from core.model import SYSTEM
from evidence import custody, verify
from evidence.manifest import canonical, plain_time, sha256
from evidence.storage import translated
from evidence.vault import Vault


@dataclass(frozen=True)
class Problem:
    """What is wrong with one sealed thing ("": with the daily lists), and the digest under which the alarm is kept."""

    evidence_id: str
    faults: tuple[str, ...]
    alarm: str


def reverify(vault: Vault, since: datetime, limit: int | None = None) -> list[Problem]:
    """Check everything that was neither captured nor verified since then, `limit` at most; the problems.

    What is whole gets the custody line "verified"; what is not, an alarm record in the vault, which the next
    daily list names. Raises Unavailable.
    """
    files, report = vault_files(vault), verify.Report()
    groups = files.grouped("custody/")
    lists = verify.check_lists(files, verify.Asked(), report)
    problems = [_alarm(vault, "", report.faults)] if report.faults else []
    due = [one for one in custody.ids(vault) if _due(vault, one, since)]
    for one in due[:limit]:
        report = verify.Report()
        with translated("reading"):
            verify.check_one(files, groups.get(one, verify.Files()), one, lists, verify.Asked(), report)
        if report.faults:
            problems.append(_alarm(vault, one, report.faults))
        elif report.evidence:
            custody.append(vault, one, "verified", SYSTEM)
    return problems


def vault_files(vault: Vault) -> verify.Files:
    """The vault as the checker wants it, wherever it lies."""
    with translated("listing"):
        names = vault.storage.names()

    def reader(name: str) -> Iterator[bytes]:
        yield vault.storage.read(name)

    return verify.Files({name: lambda name=name: reader(name) for name in names})


def alarms(vault: Vault) -> list[bytes]:
    """All alarm records, as JSON."""
    with translated("reading alarms"):
        return [vault.storage.read(name) for name in vault.storage.names("alarms/")]


def _due(vault: Vault, one: str, since: datetime) -> bool:
    try:
        entries = custody.chain(vault, one)
    except EvidenceBroken:
        return True
    looked = [entry["at"] for entry in entries if entry["event"] in ("sealed", "verified", "deleted")]
    return not looked or datetime.fromisoformat(looked[-1].replace("Z", "+00:00")) < since


def _alarm(vault: Vault, one: str, faults: list[str]) -> Problem:
    plain = {"evidence_id": one, "faults": faults, "at": plain_time(datetime.now(UTC))}
    content = canonical({"format": "wangxun-alarm", "schema": 1, **plain})
    with translated("writing an alarm"):
        vault.create(f"alarms/{sha256(content)}.json", content)
    return Problem(one, tuple(faults), sha256(content))
