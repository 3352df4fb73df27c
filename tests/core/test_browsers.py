"""Which Chromium is taken, on machines that have one, several or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import browsers


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without programs; what is put into the folder it gives is in PATH."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "fetched"))
    return tmp_path / "bin"


def put(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_a_machine_without_a_browser_has_none(machine: Path) -> None:
    assert browsers.headless("") is None
    assert browsers.windowed("") is None


def test_pages_are_drawn_by_the_headless_shell_and_shown_by_the_whole_program(machine: Path) -> None:
    whole = put(machine / "google-chrome")
    assert browsers.headless("") == whole
    shell = put(machine / "chromium-headless-shell")
    assert (browsers.headless(""), browsers.windowed("")) == (shell, whole)


def test_what_is_configured_is_taken_but_a_shell_opens_no_window(machine: Path) -> None:
    whole = put(machine / "chromium")
    assert (browsers.headless("/opt/mine"), browsers.windowed("/opt/mine")) == ("/opt/mine", "/opt/mine")
    for shell in ("/opt/chromium-headless-shell", "/opt/headless_shell"):
        assert (browsers.headless(shell), browsers.windowed(shell)) == (shell, whole)


@pytest.mark.parametrize(
    "shell", ["chrome-linux/headless_shell", "chrome-headless-shell-linux64/chrome-headless-shell"]
)
def test_what_playwright_fetched_comes_last_its_newest_shell_first(machine: Path, shell: str) -> None:
    fetched = machine.parent / "fetched"
    whole = put(fetched / "chromium-1200" / "chrome-linux64" / "chrome")
    assert browsers.headless("") == whole
    put(fetched / "chromium_headless_shell-1190" / shell)
    newest = put(fetched / "chromium_headless_shell-1200" / shell)
    assert browsers.headless("") == newest
    assert browsers.windowed("") is None
    on_the_machine = put(machine / "chromium")
    assert browsers.headless("") == on_the_machine
