"""`wangxun doctor`: each setting, where it comes from, and whether what it names works."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from casework.desk import open_desk
from cli.town_check import everything
from core.catalog import load_catalog
from core.errors import WangxunError
from core.model import Finding
from core.settings import Settings
from crawler.browser import chromium_path


@dataclass(frozen=True)
class Check:
    """One thing looked at: its name, whether it works, and what was seen or how to mend it."""

    name: str
    works: bool
    seen: str


def origins(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Name, value (secrets as stars) and origin of each setting."""
    for name in type(settings).model_fields:
        variable = f"WANGXUN_{name.upper()}"
        origin = "environment" if variable in os.environ else "default"
        yield variable, str(getattr(settings, name)), origin


def _browser(settings: Settings) -> str:
    program = chromium_path(settings.browser)
    if not program:
        raise WangxunError("no Chromium found: run `make setup`, or name one in WANGXUN_BROWSER")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True, timeout=30)
    return f"{version.stdout.strip()} ({program})"


def _fonts(_settings: Settings) -> str:
    program = shutil.which("fc-list")
    listed = (
        subprocess.run([program, ":lang=zh", "family"], capture_output=True, text=True, check=True)
        if program
        else None
    )
    if listed is None or not listed.stdout.strip():
        raise WangxunError(
            "no Chinese fonts: pictures would show empty boxes; install fonts-noto-cjk (and fontconfig)"
        )
    return listed.stdout.splitlines()[0]


def _config(settings: Settings) -> str:
    catalog = load_catalog(settings.config, settings.sources)
    return f"{len(catalog.sources)} sources, {len(catalog.violations)} violations"


def _room(settings: Settings) -> str:
    settings.data.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data).free / 2**30
    if (
        free < 1
    ):  # One GiB holds about a thousand looks of one MB: below that a night's patrol may fill the disk.
        raise WangxunError(f"only {free:.1f} GiB left below {settings.data}: make room")
    return f"{free:.0f} GiB free below {settings.data}"


def _clock(_settings: Settings) -> str:
    # adjtimex's state is what timedatectl reads; where it cannot be asked, say so instead of guessing.
    if not Path("/run/systemd/timesync/synchronized").exists():
        return "no word of time synchronisation here: compare the clock by hand before relying on times"
    return "synchronised"


def _evidence(settings: Settings) -> str:
    desk = open_desk(settings)
    try:
        whole = [record for record in everything(desk, "finding") if isinstance(record, Finding)]
        wanted = {
            evidence for finding in whole for version in finding.versions for evidence in version.evidence_ids
        }
        lost = sorted(digest for digest in wanted if not desk.vault.has(digest))
    finally:
        desk.close()
    if lost:
        raise WangxunError(f"{len(lost)} manifests named by findings are not in the vault, first {lost[0]}")
    return f"{len(whole)} findings, each with its evidence in the vault"


CHECKS: tuple[tuple[str, Callable[[Settings], str]], ...] = (
    ("config", _config), ("browser", _browser), ("Chinese fonts", _fonts), ("disk", _room), ("clock", _clock),
    ("store and vault", _evidence),
)  # fmt: skip


def examine(settings: Settings) -> list[Check]:
    """Look at everything; one failure never hides another."""
    found: list[Check] = []
    for name, look in CHECKS:
        try:
            found.append(Check(name, True, look(settings)))
        except (WangxunError, OSError, subprocess.SubprocessError) as error:
            found.append(Check(name, False, str(error)))
    return found
