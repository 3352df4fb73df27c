"""`wangxun`: the command line. Exit codes: 0 done, 1 the answer is no, 2 wrong use, 3 something is away."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cli import backup as keeping
from cli import classify as classifying
from cli import demo as demonstration
from cli import doctor as examining
from cli import evaluating, exporting, findings, officers, serving, sources, spool, store, training
from cli import patrol as patrolling
from cli.common import ANSWER_IS_NO, NOT_THERE, fail, opened_desk, out, read_settings, translated
from cli.crawling import plan_now
from cli.progress import crawl_shown
from core.catalog import load_catalog
from evidence.verify import main as verify_main
from nlp.judge import Judge

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(findings.app, name="findings")
app.add_typer(officers.app, name="officers")
app.add_typer(sources.app, name="sources")
app.add_typer(spool.app, name="spool")
app.add_typer(spool.app, name="spool")
app.add_typer(store.app, name="store")


def _print_version(wanted: bool) -> None:
    if wanted:
        out.print(f"wangxun {version('wangxun')}", highlight=False)
        raise typer.Exit(0)


@app.callback()
def program(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """网巡: finds prohibited subject tutoring online and keeps evidence that holds."""


_STYLES = {"ok": "", "wrong": "red", "cannot tell": "yellow"}


@app.command()
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


@app.command()
def crawl(
    source_ids: Annotated[list[str] | None, typer.Argument(help="Source ids; none: all.")] = None,
) -> None:
    """Crawl now. Example: wangxun crawl jiajiao zhipin"""
    with opened_desk(read_settings()) as desk:
        chosen = [desk.catalog.source(name).id for name in source_ids or sorted(desk.catalog.sources)]
        table = Table("source", "state", "counts", "troubles")
        done = crawl_shown(desk, plan_now(desk, chosen), "crawl")
        for run in done:
            table.add_row(
                run.source_id, run.state, str(run.counts), "\n".join(item.text for item in run.troubles[-5:])
            )
        out.print(table)
    if any(run.state != "done" for run in done):
        raise typer.Exit(ANSWER_IS_NO)


@app.command()
def serve() -> None:
    """Start the officers' site. Example: wangxun serve"""
    with opened_desk(read_settings()) as desk:
        serving.serve(desk)


@app.command()
def patrol() -> None:
    """Crawl each source at its cron times until stopped. Example: wangxun patrol"""
    with opened_desk(read_settings()) as desk:
        patrolling.patrol(desk, serving.until_stopped())


@app.command()
def classify(
    file: Annotated[str, typer.Argument(help="JSON lines with id and text; - is standard input.")],
    output: Annotated[Path | None, typer.Option(help="Where to write; without it standard output.")] = None,
) -> None:
    """Judge posts, one line each. Example: wangxun classify posts.jsonl --output verdicts.jsonl"""
    settings = read_settings()
    if file != "-" and not Path(file).is_file():
        fail(f"no such file: {file}", NOT_THERE)
    with translated():
        catalog = load_catalog(settings.config, settings.sources)
        judge = Judge.load(
            tuple(catalog.violations.values()), catalog.words, routes=tuple(catalog.routes.values())
        )
    if output is None:
        bad = classifying.classify_file(judge, file, sys.stdout)
    else:
        with output.open("w", encoding="utf-8") as stream:
            bad = classifying.classify_file(judge, file, stream)
    if bad:
        fail(f"{bad} lines could not be read; each stands in its place with its error", ANSWER_IS_NO)


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(help="A bundle (ZIP or unpacked), a vault or a custody log.")],
    trust: Annotated[Path | None, typer.Option(help="Certificate (PEM) of the time-stamp authority.")] = None,
    head: Annotated[str, typer.Option(help="SHA-256 of a daily list, as somebody else kept it.")] = "",
) -> None:
    """Check evidence; ends with 0 only when everything is right. Example: wangxun verify bundle.zip"""
    anchors = [*(["--trust", str(trust)] if trust else []), *(["--head", head] if head else [])]
    raise typer.Exit(verify_main([str(path), *anchors]))


@app.command()
def doctor() -> None:
    """Show settings and whether everything works. Example: wangxun doctor"""
    settings = read_settings()
    table = Table("setting", "value", "from")
    for row in examining.origins(settings):
        table.add_row(*row)
    out.print(table)
    found = examining.examine(settings)
    for check in found:
        out.print(f"{check.answer:<12}{check.name}: {check.seen}", style=_STYLES[check.answer], markup=False)
        if check.mend:
            out.print(f"{'':<12}mend: {check.mend}", markup=False, highlight=False)
    raise typer.Exit(examining.exit_code(found))


app.command()(keeping.backup)
app.command()(keeping.restore)
app.command()(training.train)
app.command()(exporting.export)
app.command("evaluate")(evaluating.run_evaluate)


def main() -> None:
    """Entry point of the `wangxun` command."""
    app()


if __name__ == "__main__":
    main()
