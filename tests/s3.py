"""A real S3-speaking server, versitygw, on loopback over a folder: for every test of a vault on object storage."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

KEY, SECRET = "pretend-key", "pretend-secret"
# The version that .ci/run builds.
INSTALL = "GOBIN=$PWD/.venv/bin go install github.com/versity/versitygw/cmd/versitygw@v1.8.0"


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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program(), "--port", f"127.0.0.1:{port}", "--access", KEY, "--secret", SECRET, "--quiet"]
    side = tmp_path_factory.mktemp("sidecar")  # object attributes as files: not every file system has its own
    child = subprocess.Popen([*command, "posix", "--sidecar", str(side), str(folder)], env={**os.environ})
    try:
        wait_for(port, child)
        yield f"http://127.0.0.1:{port}", folder
    finally:
        child.terminate()
        child.wait()


def wait_for(port: int, child: subprocess.Popen[bytes]) -> None:
    """Until it answers; a program that ended will never."""
    while child.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
            threading.Event().wait(0.05)
    raise AssertionError(f"versitygw ended with {child.returncode}")
