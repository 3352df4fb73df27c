"""The site comes up though its store is away, and is whole as soon as that is back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from casework import audit, landing
from cli import serving
from core.errors import StoreAway
from tests.casework.away import switched
from tests.casework.desks import actor, make_desk
from tests.cli.processes import PATIENCE, wait_for


def page(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def listens(address: str) -> bool:
    try:
        return page(f"{address}static/wangxun.css")[0] == 200
    except urllib.error.URLError:
        return False


def test_it_comes_up_and_says_what_is_wrong(tmp_path: Path) -> None:
    env = {
        **os.environ, "WANGXUN_DATA": str(tmp_path), "WANGXUN_STORE": "http://127.0.0.1:9/p", "WANGXUN_PORT": "0",
    }  # fmt: skip
    site = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "serve"], env=env, stdout=subprocess.PIPE, text=True
    )
    assert site.stdout is not None
    try:
        address = site.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        wait_for(lambda: listens(address), "it answers", site)
        status, text = page(f"{address}status")
        assert (status, "资料库现在连不上" in text) == (200, True)
        assert page(f"{address}api/status")[0] == 503
        assert "登录" in page(f"{address}sign-in")[1]
    finally:
        site.send_signal(signal.SIGTERM)
        try:
            assert site.wait(PATIENCE) == 0  # told to end is done: for systemd, too
        finally:
            site.kill()
            site.communicate()


def test_what_waits_lands_and_gaps_are_closed_once_the_store_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "violations").mkdir()
    desk, switch = switched(make_desk(tmp_path / "data", tmp_path))
    repairs: list[object] = []
    monkeypatch.setattr(audit, "repair", repairs.append)
    switch.go()
    audit.record(desk, actor(), "view", "finding:1")

    def away(_: object) -> None:
        raise StoreAway("away")

    monkeypatch.setattr(audit, "repair", away)
    assert not serving.tend(desk, repaired=False)
    assert desk.spool.look().records == 1
    switch.come_back()
    monkeypatch.setattr(audit, "repair", repairs.append)
    assert serving.tend(desk, repaired=False)
    assert serving.tend(desk, repaired=True)
    assert (len(repairs), desk.spool.look().records) == (1, 0)
    assert landing.drain(desk, 1).landed == 0
    desk.close()
