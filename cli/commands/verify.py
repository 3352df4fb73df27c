"""`wangxun verify`: is this evidence whole? The checker itself is one file that travels in each bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evidence.verify import main as verify_main


def verify(
    path: Annotated[Path, typer.Argument(help="A bundle (ZIP or unpacked), a vault or a custody log.")],
    trust: Annotated[Path | None, typer.Option(help="Certificate (PEM) of the time-stamp authority.")] = None,
    head: Annotated[str, typer.Option(help="SHA-256 of a daily list, as somebody else kept it.")] = "",
) -> None:
    """Check evidence; ends with 0 only when everything is right. Example: wangxun verify bundle.zip"""
    anchors = [*(["--trust", str(trust)] if trust else []), *(["--head", head] if head else [])]
    raise typer.Exit(verify_main([str(path), *anchors]))
