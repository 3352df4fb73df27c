"""`wangxun findings search`: what was flagged, newest first."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from typing import Annotated, get_args

import typer

from casework import review
from casework.desk import Desk
from casework.severities import MOST, at_least
from cli.common import WRONG_USE, fail, opened_desk, operator, out, read_settings
from core.errors import BadInput
from core.model import Actor, Code, Finding, FindingStatus
from core.regions import load_regions
from core.rules import LEAST_SEVERITY
from store.base import PAGE_LIMIT, Page, Query

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
        "codes": list(finding.codes),
        "score": round(verdict.score, 4),
    }


def _shown(finding: Finding) -> str:
    # Two lines and no table: `wangxun export` wants the id whole, and a terminal may have 80 columns only.
    verdict, post = finding.latest.verdict, finding.latest.post
    head = f"{finding.id}  {finding.status:<9}  {verdict.score:.2f}  {' '.join(finding.codes)}"
    # 36 characters of text, twice as wide as Latin ones, are enough to recognise a post.
    return f"{head.rstrip()}\n    {' '.join(f'{post.title} {post.body}'.split())[:36]}"


def _known(option: str, value: str | None, names: Collection[str]) -> None:
    """A misspelt name finds nothing, and that would read like an answer."""
    if value and value not in names:
        near = difflib.get_close_matches(value.upper() if option == "--code" else value, names, 1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(names))}"
        fail(f"{option} {value!r} is not known; {hint}", WRONG_USE)


def _division(given: str) -> str:
    """The code of a division given by code or name; several may have one name."""
    if not given:
        return ""
    regions = load_regions()
    codes = regions.meant(given)
    if len(codes) != 1:
        several = ", ".join(f"{code} {regions.full_name(code)}" for code in codes[:8])
        said = f"{given!r} may be {several}" if codes else f"no division has the name or code {given!r}"
        fail(f"--region: {said}; give the code", WRONG_USE)
    return codes[0]


def _pages(desk: Desk, actor: Actor, query: Query, limit: int) -> Iterator[Page]:
    """Pages of at most `PAGE_LIMIT` findings, `limit` in all; the first one always."""
    while True:
        page = review.search(desk, actor, replace(query, limit=min(limit, PAGE_LIMIT)))
        yield page
        limit -= len(page.records)
        if not page.cursor or limit <= 0:
            return
        query = replace(query, cursor=page.cursor)


def _at_least(severity: int, where: dict[str, tuple[str, ...]], desk: Desk) -> dict[str, tuple[str, ...]]:
    try:
        return at_least(severity, where, desk.catalog.violations.values())
    except BadInput:
        fail(f"--severity {severity}: the code alone is less grave; leave one of the two out", WRONG_USE)


@app.command()
def search(
    words: Annotated[list[str] | None, typer.Argument(help="Words; all must stand in the post.")] = None,
    code: Annotated[str | None, typer.Option(help="Violation code, for example HOME_TUTOR.")] = None,
    region: Annotated[str, typer.Option(help="Division: code or name; all below it counts.")] = "",
    status: Annotated[str | None, typer.Option(help="flagged, unsure, confirmed or rejected.")] = None,
    severity: Annotated[
        int, typer.Option(min=LEAST_SEVERITY, max=MOST, help="At least so grave; 5 is the gravest.")
    ] = LEAST_SEVERITY,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day (UTC), 2026-09-01.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    json_lines: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Search findings. Example: wangxun findings search 家教 --status flagged --json"""
    _known("--status", status, get_args(FindingStatus))
    _known("--code", code, get_args(Code))
    where: dict[str, tuple[str, ...]] = {
        name: (value,) for name, value in (("code", code), ("status", status)) if value
    }
    start = since.replace(tzinfo=UTC) if since else None
    query = Query(text=" ".join(words or ()), where=where, since=start, region=_division(region))
    with opened_desk(read_settings()) as desk:
        query = replace(query, where=_at_least(severity, where, desk))
        pages = _pages(desk, operator("command line search"), query, limit)
        first = next(pages)
        records = chain(first.records, chain.from_iterable(page.records for page in pages))
        found = (record for record in records if isinstance(record, Finding))
        if json_lines:
            for finding in found:
                typer.echo(json.dumps(line(finding), ensure_ascii=False))
            return
        count = 0
        for count, finding in enumerate(found, 1):  # noqa: B007 - how many there were
            out.print(_shown(finding), highlight=False)
    out.print(f"{count} of {first.total}{' or more' if first.capped else ''}")
