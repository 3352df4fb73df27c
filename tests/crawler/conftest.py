from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.processes import PATIENCE, wait_for

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}


class Town:
    """A running little town: its port, and the requests it got, as it tells them in a file.

    A line stands there before the request is answered: whoever has had his answer finds it, as from a pipe he may not.
    """

    def __init__(self, process: subprocess.Popen[str], told: Path) -> None:
        self._told = told
        wait_for(lambda: bool(self._lines()), "the little town says its port", process)
        self.port = int(self._lines()[0])

    def _lines(self) -> list[str]:
        return self._told.read_text(encoding="utf-8").split("\n")[:-1]

    def requests(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._lines()[1:]]

    def wait_for(self, path: str) -> None:
        """Until somebody asks for the path."""
        wait_for(lambda: any(item["path"] == path for item in self.requests()), f"somebody asks for {path}")

    def ask(self, url: str) -> None:
        """A request of the test's own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", url)
        connection.getresponse().read()
        connection.close()


@pytest.fixture
def little_town(tmp_path: Path) -> Iterator[Callable[..., Town]]:
    """Starts little towns that end with the test; given certificate and key, one that speaks TLS."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> Town:
        told = tmp_path / f"little town {len(started)}"
        with told.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, str(HERE / "little_town.py"), *arguments],
                stdout=output,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        started.append(process)
        return Town(process, told)

    yield begin
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def town(little_town: Callable[..., Town]) -> Town:
    return little_town()


def command(town: Town, name: str, delay: float, judge: str, memory: Path | None) -> list[str]:
    return [
        sys.executable, str(HERE / "fake_run.py"), str(town.port), name, str(delay), judge, str(memory or ""),
    ]  # fmt: skip


def result(said: str) -> dict[str, Any]:
    told = next(line for line in said.splitlines() if line.startswith("RESULT"))
    found: dict[str, Any] = json.loads(told.removeprefix("RESULT"))
    return found


@pytest.fixture
def fake_run(town: Town) -> Callable[..., dict[str, Any]]:
    """Crawls one of the little town's sites in a process of its own."""

    def run(name: str, delay: float = 0.05, judge: str = "", memory: Path | None = None) -> dict[str, Any]:
        done = subprocess.run(
            command(town, name, delay, judge, memory), env=ENVIRONMENT, cwd=ROOT, capture_output=True, text=True,
            timeout=PATIENCE, check=True,
        )  # fmt: skip
        return result(done.stdout)

    return run


@pytest.fixture
def begun_run(town: Town) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Begins such a crawl and leaves it running; `result(process.communicate()[0])` is what it told."""
    begun: list[subprocess.Popen[str]] = []

    def begin(name: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command(town, name, 0.05, "", None), env=ENVIRONMENT, cwd=ROOT, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.wait()
