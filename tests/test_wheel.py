"""The wheel carries what the repository carries: code, config, words, weights, regions, templates, the town."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FOLDERS = {
    name.rstrip("*") for name in PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
}  # fmt: skip
# Each is read by an installed program: named here, so that a slip in the folder list above is seen as well.
NEEDED = (
    "config/words/subjects.txt",
    "config/violations/HOME_TUTOR.yml",
    "core/data/regions.csv.gz",
    "nlp/model/model.npz",
    "api/web/templates/base.html",
    "api/web/static/wangxun.css",
    "casework/templates/volume.html",
    "sandbox/phrases/census.toml",
    "sandbox/pages/home.html",
    "sandbox/config/sources/jiajiao.yml",
)


def tracked() -> list[str]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [name for name in listing.decode().split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Built from a copy: a build leaves folders behind, and old ones would put old files into the wheel."""
    copy = tmp_path_factory.mktemp("copy")
    for name in tracked():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, copy / name)
    # What set-up compiled is of this machine's Python alone, and stays here.
    (copy / "core" / "compiled.cpython-311-x86_64-linux-gnu.so").touch()
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation", "--no-index"]
    built = subprocess.run(
        [*command, "-w", str(target)], cwd=copy, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = target.glob("*-py3-none-any.whl")  # for any Python: nothing in it is compiled
    return zipfile.ZipFile(path)


# As large as the weights, and only who trains from a checkout asks for it.
STAYS = {"nlp/model/twin.npz"}


def test_everything_tracked_below_the_packages_travels_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    wanted = {name for name in tracked() if name.split("/")[0] in FOLDERS} - STAYS
    found = {name for name in wheel.namelist() if not name.split("/")[0].endswith(".dist-info")}
    assert wanted - found == set()
    assert found - wanted == set()


def test_what_an_installed_program_reads_is_there(wheel: zipfile.ZipFile) -> None:
    assert set(NEEDED) - set(wheel.namelist()) == set()


def test_the_wheel_names_its_command_and_its_licence(wheel: zipfile.ZipFile) -> None:
    (entries,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "wangxun = cli.main:main" in wheel.read(entries).decode()
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())
