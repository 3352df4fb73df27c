"""Accounts from the command line, as an administrator keeps them."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from cli.main import app


def test_accounts_are_made_listed_changed_closed_and_opened(tmp_path: Path) -> None:
    env = {"WANGXUN_DATA": str(tmp_path / "data"), "COLUMNS": "160"}

    def said(*words: str, code: int = 0, typed: str = "") -> str:
        result = CliRunner().invoke(app, ["officers", *words], env=env, input=typed)
        assert result.exit_code == code, result.output
        return result.output

    words = ["--name", "李敏", "--role", "reviewer", "--region", "330106"]
    assert "made" in said("add", "li", *words, typed="a long password 1\na long password 1\n")
    said("add", "li", *words, "--password", "a long password 1", code=1)
    said("password", "li", typed="a long password 2\na long password 2\n")
    said("password", "li", "--password", "short", code=1)
    said("close", "li")
    assert "李敏" in said("list")
    assert "closed" in said("list")
    said("open", "li")
    assert "closed" not in said("list")
    said("close", "nobody", code=1)
