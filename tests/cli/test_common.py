"""Settings come by argument, environment, secrets folder, default, in this order; faults are said, not thrown."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest
import typer
from rich.table import Table

from cli.common import (
    ANSWER_IS_NO,
    NOT_THERE,
    WRONG_USE,
    PlainConsole,
    own_folder,
    read_settings,
    secret_files,
    translated,
)  # fmt: skip
from cli.doctor import origins
from core.errors import BadInput, Unavailable, WangxunError


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "wangxun_session_key").write_text("of a file\n", encoding="utf-8")
    (folder / "WANGXUN_FINGERPRINT_KEY").write_text("of another", encoding="utf-8")
    (folder / "somebody_elses").write_text("not ours", encoding="utf-8")
    return folder


@pytest.mark.parametrize("variable", ["WANGXUN_SECRETS", "CREDENTIALS_DIRECTORY"])
def test_secrets_are_read_from_the_folder_that_the_machine_hands_over(
    secrets: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(secrets))
    settings = read_settings()
    assert settings.session_key.get_secret_value() == "of a file"
    assert settings.fingerprint_key.get_secret_value() == "of another"
    assert settings.secrets == secrets
    assert set(secret_files(secrets)) == {"wangxun_session_key", "wangxun_fingerprint_key"}
    assert "of a" not in str(settings)


def test_the_nearer_place_wins(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANGXUN_SECRETS", str(secrets))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "/nowhere")
    monkeypatch.setenv("WANGXUN_SESSION_KEY", "of the environment")
    monkeypatch.setenv("WANGXUN_PORT", "9001")
    settings = read_settings(port=9002, host=None)
    assert settings.session_key.get_secret_value() == "of the environment"
    assert (settings.port, settings.host) == (9002, "127.0.0.1")
    rows = {name: (value, origin) for name, value, origin in origins(settings)}
    assert rows["WANGXUN_SESSION_KEY"] == ("**********", "environment")
    assert rows["WANGXUN_FINGERPRINT_KEY"] == ("**********", "secrets folder")
    assert rows["WANGXUN_DATA"] == ("var", "default")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("WANGXUN_SECRETS", "/nowhere/at/all", NOT_THERE),
        ("WANGXUN_SECRETS", __file__, NOT_THERE),
        ("WANGXUN_PORT", "eighty", WRONG_USE),
    ],
)
def test_what_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, code: int
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(typer.Exit) as caught:
        read_settings()
    assert caught.value.exit_code == code
    assert name in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"), [(Unavailable("away"), NOT_THERE), (BadInput("no"), ANSWER_IS_NO)]
)
def test_our_errors_become_exit_codes(error: WangxunError, code: int) -> None:
    with pytest.raises(typer.Exit) as caught, translated():
        raise error
    assert caught.value.exit_code == code


def test_a_new_data_folder_is_the_owners_alone_and_an_old_one_stays_as_it_is(tmp_path: Path) -> None:
    own_folder(tmp_path / "a" / "b")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "a", tmp_path / "a" / "b")] == [
        0o700
    ] * 2
    (tmp_path / "a").chmod(0o750)
    own_folder(tmp_path / "a")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o750


def test_crawled_text_cannot_act_on_the_terminal() -> None:
    console = PlainConsole(file=io.StringIO(), force_terminal=True, soft_wrap=True)
    table = Table("text")
    table.add_row("\x1b]0;owned\x07 \x9b31m \u202e")
    console.print("\x1b[2J家教\nline", markup=False, highlight=False)
    console.print(table)
    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert "家教\nline" in said
    assert not any(mark in said for mark in ("\x1b[2J", "\x1b]0", "\x07", "\x9b", "\u202e"))


def test_crawled_text_is_no_markup_of_the_console_and_no_emoji_code() -> None:
    console = PlainConsole(file=io.StringIO(), soft_wrap=True)
    table = Table("text")
    table.add_row("[/b] [red]:100:")  # rich itself ends with an error here
    console.print(table)
    console.print("[url=http://x.test]:+1:[/url]")
    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert "[/b] [red]:100:" in said
    assert "[url=http://x.test]:+1:[/url]" in said
