"""One real server for a whole test run, shared by its processes; a fresh prefix for each test."""

from __future__ import annotations

import fcntl
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import elasticsearch
import pytest

from tests.elasticsearch.distribution import NotHere
from tests.elasticsearch.launcher import Cluster, start

ROOT = Path(__file__).resolve().parents[2]
# Seconds for an answer to a test's own requests: otherwise ten, which removing some indices takes under load.
ANSWER = 120
# Prefixes whose indices are left for a while: a few dozen indices, which a small server hardly feels.
LEFT = 12


@contextmanager
def own_cluster(nodes: int = 1) -> Iterator[Cluster]:
    """A server of the test's own, of so many nodes, to be killed at will; the test is skipped where none can run."""
    try:
        made = start(nodes)
    except NotHere as error:
        pytest.skip(str(error))
    try:
        yield made
    finally:
        made.stop()


def _own_server(say: Path, until: int) -> subprocess.Popen[str]:
    """A launcher that ends with process `until`; waits until it has said where the server is."""
    command = [sys.executable, "-m", "tests.elasticsearch.launcher", "--while", str(until), "--say", str(say)]
    launcher = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=_quiet(), start_new_session=True
    )
    assert launcher.stdout is not None
    line = launcher.stdout.readline()
    if launcher.poll() is not None or not line.startswith("http"):
        reason = line + launcher.stdout.read()
        launcher.stdout.close()
        if launcher.wait() == 3:
            say.write_text(f"skip {reason.strip()}", encoding="utf-8")
        else:
            raise RuntimeError(f"the launcher of Elasticsearch failed: {reason}")
    return launcher


def _quiet() -> dict[str, str]:
    """Without coverage's hook: the launcher is no code of ours, and would wait for nothing."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COV")}


@pytest.fixture(scope="session")
def elasticsearch_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server, without prefix."""
    if given := os.environ.get("WANGXUN_TEST_ELASTICSEARCH"):
        yield given.rstrip("/")
        return
    worker = "PYTEST_XDIST_WORKER" in os.environ
    # Workers share one server, which lives as long as the process that started them; each has a base folder of
    # its own in a common one.
    base = tmp_path_factory.getbasetemp()
    say = (base.parent if worker else base) / "elasticsearch"
    launcher = None
    with say.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not say.exists():
            launcher = _own_server(say, os.getppid() if worker else os.getpid())
    said = say.read_text(encoding="utf-8")
    if said.startswith("skip "):
        pytest.skip(said.removeprefix("skip "))
    yield said
    if launcher is not None:
        _let_go(launcher, stop=not worker)


def _let_go(launcher: subprocess.Popen[str], *, stop: bool) -> None:
    """The only process stops its server itself; a worker leaves it to the others and to the launcher's watch."""
    if stop:
        launcher.terminate()
        launcher.wait()
    else:
        launcher.returncode = 0  # no "still running" warning: its end is looked after
    if launcher.stdout is not None:
        launcher.stdout.close()


@pytest.fixture(scope="session")
def elasticsearch_prefixes(elasticsearch_server: str) -> Iterator[Callable[[], str]]:
    """Makes new prefixes; their indices are removed many at once, since each request for it takes half a second."""
    made: list[str] = []

    def new() -> str:
        if len(made) == LEFT:
            remove(elasticsearch_server, made)
            made.clear()
        made.append(f"test-{secrets.token_hex(6)}")
        return made[-1]

    yield new
    if made:
        remove(elasticsearch_server, made)


@pytest.fixture
def elasticsearch_url(elasticsearch_server: str, elasticsearch_prefixes: Callable[[], str]) -> str:
    """A store address with a prefix of its own."""
    return f"{elasticsearch_server}/{elasticsearch_prefixes()}"


@pytest.fixture(scope="session")
def elasticsearch_kept(elasticsearch_server: str) -> Iterator[str]:
    """A store address of this process, whose indices stay from test to test: making some costs a second or two."""
    prefix = f"kept-{secrets.token_hex(6)}"
    yield f"{elasticsearch_server}/{prefix}"
    remove(elasticsearch_server, [prefix])


@pytest.fixture(params=["sqlite", "elasticsearch"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store; whoever asks for it is tested once on each back-end."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'wangxun.sqlite3'}"
        return
    url = request.getfixturevalue("elasticsearch_kept")
    yield url
    empty(url)


@contextmanager
def driver(server: str) -> Iterator[elasticsearch.Elasticsearch]:
    """A client of a test's own, which waits for a busy server."""
    with elasticsearch.Elasticsearch(server, request_timeout=ANSWER) as made:
        yield made


def empty(url: str) -> None:
    """Delete every document below the prefix; the versions of what is saved anew go on counting for a minute."""
    server, _, prefix = url.rpartition("/")
    with driver(server) as client:
        client.indices.refresh(index=f"{prefix}-*")
        hits = client.search(
            index=f"{prefix}-*", size=10_000, source=False, allow_partial_search_results=False
        )["hits"]["hits"]
        gone = [{"delete": {"_index": hit["_index"], "_id": hit["_id"]}} for hit in hits]
        if gone:
            assert not client.bulk(operations=gone, refresh=True)["errors"], "the next test would find them"


def remove(server: str, prefixes: Sequence[str]) -> None:
    """Remove all indices of some prefixes."""
    with driver(server) as client:
        names = list(client.indices.get(index=",".join(f"{prefix}-*" for prefix in prefixes)))
        if names:
            client.indices.delete(index=",".join(names), master_timeout=f"{ANSWER}s", timeout=f"{ANSWER}s")
