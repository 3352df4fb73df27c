"""`wangxun demo`: the whole work on the sandbox town."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import demo as demonstration
from cli import serving
from cli.common import ANSWER_IS_NO, read_settings, translated


def demo(
    once: Annotated[bool, typer.Option("--once", help="Do the work, check every promise, end.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of the town.")] = 7,
    day: Annotated[str, typer.Option(help="Day of the town: a number, or a date from 2026-09-01.")] = "0",
) -> None:
    """Crawl the sandbox town and show the officers' site. Example: wangxun demo --once --seed 7"""
    settings = serving.fresh(read_settings(), f"demo-{seed}-{day}{'-once' if once else ''}")
    with translated():
        if once:
            raise typer.Exit(0 if demonstration.once(settings, seed, day) else ANSWER_IS_NO)
        serving.demo(settings, seed, day)
