"""What every test gets: random rounds by profile, no settings of the caller's shell, no names looked up.

pytest-socket (see pyproject.toml) refuses connections to anything but loopback; it lets names be looked up,
so that is refused here. Tests marked `long`, `shared` or `second_round` that are not meant to run are left out, not skipped:
a skip says that the machine lacks something, and fails the run where a submission is decided (.ci/run).
"""

from __future__ import annotations

import ipaddress
import os
import resource
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# First of ours, before any of them imports numpy: a product of matrices on a thread for each processor waits spinning where
# three test processes share two processors. What took four seconds alone took 86 in CI.
import cli  # noqa: F401
from core import browsers, kernels
from core.kernels import Loops
from tests.elasticsearch.fixtures import (  # noqa: F401 - fixtures for all
    elasticsearch_kept,
    elasticsearch_prefixes,
    elasticsearch_server,
    elasticsearch_url,
    store_url,
)
from tests.s3 import s3_server  # noqa: F401 - the same

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
LONG = os.environ.get("WANGXUN_TEST_LONG") == "1"

# deadline=None, too_slow: a round that is slow, or slowly drawn, on a busy machine is not wrong.
# quick repeats the same rounds, so that a red run is red again; the nightly rounds look for new trouble.
_SLOW = (HealthCheck.too_slow,)
settings.register_profile(
    "quick", max_examples=25, deadline=None, derandomize=True, suppress_health_check=_SLOW
)
settings.register_profile(
    "long", max_examples=1000, deadline=None, print_blob=True, suppress_health_check=_SLOW
)
settings.load_profile("long" if LONG else "quick")

# A developer's own settings must not decide whether a test passes. At import: before any fixture reads them.
# WANGXUN_TEST_... say how tests are to run and stay.
for _name in [
    name for name in os.environ if name.startswith("WANGXUN_") and not name.startswith("WANGXUN_TEST_")
]:
    del os.environ[_name]


def _mark_the_second_round(items: list[pytest.Item]) -> None:
    """The work's own tests once more on Elasticsearch: five minutes, for a run that is given a server (.ci/run).

    The store's conformance suite and the tests of outages run wherever there is Java.
    """
    for item in items:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        callspec = getattr(item, "callspec", None)
        again = callspec is not None and "elasticsearch" in callspec.params.values()
        if (again and folder in ("api", "casework", "test_path.py")) or "through_kills" in item.path.name:
            item.add_marker("second_round")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what this run is not meant to do; skips what this machine cannot do, with one line why."""
    left_out = {name for name, meant in (("long", LONG), ("shared", SHARED.is_dir())) if not meant}
    if not (LONG or os.environ.get("WANGXUN_TEST_ELASTICSEARCH")):
        _mark_the_second_round(items)
        left_out.add("second_round")
    chosen: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        (dropped if left_out & {mark.name for mark in item.iter_markers()} else chosen).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = chosen
    # xdist gives each process a run of neighbours: what mostly waits stands together and begins first, in one of them,
    # so that the others have the processors and nobody waits at the end for what began last.
    items.sort(key=lambda item: item.get_closest_marker("waits") is None)
    if browsers.headless("") is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine: run make setup"))


# One by one: whoever changes his own process here ends the whole run, minutes later and in another test.
_LIMITS = (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)


@pytest.fixture(autouse=True)
def _limits_stay() -> Iterator[None]:
    before = [resource.getrlimit(limit) for limit in _LIMITS]
    yield
    assert [resource.getrlimit(limit) for limit in _LIMITS] == before, (
        "this test limits the process of all tests"
    )


@pytest.fixture(scope="session")
def compiled_loops() -> Loops:
    """The judge's compiled loops. A machine without a compiler has none, and nothing to prove; a submission must have them."""
    return kernels.built() or pytest.skip(
        "core/compiled.pyx is not compiled here: run make setup where a C compiler is"
    )


# Two days count: the trail goes by UTC, daily lists and timetables by Beijing.
_ZONES = (UTC, timezone(timedelta(hours=8)))
_A_TEST = timedelta(seconds=60)  # longer than any test takes that looks for what it did "today"


def _ends_soon(now: datetime) -> bool:
    return any(now.astimezone(zone).date() != (now + _A_TEST).astimezone(zone).date() for zone in _ZONES)


@pytest.fixture(autouse=True)
def _one_day() -> None:
    """In a day's last minute the next day is waited for, so that what a test did today is of today to its end."""
    while _ends_soon(datetime.now(UTC)):
        time.sleep(1)  # a time is waited for, not an event


def _is_loopback(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name == "localhost":
        return True
    try:
        ipaddress.ip_address(str(name))
    except ValueError:
        return False
    return True  # a literal address asks no name server; connecting to it is pytest-socket's matter


@pytest.fixture(autouse=True, scope="session")
def no_names_from_the_network() -> Iterator[None]:
    """Names do not resolve, as on a machine without a network, so no test asks a name server."""
    real = socket.getaddrinfo

    def offline(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_loopback(host):
            raise socket.gaierror(socket.EAI_NONAME, f"tests resolve no names: {host!r}")
        return real(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", offline)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data; ask for it only in tests marked `shared`."""
    return SHARED
