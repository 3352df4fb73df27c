"""`wangxun retention`: what has been kept long enough, shown and deleted."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from casework import retention as keeping
from casework.desk import Desk
from cli.common import ANSWER_IS_NO, fail, opened_desk, operator, out, read_settings
from core.retention import CLASSES

SHOWN = 20  # things named one by one; the table has all by number


def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show only; delete nothing.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Delete so many things at most.")] = None,
    reason: Annotated[
        str, typer.Option(help="Kept in custody and in the audit trail.")
    ] = "retention by command",
) -> None:
    """Show what is due and why, then delete it, provably. Example: wangxun retention --dry-run"""
    now = datetime.now(UTC)
    with opened_desk(read_settings()) as desk:
        out.print(_due(desk, now))
        if dry_run:
            return
        done = keeping.retire(desk, operator(reason), now, limit)
    out.print("deleted: " + _told(done.counts), highlight=False)
    if done.held:
        out.print("held, so kept: " + _told(done.held), highlight=False)
    if done.faults:
        fail("\n".join(done.faults), ANSWER_IS_NO)


def _due(desk: Desk, now: datetime) -> Table:
    counts: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for one in keeping.due(desk, now):
        (held if one.held else counts)[one.name] += 1
        if counts.total() + held.total() <= SHOWN:
            state = "held" if one.held else "due"
            out.print(f"{state} {one.kind} {one.id}: {keeping.explained(one)}", markup=False, highlight=False)
    table = Table("class", "kept for", "law", "due", "held")
    for name, term in desk.catalog.retention.terms().items():
        law = f"{term.law.instrument}{term.law.article}" + ("" if term.law.checked else " (not checked)")
        table.add_row(f"{name} {CLASSES[name]}", f"{term.days} days", law, str(counts[name]), str(held[name]))
    return table


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items())) or "nothing"
