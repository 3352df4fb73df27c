"""`wangxun doctor`: the settings, and whether everything works."""

from __future__ import annotations

import typer
from rich.table import Table

from cli import doctor as examining
from cli.common import out, read_settings

_STYLES = {"ok": "", "wrong": "red", "cannot tell": "yellow"}


def doctor() -> None:
    """Show settings and whether everything works. Example: wangxun doctor"""
    settings = read_settings()
    table = Table("setting", "value", "from")
    for row in examining.origins(settings):
        table.add_row(*row)
    out.print(table)
    found = examining.examine(settings)
    for check in found:
        out.print(f"{check.answer:<12}{check.name}: {check.seen}", style=_STYLES[check.answer], markup=False)
        if check.mend:
            out.print(f"{'':<12}mend: {check.mend}", markup=False, highlight=False)
    raise typer.Exit(examining.exit_code(found))
