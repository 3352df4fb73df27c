"""The rules of the house that no linter knows (docs/decisions.md says why they exist)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = PROJECT["tool"]["importlinter"]["root_packages"]
FILE_LINES = 300  # past that, nobody keeps a file in mind
# One file travels in each bundle, to people who have nothing else of ours: the checker cannot be two.
MAY_BE_LONG = {"evidence/verify.py"}
FUNCTION_LINES = 40  # past that, a function does two things

# Written in two pieces each, so that this file does not break its own rule.
REGISTRY_HOSTS = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "crates" + ".io",
    "deb." + "debian.org",
]
MACHINE_PATH = re.compile(
    r"(?<![\w.\-/])/(?:" + "|".join(["work", "farm", "root", "home/[a-z]+", "tmp/wx"]) + r")/"
)


def tracked_files() -> list[Path]:
    """Every file that git knows and that still stands."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    files = [ROOT / name for name in listing.decode().split("\0") if name]
    assert files, "git lists no file: the rules would hold for nothing"
    return [file for file in files if file.is_file()]


def sources() -> list[Path]:
    """Python files that people must be able to read: all but the tests."""
    return [
        file
        for file in tracked_files()
        if file.suffix == ".py" and file.relative_to(ROOT).parts[0] != "tests"
    ]


def place(file: Path) -> str:
    """The path as the reader knows it."""
    return file.relative_to(ROOT).as_posix()


def pins() -> dict[str, str]:
    """Package -> version, out of constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    assert all(len(pair) == 2 for pair in pairs), "each line of constraints.txt is name==version"
    return {canonicalize_name(name): version for name, version in pairs}


def declared() -> list[Requirement]:
    """All that pyproject.toml asks for, extras included."""
    project = PROJECT["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return [Requirement(line) for line in [*project["dependencies"], *extras]]


def closure() -> set[str]:
    """The declared packages and all that they bring along on this machine."""
    found: set[str] = set()
    waiting = declared()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found:
            continue
        found.add(name)
        for line in distribution(name).requires or []:
            brought = Requirement(line)
            extras = requirement.extras or {""}
            if brought.marker is None or any(brought.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(brought)
    return found


def test_no_source_file_is_too_long() -> None:
    lengths = {place(file): len(file.read_text(encoding="utf-8").splitlines()) for file in sources()}
    assert {
        file: lines for file, lines in lengths.items() if lines > FILE_LINES and file not in MAY_BE_LONG
    } == {}


def test_no_function_is_too_long() -> None:
    too_long = {}
    for file in sources():
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    too_long[f"{place(file)}:{node.lineno} {node.name}"] = lines
    assert too_long == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_stands_and_travels(package: str) -> None:
    assert (ROOT / package / "__init__.py").is_file()
    assert f"{package}*" in PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
    assert package in PROJECT["tool"]["mypy"]["packages"]
    assert package in PROJECT["tool"]["coverage"]["run"]["source_pkgs"]


def test_config_holds_no_python() -> None:
    assert [
        place(file) for file in tracked_files() if place(file).startswith("config/") and file.suffix == ".py"
    ] == []


def test_every_package_that_set_up_installs_is_pinned() -> None:
    assert closure() - pins().keys() == set()


def test_what_is_installed_is_what_is_pinned() -> None:
    wrong = {name: (distribution(name).version, pins()[name]) for name in closure() & pins().keys()}
    assert {name: pair for name, pair in wrong.items() if pair[0] != pair[1]} == {}


def test_the_checker_of_bundles_needs_only_the_standard_library() -> None:
    """A copy of it travels in each bundle, to people who have Python and nothing else."""
    tree = ast.parse((ROOT / "evidence" / "verify.py").read_bytes())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name for name in names if name.split(".")[0] not in sys.stdlib_module_names} == set()


def test_no_path_of_one_machine_and_no_registry_host_is_tracked() -> None:
    found = []
    for file in tracked_files():
        text = file.read_bytes().decode("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if MACHINE_PATH.search(line) or any(host in line for host in REGISTRY_HOSTS):
                found.append(f"{place(file)}:{number}")
    assert found == []
