"""The test server's files: fetched by Maven (pom.xml), unpacked once for each version and user."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

POM = Path(__file__).with_name("pom.xml")


class NotHere(Exception):
    """This machine cannot run the server; the text is the one line that says why and what to do."""


def server_home() -> Path:
    """The unpacked server. Raises NotHere without Java or Maven, or when the registry cannot be reached."""
    missing = [name for name in ("java", "mvn") if shutil.which(name) is None]
    if missing:
        raise NotHere(
            f"no Elasticsearch: {' and '.join(missing)} missing (Debian: apt-get install"
            " openjdk-17-jre-headless maven), or name a running one in WANGXUN_TEST_ELASTICSEARCH"
        )
    cache = _cache()
    home = cache / f"elasticsearch-{version()}"
    # Two workers of one test run ask at once: the second waits and finds it done.
    with (cache / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "unpacked").exists():
            _unpack(_fetched(cache), home)
    return home


def version() -> str:
    """The server's version, as pom.xml has it; another by WANGXUN_TEST_ELASTICSEARCH_VERSION (9.x wants Java 21)."""
    if given := os.environ.get("WANGXUN_TEST_ELASTICSEARCH_VERSION"):
        return given
    found = ElementTree.parse(POM).find(".//{*}server.version")  # noqa: S314 - our own file
    assert found is not None
    assert found.text
    return found.text


def _cache() -> Path:
    """A folder that the unprivileged user, who runs the server, may read: home folders are often closed."""
    cache = Path(tempfile.gettempdir()) / f"wangxun-elasticsearch-{os.getuid()}"
    cache.mkdir(mode=0o755, exist_ok=True)
    if cache.is_symlink() or cache.stat().st_uid != os.getuid():
        raise NotHere(f"{cache} belongs to somebody else: remove it, since programs are run from there")
    return cache


def _fetched(cache: Path) -> Path:
    command = ["mvn", "-q", "-B", "-f", str(POM), "process-resources"]
    command += [f"-DoutputDirectory={cache}", f"-Dserver.version={version()}"]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines() or ["no word why"]
        raise NotHere(f"no Elasticsearch: Maven could not fetch the server: {lines[0]}")
    return cache / f"elasticsearch-{version()}.zip"


def _unpack(archive: Path, home: Path) -> None:
    with zipfile.ZipFile(archive) as content:
        content.extractall(home.parent)
    # zipfile keeps no permissions; programs need theirs, and everybody may read.
    for path in home.rglob("*"):
        path.chmod(path.stat().st_mode | stat.S_IRGRP | stat.S_IROTH | (0o111 if path.is_dir() else 0))
    for program in (home / "bin").iterdir():
        program.chmod(0o755)
    archive.unlink()
    (home / "unpacked").touch()
