"""`wangxun`: the command line. Exit codes: 0 done, 1 the answer is no, 2 wrong use, 3 something is away."""

from __future__ import annotations

import signal
from importlib.metadata import version
from types import FrameType
from typing import Annotated, NoReturn

import typer

from cli.lazy import LazyGroup


class Commands(LazyGroup):
    """All commands, as `wangxun --help` lists them."""

    table = {  # noqa: RUF012 - the annotation stands in LazyGroup
        "demo": "cli.commands.demo:demo",
        "crawl": "cli.commands.crawl:crawl",
        "serve": "cli.commands.serve:serve",
        "patrol": "cli.commands.patrol:patrol",
        "classify": "cli.commands.classify:classify",
        "verify": "cli.commands.verify:verify",
        "doctor": "cli.commands.doctor:doctor",
        "findings": "cli.findings:app",
        "export": "cli.exporting:export",
        "sources": "cli.sources:app",
        "officers": "cli.officers:app",
        "replay": "cli.replay:replay",
        "retake": "cli.retaking:retake",
        "store": "cli.store:app",
        "spool": "cli.spool:app",
        "backup": "cli.backup:backup",
        "restore": "cli.backup:restore",
        "retention": "cli.retention:retention",
        "hold": "cli.holding:app",
        "train": "cli.training:train",
        "train-clues": "cli.clue_training:train_clues",
        "evaluate": "cli.evaluating:run_evaluate",
    }


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"wangxun {version('wangxun')}")
        raise typer.Exit(0)


@app.callback()
def program(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """网巡: finds prohibited subject tutoring online and keeps evidence that holds."""


def main() -> None:
    """Entry point of the `wangxun` command."""
    signal.signal(signal.SIGTERM, _end)
    app()


def _end(number: int, _: FrameType | None) -> NoReturn:
    """A polite kill ends a command as Ctrl-C does: its crawls are told, and its temporary folders taken away."""
    raise SystemExit(128 + number)  # as shells say it


if __name__ == "__main__":
    main()
