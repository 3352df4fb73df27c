"""The town's pretended time: day 0 is 2026-09-01, the clock starts at 20:00 Beijing time."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))
FIRST_DAY = date(2026, 9, 1)
OPENING_HOUR = 20
_MINUTE, _HOUR = 60, 3600
# Below five minutes classified sites write 刚刚.
_JUST_NOW = 5 * _MINUTE


def parse_day(text: str) -> int:
    """Day number from "3" or "2026-09-04"; raises ValueError for a day before the first."""
    day = int(text) if text.isdigit() else (date.fromisoformat(text) - FIRST_DAY).days
    if day < 0:
        raise ValueError(f"the town begins on {FIRST_DAY.isoformat()}: {text}")
    return day


def opening(day: int) -> datetime:
    """Beijing time at which the town of that day opens."""
    that = FIRST_DAY + timedelta(days=day)
    return datetime(that.year, that.month, that.day, OPENING_HOUR, tzinfo=BEIJING)


class Clock:
    """Pretended time: the opening of the day plus the real seconds since the start."""

    def __init__(self, day: int) -> None:
        self._opening = opening(day)
        self._started = time.monotonic()

    def now(self) -> datetime:
        return self._opening + timedelta(seconds=time.monotonic() - self._started)


def relative(published: datetime, now: datetime) -> str:
    """How a classified site writes a time: 刚刚, 12分钟前, 3小时前, 昨天 21:05, 前天 09:12, 4天前."""
    seconds = (now - published).total_seconds()
    days = (now.date() - published.date()).days
    if seconds < _JUST_NOW:
        return "刚刚"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)}分钟前"
    if days == 0:
        return f"{int(seconds // _HOUR)}小时前"
    if days <= 2:
        return f"{'昨天' if days == 1 else '前天'} {published:%H:%M}"
    return f"{days}天前"
