"""`wangxun spool`: what waits for the store, and what could not land."""

from __future__ import annotations

import typer

from casework import landing
from cli.common import ANSWER_IS_NO, NOT_THERE, fail, opened_desk, out, read_settings

app = typer.Typer(no_args_is_help=True, help="What waits while the store is away: look at it, let it land.")
LAND_SECONDS = 24 * 3600.0  # somebody watches: as long as it takes


@app.command("list")
def show() -> None:
    """What waits, and what was put aside and why. Example: wangxun spool list"""
    with opened_desk(read_settings()) as desk:
        seen = desk.spool.look()
    since = f", the oldest since {seen.oldest:%Y-%m-%d %H:%M}Z" if seen.oldest else ""
    _print(f"{seen.records} records wait, {seen.bytes} bytes{since}")
    for name, cause in seen.aside:
        _print(f"put aside: {name}: {cause}")


@app.command()
def land() -> None:
    """Let what waits land now; the patrol does it by itself. Example: wangxun spool land"""
    with opened_desk(read_settings()) as desk:
        done = landing.drain(desk, LAND_SECONDS)
    _print(f"{done.landed} records landed, {done.aside} put aside, {done.waiting} wait")
    if done.aside:
        fail("see `wangxun spool list`", ANSWER_IS_NO)
    if done.waiting:
        fail(done.cause, NOT_THERE)


@app.command()
def again() -> None:
    """Let what was put aside wait once more, after its cause was mended. Example: wangxun spool again"""
    with opened_desk(read_settings()) as desk:
        _print(f"{desk.spool.again()} records wait again")


def _print(line: str) -> None:
    out.print(line, markup=False, highlight=False)
