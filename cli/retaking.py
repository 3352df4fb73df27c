"""`wangxun retake`: tries again, now and alone, what the evidence of a finding lacks."""

from __future__ import annotations

from typing import Annotated

import typer

from casework import retakes
from cli.common import ANSWER_IS_NO, opened_desk, operator, out, read_settings
from cli.progress import crawl_shown


def retake(finding: Annotated[str, typer.Argument(help="Finding id.")]) -> None:
    """Fetch the missing parts of a finding's evidence. Example: wangxun retake 0f3a…"""
    with opened_desk(read_settings()) as desk:
        run = retakes.ask(desk, operator("command line retake"), finding)
        [done] = crawl_shown(desk, [run], "retake")
        left = retakes.lacking(desk, finding)
    out.print("已补齐。" if not left else "仍有缺件，原因写在新的证据里。")
    if left or done.state != "done":
        raise typer.Exit(ANSWER_IS_NO)
