"""Waiting for conditions, and the processes that a test started: what the tests of real commands share."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

import psutil

PATIENCE = 240  # seconds; a sound run needs a twentieth, a machine under load may take most of it


def wait_for(condition: Callable[[], bool], what: str, on: subprocess.Popen[str] | None = None) -> None:
    """Wait until it holds; fails with `what` when it does not in any sensible time, or `on` ended before."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert on is None or on.poll() is None, f"it ended before: {what}"
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.05)


def browsers(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Chromium processes below this one."""
    try:
        below = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return [child for child in below if _is_browser(child)]


def _is_browser(process: psutil.Process) -> bool:
    try:
        return "chrom" in process.name()
    except psutil.NoSuchProcess:
        return False


def gone(processes: list[psutil.Process]) -> bool:
    """Whether all of them have ended (a zombie has)."""
    return not any(item.is_running() and item.status() != psutil.STATUS_ZOMBIE for item in processes)
