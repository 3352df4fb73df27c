"""`sources try` on the running town: a reactor starts once in a process, so each try is a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.demo import TOWN_SOURCES
from cli.main import app
from cli.town import Town, running_town
from core.catalog import load_catalog
from core.settings import PACKAGED_CONFIG
from crawler.cases import extract, load
from tests.cli.processes import PATIENCE


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_town(tmp_path_factory.mktemp("town"), 4, "0") as town:
        yield town


def tried(
    town: Town, folder: Path, *words: str, sources: Path = TOWN_SOURCES
) -> subprocess.CompletedProcess[str]:
    env = {
        **os.environ, "WANGXUN_DATA": str(folder / "data"), "WANGXUN_TOWN": town.address,
        "WANGXUN_SOURCES": str(sources), "COLUMNS": "500",
    }  # fmt: skip
    command = [sys.executable, "-m", "cli.main", "sources", "try", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)


def hidden(town: Town) -> tuple[str, str]:
    """A post whose contact stands behind a click, and that contact."""
    for entry in town.truth():
        kept = [contact["value"] for contact in entry["contacts"] if contact["hidden"]]
        if entry["site"] == "jiazheng" and entry["crawlable"] and kept:
            return entry["url"], kept[0]
    raise AssertionError("the town hides no contact")


def test_a_post_is_tried_with_its_hidden_contact_and_saved_as_a_case(town: Town, tmp_path: Path) -> None:
    url, contact = hidden(town)
    words = ("jiazheng", url, "--save-case", "one", "--cases", str(tmp_path))
    said = tried(town, tmp_path, *words)
    assert said.returncode == 0, said.stderr
    assert contact in said.stdout
    case, expected = load(tmp_path / "jiazheng" / "one")
    assert case.page.url == url
    assert contact in str(expected["revealed"])
    source = load_catalog(PACKAGED_CONFIG, TOWN_SOURCES).source("jiazheng")
    assert extract(case, source) == expected
    # The second try finds the name taken and says so.
    assert tried(town, tmp_path, *words).returncode == 1


def test_a_wall_is_a_case_and_a_missing_page_is_none(town: Town, tmp_path: Path) -> None:
    def trap(why: str) -> str:
        return next(
            entry["url"] for entry in town.truth() if (entry["site"], entry["why_not"]) == ("xinwen", why)
        )

    said = tried(town, tmp_path, "xinwen", trap("captcha"), "--save-case", "wall", "--cases", str(tmp_path))
    assert said.returncode == 0, said.stderr
    assert load(tmp_path / "xinwen" / "wall")[1] == {"wall": "captcha"}
    gone = tried(
        town,
        tmp_path,
        "xinwen",
        "http://xinwen.test/gone.html",
        "--save-case",
        "no",
        "--cases",
        str(tmp_path),
    )
    assert gone.returncode == 1
    assert not (tmp_path / "xinwen" / "no").exists()


def test_a_field_that_no_longer_comes_is_named(town: Town, tmp_path: Path) -> None:
    text = (TOWN_SOURCES / "jiajiao.yml").read_text(encoding="utf-8")
    assert "span.pubtime" in text
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "jiajiao.yml").write_text(
        text.replace("span.pubtime", "span.moved"), encoding="utf-8"
    )
    said = tried(town, tmp_path, "jiajiao", sources=tmp_path / "sources")
    assert said.returncode == 0, said.stderr
    assert "字段 published_at" in said.stdout
    assert "页面结构变了" in said.stdout
    assert "页面结构变了" not in tried(town, tmp_path, "jiajiao").stdout


def test_a_cases_name_is_no_path() -> None:
    answer = CliRunner().invoke(app, ["sources", "try", "jiajiao", "--save-case", "../x"])
    assert answer.exit_code == 2
