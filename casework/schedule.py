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
    """One tick: plan what is due, sweep, queue what can begin. Returns the ids that were newly queued."""
    moment = now or datetime.now(UTC)
    latest = dict(due(desk.catalog.sources.values(), moment - CATCH_UP, moment))
    for source_id, planned_at in latest.items():
        runs.plan(desk, "crawl", source_id, planned_at)
    return [run_id for run_id in _able_to_begin(desk) if queue.put(run_id)]


def _able_to_begin(desk: Desk) -> list[str]:
    """The oldest waiting run of each known source that no run is working on: others would only find it taken."""
    waiting = [run for run in runs.sweep(desk) if run.kind == "crawl" and _known(desk, run.source_id)]
    busy = {run.source_id for run in runs.running(desk)}
    first: dict[str | None, str] = {}
    for run in waiting:
        first.setdefault(run.source_id, run.id)
    return [run_id for source_id, run_id in first.items() if source_id not in busy]


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
