"""Which Chromium of this machine draws pages, and which one shows them to somebody in a window."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

# Chromium's headless shell first, as Playwright does without a window: the same engine without the parts of a window. A
# start, three pages and their pictures took 2.0 CPU seconds with it, 3.7 with the whole program (156, two cores).
_SHELL = "chromium-headless-shell"
_WHOLE = ("chromium", "chromium-browser", "google-chrome")
# Where Playwright puts what it fetched itself: registry's folders and programs, as its versions since 2024 name them.
_FETCHED = ("chromium_headless_shell-*/*/*headless*shell", "chromium-*/chrome-linux*/chrome")


def headless(configured: str) -> str | None:
    """The program that draws pages: the configured one, the machine's, or one that Playwright fetched; None: there is none."""
    return configured or next(filter(None, [*map(shutil.which, (_SHELL, *_WHOLE)), *_fetched()]), None)


def windowed(configured: str) -> str | None:
    """The program that opens a window; None: there is none, for the headless shell cannot, be it the configured one."""
    if configured and not Path(configured).name.endswith("shell"):
        return configured
    return next(filter(None, map(shutil.which, _WHOLE)), None)


def _fetched() -> list[str]:
    """What Playwright fetched, the newest first."""
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or "~/.cache/ms-playwright").expanduser()
    return [str(path) for form in _FETCHED for path in sorted(folder.glob(form), reverse=True)]
