"""The flaws of what somebody is about to hand over, found before anything is made."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from casework import flaws, parcel
from casework.desk import Desk
from casework.parcel import Parcel
from casework.sheets import evidence_ids
from core.model import Actor, Finding
from evidence import reverify
from evidence.reverify import Due


def check(
    desk: Desk,
    actor: Actor,
    finding_ids: Sequence[str],
    case_id: str | None = None,
    tick: Callable[[], None] = lambda: None,
) -> tuple[flaws.Found, ...]:
    """The flaws that would stand in the bundle, fatal ones first; each evidence is checked whole and noted as viewed.

    Broken evidence is a flaw here, not an error. `tick` is called after each finding.
    Raises NotAllowed, NotFound, BadInput, Unavailable.
    """
    tally = flaws.Tally()
    with tempfile.TemporaryDirectory() as folder:
        wanted = parcel.gather(desk, actor, finding_ids, case_id, "", datetime.now(UTC), Path(folder))
        due = {one.one: one for one in reverify.about(desk.vault, wanted.evidence_ids)}
        for name in wanted.finding_ids:
            for flaw in _of(wanted, wanted.finding(name), due):
                tally.add(flaw)
            tick()
    return tally.found()


def _of(wanted: Parcel, finding: Finding, due: dict[str, Due]) -> list[flaws.Flaw]:
    desk, actor = wanted.desk, wanted.actor
    looks: dict[str, flaws.Look] = {}
    broken: dict[str, tuple[str, str]] = {}
    for evidence_id in evidence_ids(finding):
        if evidence_id in wanted.deleted:
            broken[evidence_id] = ("deleted", wanted.deleted[evidence_id])
            continue
        faults = reverify.examine(desk.vault, due[evidence_id]).faults
        if faults:
            broken[evidence_id] = flaws.of_checker(faults)
        else:
            wanted.binder.put(desk.vault.open(evidence_id, "viewed", actor, "导出前瑕疵检查"))
            looks[evidence_id] = wanted.binder.look(evidence_id)
    return list(flaws.of_finding(finding, looks, {actor.officer}, broken))
