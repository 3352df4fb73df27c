"""`wangxun train-clues`: learn anew what tells that letters and numbers are contacts and amounts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.common import NOT_THERE, fail, out
from core.errors import BadInput
from nlp.clue_weights import WEIGHTS, written
from nlp.samples import CORPUS


def train_clues(
    corpus: Annotated[
        Path, typer.Option(help="Folder of the corpus; more posts: entities/*.jsonl in it.")
    ] = CORPUS,
    output: Annotated[Path, typer.Option(help="File for the weights; none: the live ones.")] = WEIGHTS,
) -> None:
    """Learn what tells contacts and amounts, and print how it does on unseen authors. Example: wangxun train-clues"""
    try:
        from nlp.train_clues import fold_figures, learned_weights, named_posts
    except ModuleNotFoundError as error:
        fail(f"training needs scikit-learn ({error}): pip install 'wangxun[train]'", NOT_THERE)
    try:
        posts = named_posts(corpus)
        measured, learned = fold_figures(posts), learned_weights(posts)
    except BadInput as error:
        fail(str(error), NOT_THERE)
    for question, figures in measured.items():
        said = "  ".join(f"{name} {figures[name]['value']:.3f}" for name in ("precision", "recall", "f1"))
        out.print(f"{question}, authors unseen: {said} of {figures['f1']['of']}", highlight=False)
    waiting = output.with_name(f"waiting-{output.name}")
    waiting.write_text(written(learned), encoding="utf-8")
    waiting.replace(output)
    out.print(f"live: {output}", highlight=False)
