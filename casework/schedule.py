"""When which source is due: cron times in the source's own time zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from casework import runs
from casework.desk import Desk
from casework.queue import Queue
from core.errors import BadInput
from core.source import Source

# After a longer stop the last missed time of the past day is made up, not each one of weeks.
CATCH_UP = timedelta(days=1)


def due(sources: Iterable[Source], since: datetime, until: datetime) -> list[tuple[str, datetime]]:
    """(source id, planned time in UTC) for every cron time in (since, until], oldest first, each once.

    Raises BadInput for a cron line or time zone that does not exist.
    """
    found = {
        (moment, source.id)
        for source in sources
        for line in source.schedule.cron
        for moment in _times(source, line, since, until)
    }
    return [(source_id, moment) for moment, source_id in sorted(found)]


def patrol(desk: Desk, queue: Queue, now: datetime | None = None) -> list[str]:
    """One tick: plan what is due, sweep, queue all that waits and has a source still. Returns their ids."""
    moment = now or datetime.now(UTC)
    latest = dict(due(desk.catalog.sources.values(), moment - CATCH_UP, moment))
    for source_id, planned_at in latest.items():
        runs.plan(desk, "crawl", source_id, planned_at)
    waiting = [run.id for run in runs.sweep(desk) if run.kind == "crawl" and _known(desk, run.source_id)]
    for run_id in waiting:
        queue.put(run_id)
    return waiting


def check(source: Source) -> None:
    """Raises BadInput when the source's schedule cannot be read."""
    due([source], datetime.now(UTC), datetime.now(UTC))


def _known(desk: Desk, source_id: str | None) -> bool:
    return source_id is not None and source_id in desk.catalog.sources


def _times(source: Source, line: str, since: datetime, until: datetime) -> list[datetime]:
    moments: list[datetime] = []
    try:
        zone = ZoneInfo(source.schedule.timezone)
        times = CronSim(line, since.astimezone(zone))
        while (moment := next(times).astimezone(UTC)) <= until:
            moments.append(moment)
    except StopIteration:
        return moments  # a day that never comes (30 February)
    except (CronSimError, ZoneInfoNotFoundError) as error:
        raise BadInput(
            f"source {source.id}: schedule {line!r} {source.schedule.timezone!r}: {error}"
        ) from error
    return moments
