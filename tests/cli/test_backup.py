"""The commands as an operator types them: a crawl that runs while it is backed up, an empty machine, a crawl that goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework import backup_set, intake
from casework.desk import open_desk
from cli.demo import TOWN_SOURCES
from cli.doctor_backup import backup as looked
from cli.town import running_town
from core.model import Finding
from core.settings import Settings
from evidence import verify
from store import open_store
from store.base import Query
from tests.casework.desks import make_capture, make_post
from tests.cli.processes import wait_for
from tests.cli.way import way_to


def run(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *words],
        env={**env, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def found(data: Path) -> dict[str, Finding]:
    store = open_store(f"sqlite:///{data / 'wangxun.sqlite3'}")
    try:
        records = store.search("finding", Query(limit=1000)).records
        return {one.id: one for one in records if isinstance(one, Finding)}
    finally:
        store.close()


def ready(data: Path) -> bool:
    return (data / "wangxun.sqlite3").is_file() and len(found(data)) >= 3


@pytest.mark.waits
def test_backed_up_in_a_crawl_restored_and_gone_on_with(tmp_path: Path) -> None:
    with running_town(tmp_path / "town", 4, "0") as town, way_to(town) as way:
        sources = tmp_path / "sources"
        sources.mkdir()
        text = (TOWN_SOURCES / "jiajiao.yml").read_text(encoding="utf-8")
        text = text.replace("pages: 600", "pages: 40").replace("posts: [", "posts: [1, 1000]} #")
        (sources / "jiajiao.yml").write_text(text, encoding="utf-8")
        old, new, folder = tmp_path / "old", tmp_path / "new", tmp_path / "backup"
        env = {
            **os.environ, "WANGXUN_DATA": str(old), "WANGXUN_TOWN": way.address, "WANGXUN_SOURCES": str(sources),
        }  # fmt: skip
        crawl = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "crawl"], env=env, stdout=subprocess.PIPE, text=True
        )
        try:
            wait_for(lambda: ready(old), "three findings", crawl)
            made = run(env, "backup", str(folder))
            assert crawl.poll() is None  # the work went on all the while
        finally:
            way.opened.set()
            crawl.communicate()
        assert made.returncode == 0, made.stderr
        moved = {**env, "WANGXUN_DATA": str(new)}
        refused = run(moved, "restore", str(folder))
        assert refused.returncode == 1
        assert "fingerprint.key" in refused.stderr
        new.mkdir(exist_ok=True)
        (new / "fingerprint.key").write_bytes((old / "fingerprint.key").read_bytes())
        back = run(moved, "restore", str(folder))
        assert back.returncode == 0, back.stderr
        some = found(new)
        assert 3 <= len(some) < len(found(old))
        assert run(moved, "verify", str(new)).returncode == 0
        lines = run(moved, "findings", "search", "--json", "--limit", "1000").stdout.splitlines()
        assert {json.loads(line)["id"] for line in lines} == some.keys()
        assert (
            run(
                moved, "export", "--finding", next(iter(some)), "--output", str(tmp_path / "b.zip")
            ).returncode
            == 0
        )
        assert run(moved, "verify", str(tmp_path / "b.zip")).returncode == 0
        crawled = run(moved, "crawl", "jiajiao")
        assert crawled.returncode == 0, crawled.stdout + crawled.stderr
        assert found(new).keys() == found(old).keys()  # the rest was found, nothing was doubled
        assert all(len(one.versions) == 1 for one in found(new).values())
        assert run(moved, "verify", str(new)).returncode == 0


def test_no_folder_is_wrong_use(tmp_path: Path) -> None:
    said = run({**os.environ, "WANGXUN_DATA": str(tmp_path)}, "backup")
    assert said.returncode == 2
    assert "WANGXUN_BACKUP" in said.stderr


def test_the_doctor_looks_at_the_last_backup(tmp_path: Path) -> None:
    env = {**os.environ, "WANGXUN_DATA": str(tmp_path / "data"), "WANGXUN_BACKUP": str(tmp_path / "backup")}
    settings = Settings(data=tmp_path / "data", backup=tmp_path / "backup")
    assert looked(settings.model_copy(update={"backup": None})).answer == "cannot tell"
    assert looked(settings).answer == "wrong"
    open_desk(settings).close()
    made = run(env, "backup")
    assert made.returncode == 0, made.stderr
    assert looked(settings).answer == "ok"
    plain = backup_set.read(tmp_path / "backup")
    old = (datetime.now(UTC) - timedelta(hours=27)).isoformat()
    backup_set.write(tmp_path / "backup", {**plain, "begun": old})
    assert "27 hours old" in looked(settings).text
    backup_set.write(tmp_path / "backup", {**plain, "lost": ["x is gone"]})
    assert "x is gone" in looked(settings).text
    backup_set.write(tmp_path / "backup", plain)
    next((tmp_path / "backup/sets").glob("*/settings.env")).unlink()
    assert "settings.env is missing" in looked(settings).text


@pytest.mark.parametrize("words", [("backup", "/proc/nowhere"), ("restore", "/proc/nowhere")])
def test_a_place_that_cannot_be_had_is_said(words: tuple[str, str], tmp_path: Path) -> None:
    said = run({**os.environ, "WANGXUN_DATA": str(tmp_path)}, *words)
    assert said.returncode in (1, 3)
    assert "Traceback" not in said.stderr


def test_killed_at_any_moment_the_older_set_stands(tmp_path: Path) -> None:
    env = {**os.environ, "WANGXUN_DATA": str(tmp_path / "data")}
    folder, settings = tmp_path / "backup", Settings(data=tmp_path / "data")
    desk = open_desk(settings)
    try:
        for number in range(20):
            intake.take_in(desk, make_post(f"上门一对一数学家教 {number}", f"{number}"), make_capture())
        assert run(env, "backup", str(folder)).returncode == 0
        first = backup_set.read(folder)
        for number in range(20, 60):
            intake.take_in(desk, make_post(f"上门一对一数学家教 {number}", f"{number}"), make_capture())
        for moment in ("store/store.sqlite3", "config", "vault.list"):
            known = set((folder / "sets").iterdir())
            child = subprocess.Popen([sys.executable, "-m", "cli.main", "backup", str(folder)], env=env)
            wait_for(lambda: child.poll() is not None or _reached(folder, known, moment), moment)  # noqa: B023
            child.kill()
            child.wait()
            plain = backup_set.read(folder)
            assert list(backup_set.faults(folder, plain)) == []
            assert verify.check(folder / "vault").evidence >= first["evidence"]["named"]
        moved = {**env, "WANGXUN_DATA": str(tmp_path / "new")}
        (tmp_path / "new").mkdir()
        (tmp_path / "new/fingerprint.key").write_bytes((tmp_path / "data/fingerprint.key").read_bytes())
        assert run(moved, "restore", str(folder)).returncode == 0
        assert len(found(tmp_path / "new")) in (20, 60)
    finally:
        desk.close()


def _reached(folder: Path, known: set[Path], moment: str) -> bool:
    return any((path / moment).exists() for path in set((folder / "sets").iterdir()) - known)
