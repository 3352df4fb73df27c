"""`wangxun train-clues`: learn anew what tells that letters and numbers are contacts and amounts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.common import ANSWER_IS_NO, NOT_THERE, fail, out
from core.errors import BadInput
from nlp.clue_weights import WEIGHTS, read_weights, written
from nlp.samples import CORPUS


def train_clues(
    corpus: Annotated[
        Path, typer.Option(help="Folder of the corpus; more posts: entities/*.jsonl in it.")
    ] = CORPUS,
    output: Annotated[Path, typer.Option(help="File for the weights; none: the live ones.")] = WEIGHTS,
) -> None:
    """Learn what tells contacts and amounts; live only if not worse on unseen authors. Example: wangxun train-clues"""
    if not output.parent.is_dir():
        fail(f"no such folder: {output.parent}", NOT_THERE)
    try:
        from nlp.train_clues import fold_figures, learned_weights, named_posts, worse
    except ModuleNotFoundError as error:
        fail(f"training needs scikit-learn ({error}): pip install 'wangxun[train]'", NOT_THERE)
    try:
        posts = named_posts(corpus)
        measured = fold_figures(posts)
        learned = learned_weights(posts, measured)
        found = worse(learned, read_weights(output)) if output.exists() else []
    except BadInput as error:
        fail(str(error), NOT_THERE)
    for question, figures in measured.items():
        said = "  ".join(f"{name} {figures[name]['value']:.3f}" for name in ("precision", "recall", "f1"))
        out.print(f"{question}, authors unseen: {said} of {figures['f1']['of']}", highlight=False)
    if found:
        fail("not live, the present weights stay:\n" + "\n".join(found), ANSWER_IS_NO)
    waiting = output.with_name(f"waiting-{output.name}")
    waiting.write_text(written(learned), encoding="utf-8")
    waiting.replace(output)
    out.print(f"live: {output}", highlight=False)
