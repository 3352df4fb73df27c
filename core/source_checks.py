"""What a source's form cannot say: addresses, division, timetable and reasons that do not make sense."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from core.errors import NotFound
from core.regions import load_regions
from core.source import Pace, Source

Fault = tuple[tuple[str, ...], str]  # the path to the field, and what is wrong with it and how to mend it


def plain_faults(source: Source) -> Iterator[Fault]:
    """Faults of what a source says of itself; its selectors are looked at in `core.catalog`."""
    for name in ("title", "basis"):
        if not getattr(source, name).strip():
            yield (name,), f"field {name!r} is empty: say it; it is printed into every bundle"
    yield from _address_faults(source)
    yield from _region_faults(source)
    yield from _schedule_faults(source)
    if source.pace.delay < Pace().delay and not source.pace.reason:
        yield ("pace",), f"a pace below {Pace().delay} s needs a 'reason': add it"
    least, most = source.expect.posts
    if not 0 <= least <= most:
        yield ("expect", "posts"), f"expect.posts is [least, most], not [{least}, {most}]: mend their order"


def _address_faults(source: Source) -> Iterator[Fault]:
    for place, address in enumerate(source.start):
        try:
            parts = urlsplit(address)
            good = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:  # an IPv6 host without its closing bracket
            good = False
        if not good:
            yield ("start", str(place)), f"{address!r} is no address: write http://host/… or https://host/…"


def _region_faults(source: Source) -> Iterator[Fault]:
    try:
        if source.region is not None:
            load_regions().get(source.region)
    except NotFound as error:
        yield ("region",), f"{error}: take it from the official list, such as 110000"


def _schedule_faults(source: Source) -> Iterator[Fault]:
    try:
        ZoneInfo(source.schedule.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = source.schedule.timezone
        yield ("schedule", "timezone"), f"there is no time zone {zone!r}: write one such as Asia/Shanghai"
    for place, line in enumerate(source.schedule.cron):
        try:
            CronSim(line, datetime.now(UTC))
        except CronSimError as error:
            said = f"{line!r} are no cron times ({error}): minute hour day month weekday, such as 0 3 * * *"
            yield ("schedule", "cron", str(place)), said
