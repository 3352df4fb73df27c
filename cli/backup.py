"""`wangxun backup` and `wangxun restore`: everything that must survive the machine, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from casework import backup as keeping
from casework import restore as bringing
from cli.common import (
    ANSWER_IS_NO,
    WRONG_USE,
    fail,
    opened_desk,
    operator,
    out,
    own_folder,
    read_settings,
    translated,
)

SHOWN = 10  # faults told one by one


def backup(
    folder: Annotated[Path | None, typer.Argument(help="Folder of the backup; else WANGXUN_BACKUP.")] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit trail.")] = "command line backup",
) -> None:
    """Back up store, vault, queue, spool and config while the work goes on. Example: wangxun backup /backup/wangxun"""
    settings = read_settings()
    place = folder or settings.backup
    if place is None:
        fail("name the folder: wangxun backup DIR, or WANGXUN_BACKUP", WRONG_USE)
    with opened_desk(settings) as desk:
        made = keeping.backup(desk, operator(reason), place, _tell)
    out.print(_counted(made.counts))
    out.print(
        f"vault: {made.files} files, {made.copied} new, {made.dropped} of deleted evidence taken away",
        highlight=False,
    )
    out.print(f"{place}  set {made.id}  sha256 {made.digest}", markup=False, highlight=False)
    _end(
        made.lost,
        "the backup is complete as far as it can be, but something is missing; tell the person responsible",
    )


def restore(
    folder: Annotated[Path, typer.Argument(help="Folder of the backup.")],
    without_key: Annotated[
        bool, typer.Option("--without-key", help="The fingerprint key is lost: old contacts stay unlinked.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit trail.")] = "command line restore",
) -> None:
    """Put a backup back on an empty machine and prove it. Example: wangxun restore /backup/wangxun"""
    settings = read_settings()
    with translated():
        own_folder(settings.data)
        done = bringing.restore(settings, operator(reason), folder, _tell, without_key=without_key)
    out.print(_counted(done.counts))
    out.print(
        f"set {done.id}: {done.files} files of the vault; config as it was: {settings.data / 'restored'}",
        highlight=False,
    )
    _end(done.faults, "the restore is not whole: keep the backup, tell the person responsible")


def _tell(step: str) -> None:
    out.print(step, markup=False, highlight=False)


def _counted(counts: dict[str, int]) -> Table:
    table = Table("kind", "records")
    for kind, count in counts.items():
        table.add_row(kind, str(count))
    return table


def _end(faults: tuple[str, ...], words: str) -> None:
    if faults:
        more = f"\nand {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        fail("\n".join(faults[:SHOWN]) + f"{more}\n{words}", ANSWER_IS_NO)
