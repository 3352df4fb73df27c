"""`wangxun findings search`: what was flagged, newest first."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from casework import review
from cli.common import opened_desk, operator, out, read_settings
from core.model import Finding
from store.base import Query

app = typer.Typer(
    no_args_is_help=True,
    help="Search what was flagged. Example: wangxun findings search 数学 --code HOME_TUTOR",
)


def line(finding: Finding) -> dict[str, object]:
    """The JSON line of one finding."""
    verdict = finding.latest.verdict
    return {
        "id": finding.id,
        "url": finding.url,
        "status": finding.status,
        "codes": list(verdict.codes),
        "score": round(verdict.score, 4),
    }


def _table(found: list[Finding], total: str) -> Table:
    table = Table("id", "status", "score", "codes", "text", caption=total)
    for finding in found:
        verdict, post = finding.latest.verdict, finding.latest.post
        # 40 characters of text are enough to recognise a post and keep one line on a usual terminal.
        text = f"{post.title} {post.body}".replace("\n", " ")[:40]
        table.add_row(finding.id, finding.status, f"{verdict.score:.2f}", " ".join(verdict.codes), text)
    return table


@app.command()
def search(
    words: Annotated[list[str] | None, typer.Argument(help="Words; all must stand in the post.")] = None,
    code: Annotated[str | None, typer.Option(help="Violation code, for example HOME_TUTOR.")] = None,
    region: Annotated[str, typer.Option(help="Division code; everything below it counts.")] = "",
    status: Annotated[str | None, typer.Option(help="flagged, unsure, confirmed or rejected.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day (UTC), 2026-09-01.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    json_lines: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Search findings. Example: wangxun findings search 家教 --status flagged --json"""
    where: dict[str, tuple[str, ...]] = {
        name: (value,) for name, value in (("code", code), ("status", status)) if value
    }
    start = since.replace(tzinfo=UTC) if since else None
    query = Query(text=" ".join(words or ()), where=where, since=start, region=region, limit=limit)
    with opened_desk(read_settings()) as desk:
        page = review.search(desk, operator("command line search"), query)
    found = [record for record in page.records if isinstance(record, Finding)]
    if json_lines:
        for finding in found:
            typer.echo(json.dumps(line(finding), ensure_ascii=False))
    else:
        out.print(_table(found, f"{len(found)} of {page.total}{' or more' if page.capped else ''}"))
