"""Ctrl-C on a crawl: the children have process groups of their own, so they must be told, and end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from casework import shelf
from cli.demo import TOWN_SOURCES
from cli.main import app
from cli.town import Town, running_town
from core.model import Run
from core.settings import Settings
from store import open_store
from store.base import Query
from tests.cli.processes import PATIENCE, browsers, gone, wait_for


def _hear_ctrl_c() -> None:
    """A shell starts what runs in its background deaf to Ctrl-C, and so would be the command, if that runs our tests."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def under_way(process: subprocess.Popen[str], town: Town) -> bool:
    """A crawl that is still being started when it is told to end has nothing to hand in, and just dies."""
    asked = {entry["host"] for entry in town.log() if entry["path"] != "/robots.txt"}
    return asked == {"jiajiao.test", "xinwen.test"} and len(browsers(process)) > 0


@pytest.mark.browser
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_the_crawls_under_way_and_begins_no_other(tmp_path: Path, how: signal.Signals) -> None:
    with running_town(tmp_path / "town", 4, "0") as town:
        env = {
            **os.environ,
            "WANGXUN_DATA": str(tmp_path / "data"),
            "WANGXUN_TOWN": town.address,
            "WANGXUN_SOURCES": str(TOWN_SOURCES),
        }
        command = [sys.executable, "-m", "cli.main", "crawl", "jiajiao", "xinwen", "zhipin"]
        process = subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=_hear_ctrl_c
        )  # fmt: skip
        try:
            wait_for(lambda: under_way(process, town), "both crawls read, and one takes its looks", process)
            below = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(how)
            said = process.communicate(timeout=PATIENCE)[0]
        finally:
            process.kill()
            process.communicate()
        wait_for(lambda: gone(below), "crawls and browsers end with the command")
    assert process.returncode != 0
    assert "Traceback" not in said
    opened = open_store(Settings(data=tmp_path / "data").store_url)
    states = {run.source_id: run.state for run in shelf.walk(opened, Run, Query())}
    opened.close()
    assert states == {"jiajiao": "cancelled", "xinwen": "cancelled", "zhipin": "cancelled"}


def test_a_crawl_of_no_source_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sources").mkdir()
    monkeypatch.setenv("WANGXUN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WANGXUN_SOURCES", str(tmp_path / "sources"))
    result = CliRunner().invoke(app, ["crawl"])
    assert result.exit_code == 1
    assert f"no source is described in {tmp_path / 'sources'}" in result.output
