"""`wangxun classify`: judge posts given as JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

from cli import classify as classifying
from cli.common import ANSWER_IS_NO, NOT_THERE, WRONG_USE, fail, read_settings, translated
from core.catalog import load_catalog
from nlp.judge import Judge


def classify(
    file: Annotated[
        str,
        typer.Argument(help="JSON lines with id and text, plain or packed with gzip; - is standard input."),
    ],
    output: Annotated[Path | None, typer.Option(help="Where to write; without it standard output.")] = None,
) -> None:
    """Judge posts, one line each. Example: wangxun classify posts.jsonl --output verdicts.jsonl"""
    settings = read_settings()
    if file != "-" and not Path(file).is_file():
        fail(f"{file} is a folder, no file" if Path(file).is_dir() else f"no such file: {file}", NOT_THERE)
    if output is not None and output.exists() and file != "-" and output.samefile(file):
        fail("--output names the file that is read: it would be emptied first", WRONG_USE)
    with translated():
        catalog = load_catalog(settings.config, settings.sources)
        judge = Judge.load(
            tuple(catalog.violations.values()), catalog.words, routes=tuple(catalog.routes.values())
        )
    with translated(), _written(output) as stream:
        bad = classifying.classify_file(judge, file, stream)
    if bad:
        fail(f"{bad} lines could not be read; each stands in its place with its error", ANSWER_IS_NO)


@contextmanager
def _written(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        return
    try:
        stream = output.open("w", encoding="utf-8")
    except OSError as error:
        fail(f"--output: {error}", NOT_THERE)
    with stream:
        yield stream
