"""The public checkers, run as programs of another environment: our own code never judges itself alone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parent.parent / ".tools" / "bin"


def tool(name: str) -> str:
    """The program's path; without it the test fails, since what was not checked has not passed."""
    path = TOOLS / name
    if not path.is_file():
        pytest.fail(f"{name} is missing: run scripts/test_tools")
    return str(path)


def ran(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
