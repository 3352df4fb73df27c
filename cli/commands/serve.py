"""`wangxun serve`: the officers' site."""

from __future__ import annotations

from cli import serving
from cli.common import opened_desk, read_settings


def serve() -> None:
    """Start the officers' site. Example: wangxun serve"""
    with opened_desk(read_settings()) as desk:
        serving.serve(desk)
