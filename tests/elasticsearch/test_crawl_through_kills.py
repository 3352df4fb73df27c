"""A crawl of the town whose server is killed at random moments: in the end everything is as after a calm crawl."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from casework.desk import Desk, open_desk
from cli.demo import TOWN_SOURCES
from cli.town import Town, running_town
from cli.town_check import everything, unproven
from core.model import Evidence, Finding, Sighting
from core.settings import Settings
from tests.cli.processes import wait_for
from tests.elasticsearch import launcher
from tests.elasticsearch.fixtures import own_cluster

SITE = "jiajiao"
PAGES = 40


@pytest.fixture
def cluster() -> Iterator[launcher.Cluster]:
    with own_cluster() as made:
        yield made


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with running_town(tmp_path / "town", 4, "0") as made:
        yield made


@pytest.fixture
def place(town: Town, tmp_path: Path) -> Callable[[str, str], dict[str, str]]:
    """Makes the environment of a crawl: a data folder, a store."""
    text = (TOWN_SOURCES / f"{SITE}.yml").read_text(encoding="utf-8")
    text = text.replace("pages: 600", f"pages: {PAGES}").replace("posts: [", "posts: [1, 1000]} #")
    text = text.replace("delay: 0.1", "delay: 0.3")  # a crawl of half a minute: several restarts fit into it
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / f"{SITE}.yml").write_text(text, encoding="utf-8")

    def make(name: str, server: str) -> dict[str, str]:
        return {
            "WANGXUN_DATA": str(tmp_path / name), "WANGXUN_TOWN": town.address,
            "WANGXUN_SOURCES": str(tmp_path / "sources"), "WANGXUN_STORE": f"{server}/{name}",
        }  # fmt: skip

    return make


def command(env: dict[str, str], *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "cli.main", *words], env={**os.environ, **env}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip


def done(env: dict[str, str], *words: str) -> str:
    process = command(env, *words)
    said = process.communicate(timeout=300)[0]
    assert process.returncode == 0, said
    return said


def desk_of(env: dict[str, str]) -> Desk:
    return open_desk(
        Settings(**{name.removeprefix("WANGXUN_").lower(): value for name, value in env.items()})
    )  # type: ignore[arg-type]


def kept(env: dict[str, str]) -> dict[str, Any]:
    """What must be the same after any crawl of the same day, however it went; and that all of it is proved."""
    desk = desk_of(env)
    try:
        assert list(unproven(desk)) == []
        found = [one for one in everything(desk, "finding") if isinstance(one, Finding)]
        marks = [one for one in everything(desk, "sighting") if isinstance(one, Sighting)]
        looks = [one for one in everything(desk, "evidence") if isinstance(one, Evidence)]
        named = Counter(name for one in found for version in one.versions for name in version.evidence_ids)
        assert named == Counter(one.id for one in looks)  # each is named once, none is left over
        sealed = {name for name in desk.vault.digests() if desk.vault.has(name)}
        assert named.keys() <= sealed
        return {
            "findings": {one.id: (one.status, one.second_look, len(one.versions)) for one in found},
            "texts": {one.id: one.latest.content_digest for one in found},
            "sightings": {one.id: (one.decision, one.content_digest) for one in marks},
            "evidence": Counter((one.post_id, one.look) for one in looks),
            "waiting": desk.spool.look().records,
        }
    finally:
        desk.close()


def asked(town: Town) -> int:
    return len(town.log())


@pytest.mark.browser
@pytest.mark.timeout(
    1200
)  # some starts of a server, and crawls beside them, on a machine that is busy otherwise
@pytest.mark.parametrize(
    ("seed", "times"), [(7, 2), *(pytest.param(seed, 4, marks=pytest.mark.long) for seed in range(4))]
)
def test_killing_the_server_at_random_moments_loses_and_doubles_nothing(
    cluster: launcher.Cluster, town: Town, place: Callable[[str, str], dict[str, str]], seed: int, times: int
) -> None:
    calm, wild = place("calm", cluster.url), place("wild", cluster.url)
    done(calm, "crawl", SITE)
    chance, begun = random.Random(seed), asked(town)
    process = command(wild, "crawl", SITE)
    kills = 0
    try:
        wait_for(lambda: asked(town) > begun, "the crawl has begun", process)
        for _ in range(times):
            until = asked(town) + chance.randint(1, 2 * PAGES // times)
            wait_for(lambda until=until: asked(town) >= until or process.poll() is not None, "it goes on")  # type: ignore[misc]
            kills += process.poll() is None
            cluster.nodes[0].stop(signal.SIGKILL)
            until = asked(town) + chance.randint(0, 6)
            wait_for(
                lambda until=until: asked(town) >= until or process.poll() is not None, "it goes on alone"
            )  # type: ignore[misc]
            launcher.again(cluster, 0)
        said = process.communicate(timeout=300)[0]
    finally:
        process.kill()
        process.wait()
    assert kills, said
    assert "Traceback" not in said, said
    done(wild, "spool", "land")
    done(wild, "crawl", SITE)  # takes the looks that could not be asked for, and reads what was left
    assert kept(wild) == kept(calm)
    assert kept(wild)["waiting"] == 0
