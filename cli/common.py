"""What every command shares: settings, exit codes, the consoles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from casework.desk import Desk, open_desk
from core.errors import Unavailable, WangxunError
from core.model import Actor
from core.settings import Settings

# Exit codes: 0 done, 1 the answer is no, 2 wrong use (typer's own), 3 something it depends on is away.
ANSWER_IS_NO = 1
WRONG_USE = 2
NOT_THERE = 3

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)


def fail(text: str, code: int) -> NoReturn:
    """Say it on standard error and end with that code."""
    err.print(text, style="red", markup=False, highlight=False)
    raise typer.Exit(code)


def read_settings(secrets: Path | None = None, **arguments: object) -> Settings:
    """Settings by argument, environment, secrets folder, default; an argument of None says nothing."""
    given = {name: value for name, value in arguments.items() if value is not None}
    try:
        return Settings(_secrets_dir=secrets, **given)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [
            f"WANGXUN_{'_'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors()
        ]
        fail("\n".join(lines), WRONG_USE)


@contextmanager
def translated() -> Iterator[None]:
    """Turn our errors into exit codes: away -> 3, any other -> 1."""
    try:
        yield
    except Unavailable as error:
        fail(str(error), NOT_THERE)
    except WangxunError as error:
        fail(str(error), ANSWER_IS_NO)


@contextmanager
def opened_desk(settings: Settings) -> Iterator[Desk]:
    """A desk for the time of one command."""
    with translated():
        desk = open_desk(settings)
        try:
            yield desk
        finally:
            desk.close()


def operator(reason: str) -> Actor:
    """Who runs commands here: he owns the files, so he may see what stands in them, and it is recorded."""
    return Actor(officer="operator", role="administrator", reason=reason)
