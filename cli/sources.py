"""`wangxun sources list|check|try`: what is watched, and whether its files are right."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from cli.common import opened_desk, out, read_settings, translated
from core.catalog import load_catalog
from crawler.trial import try_source

app = typer.Typer(no_args_is_help=True, help="Look at the watched places. Example: wangxun sources check")


@app.command("list")
def list_sources() -> None:
    """List the sources. Example: wangxun sources list"""
    settings = read_settings()
    with translated():
        catalog = load_catalog(settings.config, settings.sources)
    table = Table("id", "title", "channel", "pace", "schedule", "basis")
    for source in catalog.sources.values():
        times = "; ".join(source.schedule.cron)
        table.add_row(source.id, source.title, source.channel, f"{source.pace.delay} s", times, source.basis)
    out.print(table)


@app.command()
def check() -> None:
    """Read every file in config/ and report all faults at once. Example: wangxun sources check"""
    settings = read_settings()
    with translated():
        catalog = load_catalog(settings.config, settings.sources)
    out.print(f"{len(catalog.sources)} sources and {len(catalog.violations)} violations are right")


@app.command("try")
def try_one(
    source_id: Annotated[str, typer.Argument(help="Source id: its file's name.")],
    url: Annotated[
        str | None, typer.Argument(help="One post page; without it the first page of the list.")
    ] = None,
) -> None:
    """Fetch once and print posts and verdicts; nothing is kept. Example: wangxun sources try jiajiao"""
    with opened_desk(read_settings()) as desk:
        for post, verdict in try_source(desk, source_id, url):
            out.print(f"{verdict.decision} {verdict.score:.2f} {' '.join(verdict.codes)}", style="bold")
            out.print(f"{post.url}\n{post.title}\n{post.body}\n", markup=False, highlight=False)
