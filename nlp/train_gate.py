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

FIGURES = "figures.json"  # beside the weights: what the next model is compared with
HELD, FOLDED = "real posts held out", "own corpus, folds by author"


def held_out_rates(reader: Reader, model: Learned, kept: Sequence[Sample]) -> dict[str, Any]:
    """The figures of the whole judge with these weights, bounds and first gate included."""
    judge = Judge(reader, model, "")
    verdicts = judge.judge_texts((post.text, "", "other") for post in kept)
    flagged = [verdict.decision == "flagged" for verdict in verdicts]
    return rates(kept, flagged) | intervals(kept, flagged) | {"corpus": corpus_digest(kept)}


def present_figures(reader: Reader, live: Path, kept: Sequence[Sample]) -> dict[str, Any]:
    """The figures that were kept with the live model; {} when there is none.

    On the posts held out those of its twin: it has itself learned from these. Of other posts it knows nothing, as of
    any that were held out from weights older than 2026-11-22: there it is measured now.
    """
    if not live.exists():
        return {}
    beside = live.with_name(FIGURES)
    stored = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
    figures = {name: stored[name] for name in (HELD, FOLDED) if name in stored}
    if figures.get(HELD, {}).get("corpus") != corpus_digest(kept):
        figures[HELD] = held_out_rates(reader, Learned.load(live), kept)
    return figures


def worse(new: Mapping[str, Any], present: Mapping[str, Any]) -> tuple[str, ...]:
    """Each fixed set on which the new model's F1 is lower. Other texts are no fixed set: not compared."""
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
