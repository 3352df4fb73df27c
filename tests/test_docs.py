"""Documentation is tested: every command, setting, source field and error stands in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from click import Command

from cli.doctor import CHECKS
from core import errors
from core.settings import Settings
from core.source import Source

ROOT = Path(__file__).resolve().parent.parent


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def documents() -> list[str]:
    """Everything that people read."""
    return [path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))]


def commands(group: Command, path: str) -> list[tuple[str, Command]]:
    if not hasattr(group, "commands"):
        return [(path, group)]
    return [found for name, inner in group.commands.items() for found in commands(inner, f"{path} {name}")]


def every_command() -> list[tuple[str, Command]]:
    from cli.main import app

    return commands(typer.main.get_command(app), "wangxun")


def test_every_command_stands_in_the_readme_and_shows_an_example() -> None:
    readme = read("README.md")
    for path, command in every_command():
        words = path.split()
        assert f"`{words[0]} {words[1]}" in readme, path
        assert words[-1] in readme, path
        assert f"Example: {path}" in (command.help or ""), path


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    assert f"`WANGXUN_{name.upper()}`" in read("docs/settings.md")


def test_the_example_of_an_environment_lists_every_setting_and_no_other() -> None:
    listed = set(re.findall(r"^#?(WANGXUN_[A-Z_]+)=", read(".env.example"), re.MULTILINE))
    assert listed == {f"WANGXUN_{name.upper()}" for name in Settings.model_fields}


def test_documents_name_no_setting_that_is_none() -> None:
    known = {f"WANGXUN_{name.upper()}" for name in Settings.model_fields} | {"WANGXUN_TEST_LONG"}
    for path in documents():
        named = set(re.findall(r"\bWANGXUN_[A-Z_]+[A-Z]\b", read(path)))
        assert named <= known, path


def test_every_check_of_the_doctor_is_documented() -> None:
    settings = read("docs/settings.md")
    for name, *_ in CHECKS:
        assert name in settings, name


@pytest.mark.parametrize("name", sorted(set(Source.model_fields) - {"id"}))
def test_every_source_field_is_documented(name: str) -> None:
    assert f"`{name}`" in read("docs/add-a-source.md")


def test_every_error_stands_in_the_drawn_tree() -> None:
    tree = errors.__doc__ or ""
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, errors.WangxunError):
            assert name in tree, name


def test_the_two_commands_of_the_readme_are_make_targets() -> None:
    makefile = read("Makefile")
    assert "\ndemo:" in makefile
    assert "\ntest:" in makefile
