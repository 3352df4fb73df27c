"""`wangxun demo`: the whole work, once, on the sandbox town."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from urllib.parse import urlsplit

from rich.table import Table

from casework import upkeep
from casework.desk import Desk, open_desk
from cli import town_check
from cli.common import out
from cli.crawling import plan_now
from cli.progress import crawl_shown
from cli.town import Town, running_town
from core.model import Run
from core.settings import PACKAGED_CONFIG, Settings
from evidence import heads
from evidence.test_authority import PretendAuthority

# Found without importing it: the town is a program, and nothing of ours imports it.
TOWN_SOURCES = PACKAGED_CONFIG.parent / "sandbox" / "config" / "sources"


def crawl_town(desk: Desk, title: str) -> list[Run]:
    """Crawl each of the town's sites once."""
    return crawl_shown(desk, plan_now(desk, sorted(desk.catalog.sources)), title)


@contextmanager
def stamping(settings: Settings) -> Iterator[Settings]:
    """The settings with the TEST time-stamp authority, which answers for the time of the block.

    As they are where an authority is named already, and without the `openssl` program, which does the signing.
    """
    if settings.stamps is not None or shutil.which("openssl") is None:
        yield settings
        return
    with PretendAuthority(settings.data / "authority") as authority:
        yield settings.model_copy(update={"stamps": authority.write_settings()})


def keep_up(desk: Desk) -> list[str]:
    """What the patrol does for sealed evidence: stamps, the daily list, a stamp for that too; what is wrong."""
    told = [line for _ in range(2) for line in upkeep.keep_up(desk, datetime.now(UTC))]
    faults: list[str] = [line for line in told if isinstance(line, upkeep.Fault)]
    if not heads.headers(desk.vault):
        faults.append("no daily list of the chains' heads was made")
    if desk.settings.stamps is None:
        out.print("no openssl program: nothing bears an outside stamp", highlight=False)
    elif left := desk.vault.waiting():
        faults.append(
            f"{len(left)} sealed things have no time stamp, first {left[0]}: {told[-1] if told else ''}"
        )
    return faults


def hosts_of(desk: Desk) -> dict[str, str]:
    """The host name of each source's first address."""
    return {source.id: urlsplit(source.start[0]).hostname or "" for source in desk.catalog.sources.values()}


def result_table() -> Table:
    """Ten columns without a frame: whole in 80 characters, which is what a pipe and a plain terminal have."""
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    names = "source", "run", "pages", "posts", "flagged", "unsure", "recall", "precision", "sealed", "seconds"
    for name in names:
        table.add_column(name, no_wrap=True, justify="left" if name in names[:2] else "right")
    return table


def _row(run: Run, part: town_check.Score, sealed: int) -> list[str]:
    seconds = (run.ended_at - run.started_at).total_seconds() if run.ended_at and run.started_at else 0.0
    numbers = [run.counts.get("pages", 0), f"{part.read}/{part.crawlable}", part.flagged, part.unsure]
    quality = [f"{part.recall:.3f}", f"{part.precision:.3f}", sealed, f"{seconds:.0f}"]
    return [run.source_id or "", run.state, *map(str, numbers), *map(str, quality)]


def report(desk: Desk, town: Town, done: Sequence[Run]) -> list[str]:
    """Print the table per source; returns what is wrong with reading and judging."""
    truth, read, found = town.truth(), town_check.read_addresses(desk), town_check.findings(desk)
    table = result_table()
    hosts = hosts_of(desk)
    for run in done:
        part = [entry for entry in truth if urlsplit(entry["url"]).hostname == hosts[run.source_id or ""]]
        sealed = sum(
            len(version.evidence_ids)
            for f in found.values()
            if f.source_id == run.source_id
            for version in f.versions
        )
        table.add_row(*_row(run, town_check.score(part, read, found), sealed))
    whole = town_check.score(truth, read, found)
    summary = [
        f"{whole.read}/{whole.crawlable}",
        str(whole.flagged),
        str(whole.unsure),
        f"{whole.recall:.3f}",
        f"{whole.precision:.3f}",
    ]
    table.add_row("all", "", "", *summary, "", "", style="bold")
    out.print(table)
    faults = list(town_check.unread(truth, read))
    faults += [f"run of {run.source_id} ended {run.state}" for run in done if run.state != "done"]
    if min(whole.recall, whole.precision) < town_check.LEAST_QUALITY:
        faults += [f"lawful, yet flagged: {url}" for url in whole.wrong] + [
            f"missed: {url}" for url in whole.missed
        ]
    return faults


def check(desk: Desk, town: Town, done: Sequence[Run]) -> list[str]:
    """All that the demo promises; an empty list means that every promise was kept."""
    judged = report(desk, town, done)
    faults: list[str] = []
    before = town_check.census(desk)
    again = crawl_town(desk, "second crawl")
    faults += [f"second run of {run.source_id} ended {run.state}" for run in again if run.state != "done"]
    if town_check.census(desk) != before:
        faults.append("the second crawl of the same day changed what was there")
    faults += keep_up(desk)
    faults += town_check.disallowed(town)
    faults += town_check.too_fast(town.log(), desk.catalog.sources.values(), hosts_of(desk))
    faults += town_check.unproven(desk)
    return faults + judged  # a doubtful judge names many posts: the rest would be lost below them


def once(settings: Settings, seed: int, day: str) -> bool:
    """Crawl, print, check; True when every promise was kept."""
    with running_town(settings.data / "town", seed, day) as town, stamping(settings) as stamped:
        desk = open_desk(stamped.model_copy(update={"town": town.address, "sources": TOWN_SOURCES}))
        try:
            faults = check(desk, town, crawl_town(desk, "crawl"))
        finally:
            desk.close()
    for fault in islice(faults, 50):  # more than a screen of faults helps nobody
        out.print(f"FAULT {fault}", style="red", highlight=False, markup=False)
    out.print(
        f"{len(faults)} faults"
        if faults
        else "every promise kept: read, polite, judged, sealed, stamped, repeatable"
    )
    return not faults
