"""`wangxun export`: findings or a case as one bundle, its flaws said before it is made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from casework import cases, precheck
from casework import export as handing
from casework.desk import Desk
from casework.flaws import SEVERITIES, Found
from cli.common import ANSWER_IS_NO, WRONG_USE, err, fail, opened_desk, operator, out, read_settings
from core.model import Actor


def export(
    case: Annotated[str | None, typer.Argument(help="Case id.")] = None,
    finding: Annotated[list[str] | None, typer.Option(help="Finding id; may be given several times.")] = None,
    output: Annotated[Path, typer.Option(help="The ZIP to write.")] = Path("bundle.zip"),
    receiver: Annotated[str, typer.Option(help="Who gets it; kept in audit and custody.")] = "",
    reason: Annotated[
        str, typer.Option(help="Why it is exported; kept in audit and custody.")
    ] = "command line export",
    at: Annotated[str, typer.Option(help="Make an earlier export again: its moment, in about.json.")] = "",
    no_pdf: Annotated[
        bool, typer.Option("--no-pdf", help="Start no browser: no PDF, grey pictures.")
    ] = False,
    anyway: Annotated[bool, typer.Option("--anyway", help="Make it despite fatal flaws.")] = False,
) -> None:
    """Export a case or findings as a bundle. Example: wangxun export --finding ID --receiver 区教育局 --output x.zip

    Flaws are named as the court rules name them; a fatal one ends it with 1 unless --anyway is given.
    """
    if bool(case) == bool(finding):
        raise typer.BadParameter("name either a case or findings")
    actor, moment = operator(reason), _moment(at)
    with opened_desk(read_settings()) as desk:
        found = precheck.check(desk, actor, finding or (), case)
        say(found)
        if any(one.fatal for one in found) and not anyway:
            fail("有致命瑕疵，没有制作；仍要制作请加 --anyway", ANSWER_IS_NO)
        done = _made(desk, actor, case, finding or [], output, receiver, moment, not no_pdf)
    late = [one for one in done.flaws if one.kind not in {known.kind for known in found}]
    say(late)  # what shows only in the making: the copy for sharing
    for one in (one for one in found if one.kind not in {known.kind for known in done.flaws}):
        out.print(f"制作时已补正：{one.facts.name}", highlight=False, markup=False)
    for note in done.notes:
        out.print(f"注意：{note}", highlight=False, markup=False)
    out.print(f"{output}  sha256 {done.digest}", highlight=False, markup=False)


def say(found: Iterable[Found]) -> None:
    """Each kind of flaw: how grave, what, how often, by which rule, where first, and the mend."""
    for one in found:
        facts = one.facts
        style = "red" if one.fatal else ""
        told = f"{SEVERITIES[facts.severity]}瑕疵：{facts.name}（{one.count} 处；{facts.rule}）"
        out.print(told, style=style, highlight=False, markup=False)
        for seen in one.seen:
            out.print(f"    {seen}", highlight=False, markup=False)
        out.print(f"    补正：{facts.mend}", highlight=False, markup=False)


def _made(
    desk: Desk, actor: Actor, case: str | None, finding: list[str], output: Path, receiver: str,
    at: datetime | None, pdf: bool,
) -> handing.Exported:  # fmt: skip
    columns = (TextColumn("export"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal, transient=True) as shown:
        task = shown.add_task("export")

        def progress(done: int, total: int) -> None:
            shown.update(task, completed=done, total=total)

        if case:
            return cases.hand_over(desk, actor, case, output, receiver, at=at, pdf=pdf, progress=progress)
        return handing.hand_over(
            desk, actor, finding, output, receiver=receiver, at=at, pdf=pdf, progress=progress
        )


def _moment(text: str) -> datetime | None:
    """An ISO time, UTC where it names no zone."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail(f"--at: not a time: {text} (for example 2026-03-01T08:00:00Z)", WRONG_USE)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
