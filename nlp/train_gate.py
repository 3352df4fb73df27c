"""Whether new weights may go live: their answers on the fixed sets beside those of the live ones, post by post.

What a difference is worth was settled before any candidate was measured by it (docs/decisions.md, 2026-11-23). On no set
may more posts go wrong than chance explains, and in the mean of the sets the new weights may not be the worse ones: a
single real post (129 violations are held out, one moves their F1 by 0.004) can be outweighed by what the other set gains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from scipy.stats import binomtest

from nlp.card import intervals, rates
from nlp.judge import Judge
from nlp.learned import Learned
from nlp.reading import Reader
from nlp.samples import HELD_OUT_BATCH, Sample, corpus_samples

# Beside the weights: what the next model is compared with. The twin never learned from a post that is held out, whose
# text alone says that it is: so it is the one to measure, on whatever posts come next time.
TWIN = "twin.npz"
HELD, WRITTEN = "real posts held out", "authors held back"
# The usual bar of a sign test: equal weights are refused by one set in twenty trainings at most.
CHANCE = 0.05
FixedSets = Mapping[str, Sequence[Sample]]


@dataclass(frozen=True)
class Measured:
    """The whole judge on one fixed set, bounds and first gate included: which posts are right, and the figures."""

    right: tuple[bool, ...]
    figures: dict[str, Any]


def fixed_sets(real: Sequence[Sample], corpus: Path) -> dict[str, list[Sample]]:
    """The real posts held out and the authors held back, which nothing learned from; sets without a post are left out.

    An installed wheel has no corpus: there the real posts alone decide.
    """
    sets = {
        HELD: [post for post in real if post.batch == HELD_OUT_BATCH],
        WRITTEN: list(corpus_samples(corpus / "held_back")),
    }
    return {name: posts for name, posts in sets.items() if posts}


def measured(reader: Reader, model: Learned, sets: FixedSets) -> dict[str, Measured]:
    """The answers of these weights on each set."""
    return {name: _measured(Judge(reader, model, ""), posts) for name, posts in sets.items()}


def _measured(judge: Judge, posts: Sequence[Sample]) -> Measured:
    verdicts = judge.judge_texts((post.text, "", "other") for post in posts)
    flagged = [verdict.decision == "flagged" for verdict in verdicts]
    right = (post.violation == answer for post, answer in zip(posts, flagged, strict=True))
    return Measured(tuple(right), rates(posts, flagged) | intervals(posts, flagged))


def present_measured(reader: Reader, live: Path, sets: FixedSets) -> dict[str, Measured]:
    """The same of the live model's twin; {} when there is no live model.

    Without a twin (weights of before 2026-11-22, or as they are installed) the live model is measured itself.
    """
    if not live.exists():
        return {}
    twin = live.with_name(TWIN)
    return measured(reader, Learned.load(twin if twin.exists() else live), sets)


def worse(new: Mapping[str, Measured], present: Mapping[str, Measured]) -> tuple[str, ...]:
    """Why the new weights may not go live, () when they may: see the head of this file."""
    if not present:
        return ()
    found = [_unlikely(name, present[name].right, answers.right) for name, answers in new.items()]
    before, after = (round(fmean(one.figures["f1"] for one in sets.values()), 4) for sets in (present, new))
    found.append(
        f"all fixed sets: mean F1 {after} is below the present model's {before}" if after < before else ""
    )
    return tuple(filter(None, found))


def _unlikely(name: str, before: Sequence[bool], after: Sequence[bool]) -> str:
    """What to say where more went wrong than chance explains: McNemar's exact test, one-sided; "" where it does not."""
    lost = sum(was and not now for was, now in zip(before, after, strict=True))
    won = sum(now and not was for was, now in zip(before, after, strict=True))
    if lost <= won or binomtest(lost, lost + won, alternative="greater").pvalue >= CHANCE:
        return ""
    return f"{name}: {lost} posts went wrong that were right, only {won} the other way: more than chance explains"
