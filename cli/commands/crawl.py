"""`wangxun crawl`: once over the sources that are named, now."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from cli.common import ANSWER_IS_NO, fail, opened_desk, out, read_settings
from cli.crawling import plan_now
from cli.progress import crawl_shown


def crawl(
    source_ids: Annotated[list[str] | None, typer.Argument(help="Source ids; none: all.")] = None,
) -> None:
    """Crawl now. Example: wangxun crawl jiajiao zhipin"""
    with opened_desk(read_settings()) as desk:
        if not desk.catalog.sources:
            folder = desk.settings.sources or desk.settings.config / "sources"
            fail(f"no source is described in {folder}: docs/add-a-source.md says how", ANSWER_IS_NO)
        chosen = [desk.catalog.source(name).id for name in source_ids or sorted(desk.catalog.sources)]
        table = Table("source", "state", "counts", "troubles")
        done = crawl_shown(desk, plan_now(desk, chosen), "crawl")
        for run in done:
            table.add_row(
                run.source_id, run.state, str(run.counts), "\n".join(item.text for item in run.troubles[-5:])
            )
        out.print(table)
    if any(run.state != "done" for run in done):
        raise typer.Exit(ANSWER_IS_NO)
