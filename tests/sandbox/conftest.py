"""A town running as a program, asked over plain sockets, and towns built in the process."""

from __future__ import annotations

import gzip
import http.client
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox import truth
from sandbox.town import Town
from tests.cli.processes import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
Record = dict[str, Any]


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Running:
    """A running town: how to ask it, what it knows, what it wrote down."""

    port: int
    records: list[Record]
    first: Record
    log: Path
    process: subprocess.Popen[str]

    def ask(self, host: str, path: str, proxy: bool = False, method: str = "GET", known: str = "") -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        target = f"http://{host}{path}" if proxy else path
        connection.request(
            method, target, headers={"Host": host, "User-Agent": "tester/1", "If-None-Match": known}
        )
        answer = connection.getresponse()
        reply = Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        connection.close()
        return reply

    def get(self, url: str) -> Reply:
        host, _, path = url.removeprefix("http://").partition("/")
        return self.ask(host, "/" + path.partition("#")[0])

    def logged(self) -> list[Record]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def trap(self, site: str, why: str) -> Record:
        return next(record for record in self.records if (record["site"], record["why_not"]) == (site, why))

    def crawlable(self, site: str | None = None) -> list[Record]:
        return [r for r in self.records if r["crawlable"] and site in (None, r["site"])]


def start(folder: Path, *arguments: str) -> Running:
    """Start a town and read its first words."""
    command = [
        sys.executable,
        "-m",
        "sandbox",
        "--truth",
        f"{folder}/truth",
        "--log",
        f"{folder}/log",
        *arguments,
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("sandbox listening on 127.0.0.1:"), line
    lines = [json.loads(row) for row in (folder / "truth").read_text(encoding="utf-8").splitlines()]
    return Running(int(line.rpartition(":")[2]), lines[1:], lines[0], folder / "log", process)


def stop(town: Running) -> None:
    town.process.terminate()
    assert town.process.wait(PATIENCE) == 0
    assert town.process.stdout is not None
    town.process.stdout.close()


@pytest.fixture
def start_town() -> Iterator[Callable[..., Running]]:
    """Starts towns that end with the test."""
    started: list[Running] = []

    def begin(folder: Path, *arguments: str) -> Running:
        started.append(start(folder, *arguments))
        return started[-1]

    yield begin
    for town in started:
        stop(town)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    town = start(tmp_path_factory.mktemp("town"), "--seed", "5", "--day", "2026-09-04", "--port", "0")
    yield town
    stop(town)


@pytest.fixture(scope="session")
def towns() -> dict[tuple[int, int], list[Record]]:
    """The truth of a few towns by seed and day."""
    return {
        (seed, day): truth.records(Town(seed, day))
        for seed, day in [(1, 0), (2, 0), (3, 40), (1, 1), (77, 5)]
    }


@pytest.fixture(scope="session")
def region_names() -> dict[str, str]:
    """Official district codes and names."""
    rows = gzip.decompress((ROOT / "core/data/regions.csv.gz").read_bytes()).decode().splitlines()
    return {row.split(",")[0]: row.split(",")[1] for row in rows}
