"""Documentation is tested: every command, setting, source field and error stands in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from click import Command

from api.app import STATUSES
from casework.labels import LABELS
from cli.common import ANSWER_IS_NO, NOT_THERE
from cli.doctor import CHECKS
from core import errors
from core.rules import Violation
from core.settings import Settings
from core.source import Source

ROOT = Path(__file__).resolve().parent.parent


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def documents() -> list[str]:
    """Everything that people read."""
    return [path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))]


def commands(group: Command, path: str) -> list[tuple[str, Command]]:
    if not hasattr(group, "list_commands"):
        return [(path, group)]
    context = typer.Context(group)
    inner = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return [found for name, command in inner.items() for found in commands(command, f"{path} {name}")]


def every_command() -> list[tuple[str, Command]]:
    from cli.main import app

    return commands(typer.main.get_command(app), "wangxun")


def listed(readme: str) -> dict[str, str]:
    """Second word of a command -> its line in the table of commands."""
    return {line.split()[2]: line for line in readme.splitlines() if line.startswith("| `wangxun ")}


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_every_command_stands_in_the_readme_and_no_other(name: str) -> None:
    lines = {word.strip("`"): line for word, line in listed(read(name)).items()}
    assert set(lines) == {path.split()[1] for path, _ in every_command()}
    for path, _ in every_command():
        assert path.split()[-1] in lines[path.split()[1]], path


def test_every_command_shows_an_example() -> None:
    for path, command in every_command():
        assert f"Example: {path}" in (command.help or ""), path


def test_documents_name_no_command_that_is_none() -> None:
    known = {tuple(path.split()[1:]) for path, _ in every_command()}
    firsts = {words[0] for words in known}
    groups = {words[0] for words in known if len(words) > 1}
    for name in documents():
        # Code only: in running text, "wangxun" may be the project, an account or a folder.
        for quoted in re.findall(r"`(?:[A-Z_]+=\S+ )?wangxun ([^`]*)`", read(name)):
            words = quoted.replace("\\|", "|").split()
            assert words[0] in firsts | {"--version"}, f"{name}: {quoted}"
            if words[0] in groups and len(words) > 1:
                assert {(words[0], verb) for verb in words[1].split("|")} <= known, f"{name}: {quoted}"


def test_every_option_named_in_the_documents_exists() -> None:
    options = {option for _, command in every_command() for item in command.params for option in item.opts}
    for name in documents():
        for quoted in re.findall(r"`wangxun [a-z]+ ([^`]*)`", read(name)):
            assert set(re.findall(r"--[a-z-]+", quoted)) <= options | {"--help"}, f"{name}: {quoted}"


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_leads_to_every_document(name: str) -> None:
    for path in ROOT.glob("docs/*.md"):
        assert f"(docs/{path.name})" in read(name), path


def test_links_between_documents_lead_somewhere() -> None:
    for name in documents():
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", read(name)):
            assert ((ROOT / name).parent / target).exists(), f"{name}: {target}"


def test_make_targets_that_documents_name_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    for name in documents():
        assert set(re.findall(r"`make ([a-z-]+)", read(name))) <= targets, name


def test_the_handbook_uses_the_words_of_the_pages() -> None:
    handbook = read("docs/handbook.zh-CN.md")
    for kind in ("status", "officer_role", "run_state"):
        for word in LABELS[kind].values():
            assert word in handbook or word == "系统", word


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    assert f"`WANGXUN_{name.upper()}`" in read("docs/settings.md")


def test_the_example_of_an_environment_lists_every_setting_and_no_other() -> None:
    listed = set(re.findall(r"^#?(WANGXUN_[A-Z_]+)=", read(".env.example"), re.MULTILINE))
    assert listed == {f"WANGXUN_{name.upper()}" for name in Settings.model_fields}


def test_documents_name_no_setting_that_is_none() -> None:
    known = {f"WANGXUN_{name.upper()}" for name in Settings.model_fields} | {
        "WANGXUN_TEST_LONG", "WANGXUN_TEST_ELASTICSEARCH", "WANGXUN_TEST_ELASTICSEARCH_VERSION",
    }  # fmt: skip
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


def test_operators_are_told_what_to_do_about_every_error() -> None:
    rows = {
        row[1]: row for row in re.findall(r"^(\| `(\w+)` \|.*)$", read("docs/operations.md"), re.MULTILINE)
    }
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, errors.WangxunError) and name != "WangxunError":
            assert name in rows, name
            code = NOT_THERE if issubclass(value, errors.Unavailable) else ANSWER_IS_NO
            page = next((str(status) for error, status in STATUSES if issubclass(value, error)), "500")
            assert f"| `{name}` | {code} | {page} |" in rows[name][0], name


@pytest.mark.parametrize("name", sorted(set(Violation.model_fields) - {"id"}))
def test_every_field_of_a_violation_is_documented(name: str) -> None:
    assert f"`{name}`" in read("docs/add-a-violation.md")


def test_the_two_commands_of_the_readme_are_make_targets() -> None:
    makefile = read("Makefile")
    assert "\ndemo:" in makefile
    assert "\ntest:" in makefile
