"""What every command shares: settings, exit codes, the consoles."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from core.errors import Unavailable, WangxunError
from core.model import Actor
from core.settings import Settings

if TYPE_CHECKING:
    from casework.desk import Desk

# Exit codes: 0 done, 1 the answer is no, 2 wrong use (typer's own), 3 something it depends on is away.
ANSWER_IS_NO = 1
WRONG_USE = 2
NOT_THERE = 3


class PlainConsole(Console):
    """A console on which crawled text cannot act: a title may carry the terminal's own control sequences.

    Nor is it rich's mark-up: forum posts are full of `[/b]`, which would end the command, and of `:100:`.
    """

    def render_str(self, text: str, **options: Any) -> Text:
        """As rich does, with every control character but the line end shown as a mark."""
        plain = options | {"markup": False, "emoji": False}
        return super().render_str(_CONTROLS.sub("\ufffd", text), **plain)


# C0 without tab and line end, DEL, C1 (0x9b alone begins a sequence), and what turns the reading direction.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
out = PlainConsole(soft_wrap=True)
err = PlainConsole(stderr=True, soft_wrap=True)


def fail(text: str, code: int) -> NoReturn:
    """Say it on standard error and end with that code."""
    err.print(text, style="red", markup=False, highlight=False)
    raise typer.Exit(code)


def read_settings(**arguments: object) -> Settings:
    """Settings by argument, environment, secrets folder, default; an argument of None says nothing."""
    given = {name: value for name, value in arguments.items() if value is not None}
    secrets = _secrets_folder(given.pop("secrets", None))
    try:
        return Settings(_secrets_dir=secrets, secrets=secrets, **given)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [
            f"WANGXUN_{'_'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors()
        ]
        fail("\n".join(lines), WRONG_USE)
    except OSError as error:
        fail(f"the secrets folder {secrets} cannot be read: {error}", NOT_THERE)


def _secrets_folder(given: object) -> Path | None:
    """The folder named by argument or WANGXUN_SECRETS, else the one that systemd hands over (LoadCredential=)."""
    named = given or os.environ.get("WANGXUN_SECRETS") or os.environ.get("CREDENTIALS_DIRECTORY")
    if not named:
        return None
    folder = Path(str(named))
    if not folder.is_dir():
        fail(f"WANGXUN_SECRETS: there is no folder {folder}", NOT_THERE)
    return folder


def secret_files(folder: Path | None) -> dict[str, Path]:
    """Variable in lower case -> the file that holds it."""
    if folder is None:
        return {}
    return {path.name.lower(): path for path in sorted(folder.iterdir()) if _holds_setting(path)}


def _holds_setting(path: Path) -> bool:
    name = path.name.lower()
    return (
        path.is_file()
        and name.removeprefix("wangxun_") in Settings.model_fields
        and name.startswith("wangxun_")
    )


@contextmanager
def translated() -> Iterator[None]:
    """Turn our errors into exit codes: away -> 3, any other -> 1."""
    try:
        yield
    except Unavailable as error:
        fail(str(error), NOT_THERE)
    except WangxunError as error:
        fail(str(error), ANSWER_IS_NO)


def own_folder(folder: Path) -> None:
    """Made, when missing, with what is missing above it, for this account alone: it will hold contacts and keys."""
    for missing in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def opened_desk(settings: Settings) -> Iterator[Desk]:
    """A desk for the time of one command."""
    # Here, because the judge behind it takes a second to import, and not every command needs a desk.
    from casework.desk import open_desk

    with translated():
        own_folder(settings.data)
        desk = open_desk(settings)
        try:
            yield desk
        finally:
            desk.close()


def operator(reason: str) -> Actor:
    """Who runs commands here: he owns the files, so he may see what stands in them, and it is recorded."""
    return Actor(officer="operator", role="administrator", reason=reason)
