"""Whether new weights may go live: their figures on the fixed sets beside those of the live ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nlp.card import intervals, rates
from nlp.judge import Judge
from nlp.learned import Learned
from nlp.reading import Reader
from nlp.samples import Sample

# Beside the weights: what the next model is compared with. The twin never learned from a post that is held out, whose
# text alone says that it is: so it is the one to measure, on whatever posts come next time.
FIGURES, TWIN = "figures.json", "twin.npz"
HELD, FOLDED = "real posts held out", "own corpus, folds by author"


def held_out_rates(reader: Reader, model: Learned, kept: Sequence[Sample]) -> dict[str, Any]:
    """The figures of the whole judge with these weights, bounds and first gate included."""
    judge = Judge(reader, model, "")
    verdicts = judge.judge_texts((post.text, "", "other") for post in kept)
    flagged = [verdict.decision == "flagged" for verdict in verdicts]
    return rates(kept, flagged) | intervals(kept, flagged)


def present_figures(reader: Reader, live: Path, kept: Sequence[Sample]) -> dict[str, Any]:
    """The live model's twin on today's held-out posts, and the fold figures that were kept with it; {} when there is none.

    Without a twin (weights of before 2026-11-22, or as they are installed) the live model is measured itself.
    """
    if not live.exists():
        return {}
    twin = live.with_name(TWIN)
    model = Learned.load(twin if twin.exists() else live)
    figures: dict[str, Any] = {HELD: held_out_rates(reader, model, kept)}
    beside = live.with_name(FIGURES)
    if beside.exists():
        figures[FOLDED] = json.loads(beside.read_text(encoding="utf-8")).get(FOLDED, {})
    return figures


def worse(new: Mapping[str, Any], present: Mapping[str, Any]) -> tuple[str, ...]:
    """Each fixed set on which the new model's F1 is lower. Folds of another corpus are no fixed set: not compared."""
    found = []
    for name in (HELD, FOLDED):
        before, after = present.get(name, {}), new[name]
        if before and before.get("corpus") == after.get("corpus") and after["f1"] < before["f1"]:
            found.append(f"{name}: F1 {after['f1']} is below the present model's {before['f1']}")
    return tuple(found)


def corpus_digest(samples: Sequence[Sample]) -> str:
    """Which texts and labels the folds were made of."""
    lines = "\n".join(sorted(f"{sample.violation} {sample.text}" for sample in samples))
    return hashlib.sha256(lines.encode()).hexdigest()[:12]
