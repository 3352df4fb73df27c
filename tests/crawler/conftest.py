from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}


class Town:
    """A running little town: its port, and the requests it got, as it tells them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self._told, self._lines = process.stdout, list[str]()
        self._news = threading.Condition()
        self.port = int(self._told.readline())
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._told:
            with self._news:
                self._lines.append(line)
                self._news.notify_all()

    def requests(self) -> list[dict[str, Any]]:
        with self._news:
            return [json.loads(line) for line in self._lines]

    def wait_for(self, path: str) -> None:
        """Until somebody asks for the path; a minute is more than any machine needs."""
        with self._news:
            came = self._news.wait_for(
                lambda: any(json.loads(line)["path"] == path for line in self._lines), 60
            )
        assert came, f"nobody asked for {path}"

    def ask(self, url: str) -> None:
        """A request of the test's own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", url)
        connection.getresponse().read()
        connection.close()

    def close(self) -> None:
        self._reader.join()
        self._told.close()


@pytest.fixture
def little_town() -> Iterator[Callable[..., Town]]:
    """Starts little towns that end with the test; given certificate and key, one that speaks TLS."""
    started: list[tuple[subprocess.Popen[str], Town]] = []

    def begin(*arguments: str) -> Town:
        process = subprocess.Popen(
            [sys.executable, str(HERE / "little_town.py"), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        started.append((process, Town(process)))
        return started[-1][1]

    yield begin
    for process, town in started:
        process.kill()
        process.wait()
        town.close()


@pytest.fixture
def town(little_town: Callable[..., Town]) -> Town:
    return little_town()


def command(town: Town, name: str, delay: float, slow: float, memory: Path | None) -> list[str]:
    numbers = [str(town.port), name, str(delay), str(slow)]
    return [sys.executable, str(HERE / "fake_run.py"), *numbers, str(memory or "")]


def result(said: str) -> dict[str, Any]:
    told = next(line for line in said.splitlines() if line.startswith("RESULT"))
    found: dict[str, Any] = json.loads(told.removeprefix("RESULT"))
    return found


@pytest.fixture
def fake_run(town: Town) -> Callable[..., dict[str, Any]]:
    """Crawls one of the little town's sites in a process of its own."""

    def run(name: str, delay: float = 0.05, slow: float = 0, memory: Path | None = None) -> dict[str, Any]:
        done = subprocess.run(
            command(town, name, delay, slow, memory), env=ENVIRONMENT, cwd=ROOT, capture_output=True, text=True,
            timeout=200, check=True,
        )  # fmt: skip
        return result(done.stdout)

    return run


@pytest.fixture
def begun_run(town: Town) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Begins such a crawl and leaves it running; `result(process.communicate()[0])` is what it told."""
    begun: list[subprocess.Popen[str]] = []

    def begin(name: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command(town, name, 0.05, 0, None), env=ENVIRONMENT, cwd=ROOT, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.wait()
