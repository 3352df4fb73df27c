"""A real S3-speaking server, versitygw, on loopback over a folder: for every test of a vault on object storage."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

KEY, SECRET = "pretend-key", "pretend-secret"
# The version that .ci/run builds.
INSTALL = "GOBIN=$PWD/.venv/bin go install github.com/versity/versitygw/cmd/versitygw@v1.8.0"

TRIES = 5


def program() -> str:
    own = Path(sys.executable).parent / "versitygw"
    found = str(own) if own.is_file() else shutil.which("versitygw")
    if not found:
        pytest.skip(f"no versitygw (an S3 server to test against); with Go: {INSTALL}")
    return found


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Endpoint and the folder behind it, with a bucket."""
    folder = tmp_path_factory.mktemp("gateway")
    (folder / "bucket").mkdir()
    side = tmp_path_factory.mktemp("sidecar")  # object attributes as files: not every file system has its own
    port, child = started("posix", "--sidecar", str(side), str(folder))
    try:
        yield f"http://127.0.0.1:{port}", folder
    finally:
        child.terminate()
        child.wait()


def started(*arguments: str) -> tuple[int, subprocess.Popen[bytes]]:
    """The server and its port. It must be given one, and another program may take that before it does: then another."""
    for _ in range(TRIES):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [program(), "--port", f"127.0.0.1:{port}", "--access", KEY, "--secret", SECRET, "--quiet"]
        child = subprocess.Popen([*command, *arguments], env={**os.environ})
        while child.poll() is None:
            if listens(child.pid, port):
                return port, child
            time.sleep(0.05)  # nothing to wait on: another program's port opens when it opens
    raise AssertionError(f"versitygw ended with {child.returncode}, {TRIES} times")


def listens(pid: int, port: int) -> bool:
    """Whether it is this process that listens there, and no other."""
    with suppress(psutil.NoSuchProcess):
        found = psutil.Process(pid).net_connections("tcp")
        return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in found)
    return False
