"""`wangxun hold`: what must be kept whatever its term."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from casework import holds
from cli.common import opened_desk, operator, out, read_settings

app = typer.Typer(no_args_is_help=True, help="Legal hold: a finding or case that no retention deletes.")
Name = Annotated[str, typer.Argument(help="finding:ID or case:ID.")]
Reason = Annotated[str, typer.Option(help="Why; kept in custody and in the audit trail.")]


@app.command("set")
def hold(name: Name, reason: Reason) -> None:
    """Keep it whatever its term. Example: wangxun hold set case:ID --reason "appeal 12/2026" """
    with opened_desk(read_settings()) as desk:
        holds.hold(desk, operator(reason), *holds.split(name), reason)
    out.print(f"{name} is held", markup=False, highlight=False)


@app.command()
def release(name: Name, reason: Reason) -> None:
    """Let its term count again. Example: wangxun hold release case:ID --reason "judgment is final" """
    with opened_desk(read_settings()) as desk:
        holds.release(desk, operator(reason), *holds.split(name), reason)
    out.print(f"{name} is held no more", markup=False, highlight=False)


@app.command("list")
def show() -> None:
    """What is held, since when, by whom and why. Example: wangxun hold list"""
    table = Table("held", "since", "by", "reason")
    with opened_desk(read_settings()) as desk:
        for one in holds.standing(desk):
            newest = one.changes[-1]
            table.add_row(one.id, f"{newest.at:%Y-%m-%d}", newest.officer, newest.reason)
    out.print(table)
