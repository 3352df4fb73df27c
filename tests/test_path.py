"""The whole path, as an operator walks it: town, crawl, search, export, verify; and kill -9 in the midst of it."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from casework.desk import open_desk
from cli.demo import TOWN_SOURCES
from cli.main import app
from cli.town import Town, running_town
from cli.town_check import census, findings, read_addresses, too_fast, unproven
from core.settings import Settings
from tests.cli.processes import PATIENCE, browsers, gone, wait_for
from tests.elasticsearch.fixtures import remove

pytestmark = [pytest.mark.browser, pytest.mark.waits]
SITE = "zhipin"  # JSON lists, JSON-LD posts, and all of the traps


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_town(tmp_path_factory.mktemp("town"), 3, "0") as town:
        yield town


@pytest.fixture(scope="module", params=["sqlite", "elasticsearch"])
def new_store(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Makes addresses of empty stores; the whole path is walked once on each back-end."""
    made: list[str] = []

    def make() -> str:
        if request.param == "sqlite":
            return ""  # in the data folder
        made.append(f"{request.getfixturevalue('elasticsearch_server')}/path-{secrets.token_hex(6)}")
        return made[-1]

    yield make
    for url in made:
        server, _, prefix = url.rpartition("/")
        remove(server, [prefix])


def settings(env: dict[str, str]) -> Settings:
    place = {"data": Path(env["WANGXUN_DATA"]), "store": env["WANGXUN_STORE"]}
    return Settings(town=env["WANGXUN_TOWN"], sources=TOWN_SOURCES, **place)  # type: ignore[arg-type]


def environment(town: Town, data: Path, store: str = "") -> dict[str, str]:
    return {
        "WANGXUN_DATA": str(data), "WANGXUN_TOWN": town.address, "WANGXUN_SOURCES": str(TOWN_SOURCES),
        "WANGXUN_STORE": store,
    }  # fmt: skip


def run(env: dict[str, str], *words: str) -> str:
    result = CliRunner().invoke(app, list(words), env=env, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def wanted(town: Town) -> set[str]:
    return {
        entry["url"]
        for entry in town.truth()
        if entry["url"].startswith(f"http://{SITE}.test/") and entry["crawlable"]
    }


@pytest.fixture(scope="module")
def begin(town: Town, new_store: Callable[[], str]) -> int:
    """How many requests the town had seen before: those of killed crawls keep no pace with those of the next."""
    return len(town.log())


@pytest.fixture(scope="module")
def crawled(
    town: Town, tmp_path_factory: pytest.TempPathFactory, new_store: Callable[[], str], begin: int
) -> dict[str, str]:
    """A data folder into which the site has been crawled once, as an environment for commands."""
    env = environment(town, tmp_path_factory.mktemp("data"), new_store())
    run(env, "crawl", SITE)
    return env


def test_a_crawl_reads_all_keeps_its_pace_and_a_second_one_adds_nothing(
    town: Town, crawled: dict[str, str], begin: int
) -> None:
    desk = open_desk(settings(crawled))
    try:
        before = census(desk)
        assert wanted(town) == read_addresses(desk)
        assert findings(desk)
        assert list(unproven(desk)) == []
        own = [entry for entry in town.log()[begin:] if entry["host"] == f"{SITE}.test"]
        assert list(too_fast(own, [desk.catalog.source(SITE)], {SITE: f"{SITE}.test"})) == []
        assert "clear" not in run(crawled, "crawl", SITE)
        assert census(desk) == before
    finally:
        desk.close()


def test_search_export_and_verify(crawled: dict[str, str], tmp_path: Path) -> None:
    lines = run(crawled, "findings", "search", "--status", "flagged", "--limit", "3", "--json").splitlines()
    found = [json.loads(line) for line in lines]
    assert found
    assert {"id", "url", "status", "codes", "score"} == found[0].keys()
    bundle = tmp_path / "bundle.zip"
    run(crawled, "export", "--finding", found[0]["id"], "--output", str(bundle), "--reason", "核查")
    run(crawled, "verify", str(bundle))
    spoiled = bytearray(bundle.read_bytes())
    spoiled[len(spoiled) // 2] ^= 1
    bundle.write_bytes(spoiled)
    assert CliRunner().invoke(app, ["verify", str(bundle)], env=crawled).exit_code == 1
    run(crawled, "findings", "search", "老师")


def test_the_smaller_commands(crawled: dict[str, str]) -> None:
    assert "6 sources and 20 violations" in run(crawled, "sources", "check")
    assert SITE in run(crawled, "sources", "list")
    run(
        crawled,
        "officers",
        "add",
        "li",
        "--name",
        "李敏",
        "--role",
        "reviewer",
        "--password",
        "long enough 8 words",
    )
    assert "WANGXUN_TOWN" in run(crawled, "doctor")
    unknown = CliRunner().invoke(app, ["crawl", "zhipn"], env=crawled)
    assert unknown.exit_code == 1
    assert CliRunner().invoke(app, ["classify", "no such file"], env=crawled).exit_code == 3
    assert CliRunner().invoke(app, ["export", "--output", "x.zip"], env=crawled).exit_code == 2


def test_trying_a_source_prints_posts_and_keeps_nothing(town: Town, tmp_path: Path) -> None:
    env = {**os.environ, **environment(town, tmp_path)}
    command = [sys.executable, "-m", "cli.main", "sources", "try", "jiajiao"]
    said = subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert said.returncode == 0, said.stderr
    assert "http://jiajiao.test/info/" in said.stdout
    desk = open_desk(settings(environment(town, tmp_path)))
    try:
        assert read_addresses(desk) == set()
    finally:
        desk.close()


def crawl_and_kill(env: dict[str, str], moment: Callable[[subprocess.Popen[str]], bool], what: str) -> int:
    """Crawl until the moment has come, then kill -9. How many browsers ran then; none of them stays."""
    command = [sys.executable, "-m", "cli.main", "crawl", SITE]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, text=True, start_new_session=True)
    try:
        wait_for(lambda: moment(process), what, process)
        below = psutil.Process(process.pid).children(recursive=True)
        running = len(browsers(process))
    finally:
        process.kill()
        process.wait()
    wait_for(lambda: gone(below), "workers and browsers die with the killed crawl")
    return running


def looks(town: Town) -> Iterator[str]:
    """Post pages that a browser asked for: unlike Scrapy it fetches what belongs to a page."""
    return (
        entry["path"] for entry in town.log() if entry["host"] == f"{SITE}.test" and ".css" in entry["path"]
    )


def test_kill_at_several_moments_loses_and_doubles_nothing(
    town: Town, tmp_path: Path, new_store: Callable[[], str]
) -> None:
    place = environment(town, tmp_path, new_store())
    env = {**os.environ, **place}

    def asked(enough: int) -> Callable[[subprocess.Popen[str]], bool]:
        wanted_lines = len(town.log()) + enough
        return lambda _: len(town.log()) >= wanted_lines

    def looking() -> Callable[[subprocess.Popen[str]], bool]:
        before = len(list(looks(town)))
        return lambda process: len(list(looks(town))) > before and len(browsers(process)) > 0

    crawl_and_kill(env, asked(2), "lists are read")
    crawl_and_kill(env, asked(30), "posts are read")
    assert crawl_and_kill(env, looking(), "a browser is at its look") > 0
    assert crawl_and_kill(env, looking(), "a browser is at the look that was pending") > 0
    desk = open_desk(settings(place))
    try:
        assert any(finding.second_look == "pending" for finding in findings(desk).values())
        run(place, "crawl", SITE)
        assert wanted(town) == read_addresses(desk)
        assert all(finding.second_look != "pending" for finding in findings(desk).values())
        assert all(len(finding.versions) == 1 for finding in findings(desk).values())
        assert list(unproven(desk)) == []
    finally:
        desk.close()
