from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


class Town:
    """A running little town: its port, and the requests it got."""

    def __init__(self, log: Path, port: int) -> None:
        self._log, self.port = log, port

    def requests(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._log.read_text().splitlines()[1:]]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    log = tmp_path / "town.log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, str(HERE / "little_town.py")], stdout=stream, stderr=subprocess.DEVNULL
        )
    try:
        while not log.read_text().strip():
            assert process.poll() is None, "the little town did not start"
        yield Town(log, int(log.read_text().split()[0]))
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def fake_run(town: Town) -> Callable[..., dict[str, Any]]:
    """Crawls one of the little town's sites in a process of its own."""

    def run(name: str, delay: float = 0.05, slow: float = 0) -> dict[str, Any]:
        command = [sys.executable, str(HERE / "fake_run.py"), str(town.port), name, str(delay), str(slow)]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=200, check=True
        )
        told = next(line for line in done.stdout.splitlines() if line.startswith("RESULT"))
        result: dict[str, Any] = json.loads(told.removeprefix("RESULT"))
        return result

    return run
