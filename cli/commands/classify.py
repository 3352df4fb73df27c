"""`wangxun classify`: judge posts given as JSON lines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli import classify as classifying
from cli.common import ANSWER_IS_NO, NOT_THERE, fail, read_settings, translated
from core.catalog import load_catalog
from nlp.judge import Judge


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
