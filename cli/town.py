"""Start the sandbox town as a program and read what it says of itself: truth and log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.common import WRONG_USE, fail
from core.errors import Unavailable


@dataclass(frozen=True)
class Town:
    """A running town: its address (host:port), and the files of its truth and its log."""

    address: str
    truth_file: Path
    log_file: Path

    def truth(self) -> list[dict[str, Any]]:
        """One entry for each post address."""
        return _lines(self.truth_file)[1:]

    def log(self) -> list[dict[str, Any]]:
        """One entry for each request, in order of arrival."""
        return sorted(_lines(self.log_file), key=lambda entry: float(entry["t"]))


def _lines(path: Path) -> list[dict[str, Any]]:
    """The whole lines: the town may be writing the last one."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


@contextmanager
def running_town(folder: Path, seed: int, day: str, port: int = 0) -> Iterator[Town]:
    """The town for the time of the block. Raises Unavailable when it does not start, typer.Exit for a wrong day."""
    folder.mkdir(parents=True, exist_ok=True)
    town_files = folder / "truth.jsonl", folder / "access.jsonl"
    town_files[1].unlink(missing_ok=True)
    command = [sys.executable, "-m", "sandbox", "--seed", str(seed), "--day", day, "--port", str(port)]
    command += ["--truth", str(town_files[0]), "--log", str(town_files[1]), "--parent-pid", str(os.getpid())]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield Town(_address(process), *town_files)
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _address(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline() if process.stdout else ""
    prefix = "sandbox listening on "
    if not line and process.wait() == WRONG_USE:  # argparse's own code, after it has said which and why
        fail("the sandbox town knows no such seed or day", WRONG_USE)
    if not line.startswith(prefix):
        raise Unavailable(f"the sandbox town did not start: {line.strip() or 'it ended at once'}")
    return line.removeprefix(prefix).strip()
