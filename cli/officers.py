"""`wangxun officers add`: who may sign in."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from casework import officers
from cli.common import opened_desk, operator, out, read_settings

app = typer.Typer(
    no_args_is_help=True, help="Accounts of the officers' site. Example: wangxun officers add li --name 李敏"
)


@app.callback()
def group() -> None:
    """Keeps `add` a word of its own while it is the only command."""


@app.command()
def add(
    account: Annotated[str, typer.Argument(help="Account name.")],
    name: Annotated[str, typer.Option(help="The officer's name.")],
    role: Annotated[
        Literal["viewer", "reviewer", "supervisor", "administrator"], typer.Option(help="What he may do.")
    ] = "viewer",
    department: Annotated[str, typer.Option(help="Department.")] = "",
    region: Annotated[str, typer.Option(help="Division code he sees; empty: all.")] = "",
    password: Annotated[
        str,
        typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Asked when not given."),
    ] = "",
) -> None:
    """Make an account. Example: wangxun officers add li --name 李敏 --role reviewer --region 330106"""
    with opened_desk(read_settings()) as desk:
        officers.add_officer(
            desk,
            operator("command line"),
            account,
            name,
            password,
            role,
            department=department,
            region=region,
        )
    out.print(f"account {account} made")
