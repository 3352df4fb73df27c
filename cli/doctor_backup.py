"""The doctor's looks at what outlives the machine, and at what has lived long enough: backup, retention."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from casework import backup_set, retention
from casework.desk import open_desk
from cli.answers import Seen, cannot_tell, ok, wrong
from core.errors import NotFound
from core.settings import Settings


def backup(settings: Settings) -> Seen:
    """The last backup is young and whole; whether it can be restored, only a restore tells."""
    folder = settings.backup
    if folder is None:
        return cannot_tell(
            "no folder is named", "name it in WANGXUN_BACKUP, and let a timer run `wangxun backup`"
        )
    try:
        plain = backup_set.read(folder)
    except NotFound:
        return wrong(f"{folder} holds no complete backup", f"run `wangxun backup {folder}`")
    age = backup_set.age(plain)
    if age > timedelta(hours=settings.backup_hours):
        return wrong(
            f"the last backup in {folder} is {age.total_seconds() / 3600:.0f} hours old",
            "see why the timer did not run `wangxun backup`, and run it",
        )
    faults = [*backup_set.faults(folder, plain), *plain["lost"]]
    if faults:
        return wrong(
            f"the backup in {folder} is not whole, {len(faults)} faults, first: {faults[0]}",
            "see what happened to the disk, then back up into an empty folder",
        )
    counts = sum(kind["count"] for kind in plain["records"].values())
    return ok(
        f"{age.total_seconds() / 3600:.0f} hours old, {counts} records, {plain['vault']['files']} files, whole"
    )


def due(settings: Settings) -> Seen:
    """Whether something should have been deleted; keeping personal data longer than its purpose is against the law."""
    desk = open_desk(settings)
    try:
        found = [one for one in retention.due(desk, datetime.now(UTC)) if not one.held]
        terms = desk.catalog.retention.terms()
    finally:
        desk.close()
    if not terms:
        return cannot_tell("no terms: everything is kept for ever", "write config/retention.yml")
    unchecked = sum(not term.law.checked for term in terms.values())
    said = f"{len(found)} things due, {unchecked} of {len(terms)} terms not checked by a person"
    if found and not settings.retention:
        return cannot_tell(
            said, "look at `wangxun retention --dry-run`, then run it; or set WANGXUN_RETENTION=true"
        )
    return ok(said)
