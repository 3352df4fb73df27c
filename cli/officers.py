"""`wangxun officers add|list|password|close|open`: who may sign in."""

from __future__ import annotations

from typing import Annotated, Literal

import typer
from rich.table import Table

from casework import officers
from cli.common import opened_desk, operator, out, read_settings

app = typer.Typer(
    no_args_is_help=True, help="Accounts of the officers' site. Example: wangxun officers add li --name 李敏"
)


Account = Annotated[str, typer.Argument(help="Account name.")]
Password = Annotated[
    str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Asked when not given.")
]


@app.command()
def add(
    account: Account,
    name: Annotated[str, typer.Option(help="The officer's name.")],
    role: Annotated[
        Literal["viewer", "reviewer", "supervisor", "administrator"], typer.Option(help="What he may do.")
    ] = "viewer",
    department: Annotated[str, typer.Option(help="Department.")] = "",
    region: Annotated[str, typer.Option(help="Division code he sees; empty: all.")] = "",
    password: Password = "",
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


@app.command("list")
def list_officers() -> None:
    """List the accounts. Example: wangxun officers list"""
    with opened_desk(read_settings()) as desk:
        table = Table("account", "name", "role", "department", "region", "state")
        for officer in officers.all_officers(desk):
            state = "" if officer.active else "closed"
            table.add_row(officer.id, officer.name, officer.role, officer.department, officer.region, state)
    out.print(table)


@app.command("password")
def set_password(account: Account, password: Password = "") -> None:
    """Give an officer a new password. Example: wangxun officers password li"""
    with opened_desk(read_settings()) as desk:
        officers.set_password(desk, operator("command line"), account, password)
    out.print(f"account {account} has a new password")


@app.command("close")
def close_account(account: Account) -> None:
    """Close an account at once; what it did stays. Example: wangxun officers close li"""
    with opened_desk(read_settings()) as desk:
        officers.set_active(desk, operator("command line"), account, active=False)
    out.print(f"account {account} is closed")


@app.command("open")
def open_account(account: Account) -> None:
    """Open a closed account again. Example: wangxun officers open li"""
    with opened_desk(read_settings()) as desk:
        officers.set_active(desk, operator("command line"), account, active=True)
    out.print(f"account {account} is open")
