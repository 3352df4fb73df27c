"""The doctor's looks at the machine: browser, fonts, clock, room."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from casework import clock as clocks
from cli.answers import Seen, cannot_tell, ok, wrong
from cli.common import own_folder
from core import browsers
from core.errors import Unavailable
from core.settings import Settings
from evidence.vault import Vault
from nlp.pictures import PictureReader, missing_packages

PATIENCE = 60  # seconds for a program to answer; a cold disk has been seen to need twenty
# One GiB holds about a thousand looks of one MB: below that a night's patrol may fill the disk.
LEAST_ROOM = 2**30
# A `Date` header has whole seconds and travels; beyond two the clock, not the question, is off.
MOST_OFFSET = 2.0


def browser(settings: Settings) -> Seen:
    """Starts the Chromium that the patrol would start, its own sandbox on as there."""
    program = browsers.headless(settings.browser)
    if not program:
        return wrong("no Chromium found", "run `make setup`, or name one in WANGXUN_BROWSER")
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        switches = ["--headless", "--disable-gpu", f"--user-data-dir={profile}", "--dump-dom"]
        switches += ["--no-sandbox"] if root else []
        started = _said([program, *switches, "data:text/html,<p>wangxun"])
    if "<p>wangxun" not in started.stdout:
        last = (started.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return wrong(f"{program} does not start: {last}", _browser_mend(started.stderr))
    version = _said([program, "--version"]).stdout.strip()
    if root:
        return cannot_tell(
            f"{version} starts; its sandbox cannot be on for root ({program})",
            "run wangxun as an ordinary user: pages are hostile, and the sandbox is the wall",
        )
    return ok(f"{version} starts with its sandbox ({program})")


def _browser_mend(said: str) -> str:
    if "sandbox" in said.lower():
        return "install chromium-sandbox, or allow unprivileged user namespaces"
    return "run `make setup`, or name another Chromium in WANGXUN_BROWSER"


def driver(_settings: Settings) -> Seen:
    """Playwright's driver is a Node program: without libatomic it does not start."""
    answer = _said([sys.executable, "-m", "playwright", "--version"])
    if answer.returncode:
        last = (answer.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return wrong(f"it does not start: {last}", "install libatomic1; `make setup` does it as root")
    return ok(answer.stdout.strip())


def fonts(_settings: Settings) -> Seen:
    """Without Chinese fonts every picture shows empty boxes."""
    program = shutil.which("fc-list")
    if program is None:
        return cannot_tell("fc-list is not here to ask", "install fontconfig and fonts-noto-cjk")
    listed = _said([program, ":lang=zh", "family"]).stdout.splitlines()
    if not listed:
        return wrong("none: pictures would show empty boxes", "install fonts-noto-cjk")
    return ok(listed[0])


def pictures(_settings: Settings) -> Seen:
    """Without OCR a poster's words are not judged; everything else works."""
    if missing := missing_packages():
        return wrong(
            f"not read: {', '.join(missing)} missing", "install the extra `pictures`; `make setup` does it"
        )
    return ok(PictureReader().version)


def clock(settings: Settings) -> Seen:
    """Times of evidence are worth what the clock is worth."""
    if settings.clock:
        return _compared(settings.clock)
    if clocks.synchronised():
        return ok("kept by time synchronisation")
    return cannot_tell(
        "no word of time synchronisation here",
        "start systemd-timesyncd or chrony, or name a clock to compare with in WANGXUN_CLOCK",
    )


def _compared(address: str) -> Seen:
    try:
        ahead = clocks.offset(address)
    except Unavailable as error:
        return cannot_tell(str(error), "see whether the address of WANGXUN_CLOCK can be reached")
    if abs(ahead) > MOST_OFFSET:
        return wrong(
            f"{-ahead:+.1f} s against {address}",
            "set the clock and start systemd-timesyncd or chrony; note the hours that were off",
        )
    return ok(f"{-ahead:+.1f} s against {address}")


def room(settings: Settings) -> Seen:
    """The vault takes files, and there is room for a night's patrol."""
    own_folder(settings.data)
    if "://" not in settings.vault_place:  # object storage says when it is full by itself
        with tempfile.TemporaryFile(dir=Vault(Path(settings.vault_place)).folder / "tmp") as probe:
            probe.write(b"wangxun")
    free = shutil.disk_usage(settings.data).free
    if free < LEAST_ROOM:
        return wrong(
            f"only {free / 2**20:.0f} MiB left below {settings.data}", "make room or move the folder"
        )
    return ok(f"{settings.data} can be written, {free / 2**30:.0f} GiB free")


def _said(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=PATIENCE, check=False
    )
