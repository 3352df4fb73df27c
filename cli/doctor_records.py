"""The doctor's looks at what is kept: config, keys, store, evidence, audit trail, runs."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from casework import audit, runs, schedule, standing
from casework.desk import open_desk
from casework.gone import deleted_evidence
from casework.queue import Queue
from casework.sheets import evidence_ids
from casework.spool import MEGABYTE, Spool
from casework.unnamed import unnamed
from cli.answers import Seen, cannot_tell, ok, wrong
from cli.common import secret_files
from cli.town_check import everything
from core.catalog import load_catalog
from core.model import Finding
from core.settings import Settings
from store import open_store
from store.base import Query

KEYS = ("fingerprint.key", "session.key")


def config(settings: Settings) -> Seen:
    """Every file in config/, and each source's times."""
    catalog = load_catalog(settings.config, settings.sources)
    for source in catalog.sources.values():
        schedule.check(source)
    unnamed = settings.contact == type(settings).model_fields["contact"].default
    if catalog.sources and unnamed and not settings.town:
        return wrong(
            f"{len(catalog.sources)} sources would be visited without a contact that answers",
            "set WANGXUN_CONTACT to an address that somebody reads",
        )
    return ok(f"{len(catalog.sources)} sources, {len(catalog.violations)} violations")


def private_files(settings: Settings) -> Seen:
    """Keys, secrets and the data folder are the owner's alone."""
    open_to_others = [path for path in _private(settings) if _open(path)]
    if open_to_others:
        named = " ".join(map(str, open_to_others))
        return wrong(f"others on this machine can read {named}", f"chmod go-rwx {named}")
    kept = secret_files(settings.secrets)
    empty = [str(path) for path in kept.values() if not path.read_text(encoding="utf-8").strip()]
    if empty:
        return wrong(f"{', '.join(empty)} is empty", "write the secret into it, or take the file away")
    return ok(f"{settings.data} and {len(kept)} secrets are the owner's alone")


def _private(settings: Settings) -> Iterator[Path]:
    """What must not be open. A container's secrets belong to its one user: there the folder is the wall."""
    yield from (path for name in KEYS if (path := settings.data / name).exists())
    if settings.data.exists() and _reachable(settings.data):
        yield settings.data
    if settings.secrets and _reachable(settings.secrets):
        yield from secret_files(settings.secrets).values()


def _open(path: Path) -> bool:
    # A key may not even be read by a group; a folder or mounted secret may be shared with one on purpose.
    forbidden = 0o077 if path.name in KEYS else stat.S_IRWXO
    return bool(path.stat().st_mode & forbidden)


def _reachable(path: Path) -> bool:
    """Whether others can come as far as to its door."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents)


def store(settings: Settings) -> Seen:
    """It opens and answers."""
    opened = open_store(settings.store_url, settings.store_api_key.get_secret_value())
    try:
        total = opened.search("finding", Query(limit=1)).total
        state = standing.of_store(opened)
    finally:
        opened.close()
    if state != "ok":
        return wrong(
            f"answers, {total} findings, but saves nothing now",
            "make room on its disks, lift the block: docs/operations.md, When the store is away",
        )
    return ok(f"answers, {total} findings")


def evidence(settings: Settings) -> Seen:
    """Each finding's manifests are in the vault; whether their bytes are whole is `wangxun verify`'s question."""
    desk = open_desk(settings)
    try:
        found = [record for record in everything(desk, "finding") if isinstance(record, Finding)]
        named = {name for item in found for name in evidence_ids(item)}
        lost = sorted(one for one in named if not desk.vault.has(one) and not deleted_evidence(desk, one))
        stray = list(unnamed(desk, named, datetime.now(UTC)))
    finally:
        desk.close()
    if lost:
        return wrong(
            f"{len(lost)} manifests that findings name are not in the vault, first {lost[0]}",
            "restore the vault from the backup; findings without evidence prove nothing",
        )
    told = f"{len(found)} findings, each with its evidence in the vault"
    if stray:
        told += f"; {len(stray)} sealed looks that no finding names are kept, first {stray[0]}"
    return ok(told)


def audit_trail(settings: Settings) -> Seen:
    """Every chain holds, and every decision has its entry."""
    desk = open_desk(settings)
    try:
        broken, missing = audit.broken(desk), audit.unrecorded(desk)
        entries = desk.store.search("audit", Query(limit=1)).total
    finally:
        desk.close()
    if broken:
        return wrong(
            f"{len(broken)} chains do not hold: {'; '.join(broken[:3])}",
            "somebody changed the store by hand: keep it as it is, tell the person responsible",
        )
    if missing:
        return wrong(
            f"{len(missing)} decisions have no entry (a crash left them out)",
            "start `wangxun serve` or `wangxun patrol`: both add them first",
        )
    return ok(f"{entries} entries, every chain holds")


# A patrol that runs lets records land within a minute of the store's return; an outage is to be known within the hour.
LONG_WAIT = timedelta(hours=1)


def spool(settings: Settings) -> Seen:
    """What waits for the store, since when, and what was put aside."""
    kept = Spool(settings.data / "spool", settings.spool_megabytes)
    seen = kept.look()
    if seen.aside:
        name, cause = seen.aside[0]
        return wrong(
            f"{len(seen.aside)} records were put aside, {seen.records} wait; the first is {name}: {cause}",
            "mend the cause, then `wangxun spool again`",
        )
    if seen.oldest is None:
        return ok("nothing waits for the store")
    age = datetime.now(UTC) - seen.oldest
    said = f"{seen.records} records ({seen.bytes / MEGABYTE:.1f} MB) wait for the store, the oldest for {_words(age)}"
    if kept.full:
        return wrong(f"{said}; the spool is full, crawls end", "mend the store, then `wangxun spool land`")
    if age > LONG_WAIT:
        return wrong(said, "mend the store; `wangxun patrol` or `wangxun spool land` lets them land")
    return cannot_tell(said, "they land at the patrol's next tick, if the store is there")


def _words(age: timedelta) -> str:
    hours, minutes = divmod(int(age.total_seconds()) // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def waiting_runs(settings: Settings) -> Seen:
    """No run waits for longer than a patrol makes up."""
    desk = open_desk(settings)
    queue = Queue(settings)
    try:
        waiting, queued = runs.waiting(desk), len(queue.waiting())
    finally:
        queue.close()
        desk.close()
    if not waiting:
        return ok("none waits")
    age = datetime.now(UTC) - waiting[0].planned_at
    said = f"{len(waiting)} wait ({queued} in the queue), the oldest since {waiting[0].planned_at:%Y-%m-%d %H:%M}Z"
    if age > schedule.CATCH_UP:
        return wrong(
            said, "start `wangxun patrol`; if it runs, the sources' times are too close for their length"
        )
    if not queued:
        return cannot_tell(said, "nobody has queued them yet: see whether `wangxun patrol` runs")
    return ok(said)
