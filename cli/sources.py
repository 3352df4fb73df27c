"""`wangxun sources list|check|try`: what is watched, and whether its files are right."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cli.common import WRONG_USE, fail, opened_desk, out, read_settings, translated
from core.catalog import load_catalog
from crawler.trial import try_source

# A case is a folder of the tests: no path, no hidden file.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")

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
        str | None, typer.Argument(help="One post page, or a start address; without it the first list.")
    ] = None,
    save_case: Annotated[
        str | None, typer.Option(help="Save the page and what is read from it as a test case of this name.")
    ] = None,
    cases: Annotated[Path, typer.Option(help="Folder of saved cases.")] = Path("tests/sources"),
) -> None:
    """Fetch once and print posts and verdicts; nothing else is kept.

    Example: wangxun sources try jiajiao http://jiajiao.test/info/1.html --save-case plain
    """
    if save_case and not _NAME.fullmatch(save_case):
        fail("a case's name has letters, digits, - and _ only", WRONG_USE)
    folder = cases / source_id / save_case if save_case else None
    with opened_desk(read_settings()) as desk:
        tried = try_source(desk, source_id, url, folder)
    for post, verdict in tried.posts:
        out.print(f"{verdict.decision} {verdict.score:.2f} {' '.join(verdict.codes)}", style="bold")
        lines = [post.url, post.title, post.body, " ".join(post.contacts)]
        out.print("\n".join(filter(None, lines)) + "\n", markup=False, highlight=False)
    for said in (*tried.faults, *tried.troubles):
        out.print(said, style="yellow", markup=False, highlight=False)
    if folder:
        out.print(f"saved {folder}; people's numbers in it are real: make them up before you commit it")
