"""What the demo says before it has crawled anything, and whether its table can be read."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import serving
from cli.common import PlainConsole
from cli.demo import result_table
from cli.main import app
from core.settings import Settings


def test_the_table_is_whole_in_eighty_columns() -> None:
    table = result_table()
    row = ("jiazheng", "done", "1340", "126/1126", "125", "17", "1.000", "0.957", "1150", "3600")
    table.add_row(*row)
    console = PlainConsole(file=io.StringIO(), width=80, soft_wrap=True)
    console.print(table)
    said = console.file.getvalue()  # type: ignore[attr-defined]
    names = "source", "run", "pages", "posts", "flagged", "unsure", "recall", "precision", "sealed", "seconds"
    assert said.split() == [*names, *row]


@pytest.mark.parametrize("day", ["2020-01-01", "x", "-1"])
def test_a_day_that_the_town_has_not_is_wrong_use(
    day: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WANGXUN_DATA", str(tmp_path / "data"))
    result = CliRunner().invoke(app, ["demo", "--once", "--day", day])
    assert result.exit_code == 2, result.output
    assert "neither a day number nor a date" in capfd.readouterr().err


def test_the_folder_that_wangxun_data_names_is_the_owners_alone(tmp_path: Path) -> None:
    serving.fresh(Settings(data=tmp_path / "data"), "demo")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
