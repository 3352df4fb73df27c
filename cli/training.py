"""`wangxun train`: learn weights anew; they go live only when they are not worse on the fixed sets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from casework.decided import Decided, decided
from cli.common import ANSWER_IS_NO, NOT_THERE, fail, opened_desk, out, read_settings
from core.errors import BadInput
from core.model import Code
from nlp.figures import share
from nlp.learned import WEIGHTS
from nlp.samples import Sample, decided_sample


def train(
    real: Annotated[Path, typer.Argument(help="Labelled real posts, JSON lines packed with gzip.")],
    with_decisions: Annotated[
        bool, typer.Option("--with-decisions", help="Learn from what officers decided, too.")
    ] = False,
    background: Annotated[
        Path | None, typer.Option(help="Unlabelled posts, nearly all lawful: half are learned from.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Folder for the weights; none: the live ones.")] = None,
) -> None:
    """Train the model; it goes live only if not worse. Example: wangxun train real_posts.jsonl.gz --with-decisions"""
    for path in filter(None, (real, background)):
        if not path.is_file():
            fail(f"no such file: {path}", NOT_THERE)
    try:
        from nlp.train import put_live
        from nlp.train import train as learn
    except ImportError as error:
        fail(f"training needs scikit-learn and JAX ({error}): pip install 'wangxun[train]'", NOT_THERE)
    settings = read_settings()
    try:
        done = learn(real, settings.config, _decisions() if with_decisions else (), background=background)
    except BadInput as error:
        fail(str(error), NOT_THERE)
    _show(done.figures, done.present)
    if done.worse:
        fail("not live, the present model stays:\n" + "\n".join(done.worse), ANSWER_IS_NO)
    put_live(done, output or WEIGHTS.parent)
    out.print(f"live: {output or WEIGHTS.parent}", highlight=False)


def _decisions() -> list[Sample]:
    with opened_desk(read_settings()) as desk:
        found = list(decided(desk))
    for line in agreement(found):
        out.print(line, highlight=False)
    return samples(found)


def samples(found: Iterable[Decided]) -> list[Sample]:
    """What was decided, to learn from; equal texts (the same advert on two sites) would weigh twice."""
    unique: dict[str, Decided] = {}
    for item in found:
        before = unique.get(item.text)
        # Of two who confirmed it, one may have said what it shows: that is not lost.
        told = before.codes if before and item.confirmed and item.codes is None else item.codes
        unique[item.text] = replace(item, codes=told)
    return [decided_sample(item.text, item.confirmed, item.codes) for item in unique.values()]


def agreement(found: Sequence[Decided]) -> list[str]:
    """How often officers agreed with what the judge had said; unsure posts were handed to them undecided.

    By code: precision of the judge's codes on all that was decided (a confirmation that names no codes agrees with the
    judge's), and their recall on what officers named.
    """
    lines = [f"officers' decisions: {len(found)}"]
    for said in ("flagged", "unsure"):
        those = [item for item in found if item.verdict.decision == said]
        lines.append(
            f"  {said}, confirmed by officers: {_said(share(sum(item.confirmed for item in those), len(those)))}"
        )
    lines.append(f"  codes named by officers: {sum(item.codes is not None for item in found)}")
    codes = {code for item in found for code in (*item.verdict.codes, *(item.codes or ()))}
    return lines + [f"  {code}: {_agreed(found, code)}" for code in sorted(codes)]


def _agreed(found: Sequence[Decided], code: Code) -> str:
    judged = [item for item in found if code in item.verdict.codes]
    right = [item for item in judged if item.confirmed and (item.codes is None or code in item.codes)]
    named = [item for item in found if code in (item.codes or ())]
    both = [item for item in named if code in item.verdict.codes]
    shares = {"precision": (right, judged), "recall": (both, named)}
    # Nothing is said where nothing was counted: 0 of 0 would read like a fault.
    return ", ".join(
        f"{name} {_said(share(len(part), len(whole)))}" for name, (part, whole) in shares.items() if whole
    )


def _said(figure: dict[str, Any]) -> str:
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}] of {figure['of']}"


def _show(figures: dict[str, Any], present: dict[str, Any]) -> None:
    for name, result in figures.items():
        before = present.get(name, {})
        out.print(f"{name}: {result['posts']} posts", highlight=False)
        for key in ("precision", "recall", "f1", "pairs right on both sides"):
            if key in result:
                was = f" (present {before[key]})" if key in before else ""
                out.print(f"  {key} {result[key]}{was}", highlight=False)
