"""`wangxun patrol`: crawls at their times, until stopped."""

from __future__ import annotations

from cli import patrol as patrolling
from cli import serving
from cli.common import opened_desk, read_settings


def patrol() -> None:
    """Crawl each source at its cron times until stopped. Example: wangxun patrol"""
    with opened_desk(read_settings()) as desk:
        patrolling.patrol(desk, serving.until_stopped())
