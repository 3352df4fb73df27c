"""Shares with their 95 % intervals: Wilson's for a share of counted things, a bootstrap with a fixed seed for F1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

NORMAL = 1.959964  # two-sided 95 % of the normal distribution
ROUNDS = 1000  # resamples: the ends of the interval then move by less than half a point from seed to seed
SEED = 20260901  # fixed, so that the same answers print the same figures


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of part/whole, (0, 1) when nothing was counted."""
    if not whole:
        return 0.0, 1.0
    share, spread = part / whole, NORMAL**2 / whole
    middle = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def share(part: int, whole: int) -> dict[str, Any]:
    """A share and its interval."""
    low, high = wilson(part, whole)
    return {
        "value": round(part / whole, 4) if whole else 0.0,
        "of": whole,
        "low": round(low, 4),
        "high": round(high, 4),
    }


def f1(hits: float, wrong: float, missed: float) -> float:
    """2 TP / (2 TP + FP + FN), 0 when there is nothing to find and nothing found."""
    return 2 * hits / (2 * hits + wrong + missed) if hits else 0.0


def detection(truth: Sequence[bool], answers: Sequence[bool]) -> dict[str, Any]:
    """Precision, recall and F1 of yes-or-no answers, each with its interval."""
    right, said = np.array(truth, bool), np.array(answers, bool)
    hits, wrong, missed = int((right & said).sum()), int((~right & said).sum()), int((right & ~said).sum())
    low, high = _bootstrapped(right, said)
    value = {"value": round(f1(hits, wrong, missed), 4), "of": len(right), "low": low, "high": high}
    return {
        "precision": share(hits, hits + wrong), "recall": share(hits, hits + missed), "f1": value,
        "found": hits, "wrong": wrong, "missed": missed,
    }  # fmt: skip


def _bootstrapped(right: np.ndarray[Any, Any], said: np.ndarray[Any, Any]) -> tuple[float, float]:
    # Posts fall into four cells; drawing posts anew is drawing the cells' counts anew.
    cells = [(right & said).sum(), (~right & said).sum(), (right & ~said).sum(), (~right & ~said).sum()]
    if not len(right):
        return 0.0, 1.0
    drawn = np.random.default_rng(SEED).multinomial(len(right), np.array(cells) / len(right), ROUNDS)
    low, high = np.quantile([f1(*row[:3]) for row in drawn], [0.025, 0.975])
    return round(float(low), 4), round(float(high), 4)
