"""`wangxun store`: changes of shape, and moves between back-ends."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from cli.common import ANSWER_IS_NO, fail, out, own_folder, read_settings, translated
from store import migrate_store, open_store
from store.copying import Compared, check_places
from store.copying import copy as copy_all

app = typer.Typer(no_args_is_help=True, help="The store: change its shape, move it to another back-end.")


def _tell(line: str) -> None:
    out.print(line, markup=False, highlight=False)


@app.command()
def migrate() -> None:
    """Give the store the shape that this version needs; the work may go on. Example: wangxun store migrate"""
    settings = read_settings()
    with translated():
        own_folder(settings.data)
        migrate_store(settings.store_url, settings.store_api_key.get_secret_value(), _tell)


@app.command()
def copy(
    source: Annotated[str, typer.Argument(help="Address of the store to copy, as for WANGXUN_STORE.")],
    target: Annotated[str, typer.Argument(help="Address of the empty store to fill.")],
    again: Annotated[bool, typer.Option("--again", help="Go on with a copy begun before.")] = False,
) -> None:
    """Copy all records and prove it. Example: wangxun store copy sqlite:///var/wangxun.sqlite3 http://es:9200/wangxun"""
    key = read_settings().store_api_key.get_secret_value()
    with translated():
        check_places(source, target)
        origin = open_store(source, key)
        try:
            filled = open_store(target, key)
            try:
                compared = copy_all(origin, filled, _tell, again=again)
            finally:
                filled.close()
        finally:
            origin.close()
    out.print(_shown(compared))
    if not all(one.equal for one in compared):
        fail("the stores differ: was the source in use? stop the work, then copy with --again", ANSWER_IS_NO)


def _shown(compared: list[Compared]) -> Table:
    table = Table("kind", "records", "copied", "digest", "equal")
    for one in compared:
        # 16 of 64 digits: enough to compare two tables by eye.
        table.add_row(
            one.kind, str(one.source.count), str(one.target.count), f"{one.target.digest:064x}"[:16], "yes" if one.equal else "NO"
        )  # fmt: skip
    return table
