"""Moments as whole numbers, and the days, weeks and months of China that records are counted by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Literal, get_args

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FIRST_DAY = date(1970, 1, 1)

Period = Literal["day", "week", "month"]
PERIODS: tuple[Period, ...] = get_args(Period)

# China's clock is eight hours before UTC the year round, so a day is a whole number of these microseconds.
DAY = 86_400_000_000
AHEAD = 8 * 3_600_000_000


def microseconds(moment: datetime | None) -> int:
    """Whole microseconds since 1970, exact (a float would round); 0 for kinds without a time."""
    return 0 if moment is None else (moment - _EPOCH) // _MICROSECOND


def by_period(days: Mapping[int, int], period: Period) -> dict[str, int]:
    """Counts of days in China (number since 1970-01-01 -> records) as counts of periods, by their first day, in order.

    A week begins on Monday (GB/T 7408).
    """
    counts: dict[str, int] = {}
    for number, count in sorted(days.items()):
        name = _begin(_FIRST_DAY + timedelta(days=number), period).isoformat()
        counts[name] = counts.get(name, 0) + count
    return counts


def _begin(day: date, period: Period) -> date:
    if period == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if period == "month" else day
