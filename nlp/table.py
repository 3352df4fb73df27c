"""Labelled texts as numbers: what the learner reads, how much each text counts, and in which fold it is measured."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, hstack

from nlp.hashed import SIZE
from nlp.linear import HEAD_SIZE, features
from nlp.reading import Reader
from nlp.samples import BACKGROUND_BATCH, Sample

FOLDS = 5
NEVER_MEASURED = -1  # the fold of background lines
# What was written for training counts a sixteenth with the linear model: it fills gaps, there is ten times as much of it,
# and real posts say how often things are said (on the fifth of them set apart, average precision 0.990; 0.988 at an
# eighth, 0.985 at a quarter). The network learns what words do to each other, of which it says more: together as much
# as when there was less of it and it counted a half.
OWN_WEIGHT, OWN_WEIGHT_IN_NETWORK = 0.0625, 0.35
BACKGROUND_WEIGHT = 0.5  # nobody read these lines; a few may be violations


class Table:
    """Samples as numbers: one row each; columns are hashed places, then names."""

    def __init__(self, samples: Sequence[Sample], reader: Reader) -> None:
        self.samples = samples
        readings = [reader.read(sample.text) for sample in samples]
        found = [features(reading.plain.text, reading.numbers) for reading in readings]
        self.names = tuple(sorted({name for item in found for name in item.named}))
        column = {name: place for place, name in enumerate(self.names)}
        self.tokens = [reading.tokens for reading in readings]
        self.hashed = _sparse([(item.places, item.values) for item in found], SIZE)
        named = [
            (
                np.array([column[name] for name in item.named], np.int64),
                np.array(list(item.named.values()), np.float32),
            )
            for item in found
        ]
        self.named = _sparse(named, len(self.names))
        self.labels = np.array([sample.violation for sample in samples], dtype=int)
        self.weights = np.array([_weight(sample, OWN_WEIGHT) for sample in samples])
        self.network_weights = np.array([_weight(sample, OWN_WEIGHT_IN_NETWORK) for sample in samples])

    def without(self, places: NDArray[np.bool_]) -> Table:
        """The table without the samples that are marked."""
        left = copy.copy(self)
        left.samples = list(itertools.compress(self.samples, ~places))
        left.tokens = list(itertools.compress(self.tokens, ~places))
        left.hashed, left.named = self.hashed[~places], self.named[~places]
        left.labels, left.weights = self.labels[~places], self.weights[~places]
        left.network_weights = self.network_weights[~places]
        return left

    def silenced(self, names: str) -> Table:
        """The table in which the columns whose names begin so say nothing; "": none of the named columns says anything."""
        left = copy.copy(self)
        heard = [float(not name.startswith(names)) for name in self.names]
        left.named = (self.named @ diags(heard)).tocsr()
        return left

    def decisive(self) -> csr_matrix:
        """All columns."""
        return hstack([self.hashed, self.named]).tocsr()

    def headed(self) -> csr_matrix:
        """Hashed places folded to HEAD_SIZE, and names."""
        entries = self.hashed.tocoo()
        folded = csr_matrix(
            (entries.data, (entries.row, entries.col % HEAD_SIZE)), (self.hashed.shape[0], HEAD_SIZE)
        )
        return hstack([folded, self.named]).tocsr()

    def folds(self) -> NDArray[np.int64]:
        """The fold of each sample: batches are dealt out whole, the largest first, each to the emptiest fold."""
        batches = [sample.batch for sample in self.samples]
        fold_of = {BACKGROUND_BATCH: NEVER_MEASURED}
        loads = [0] * FOLDS
        for batch in sorted(set(batches) - {BACKGROUND_BATCH}, key=lambda name: (-batches.count(name), name)):
            fold_of[batch] = loads.index(min(loads))
            loads[fold_of[batch]] += batches.count(batch)
        return np.array([fold_of[batch] for batch in batches])


def _sparse(rows: Sequence[tuple[NDArray[np.int64], NDArray[np.float32]]], width: int) -> csr_matrix:
    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    places = np.concatenate([places for places, _ in rows])
    return csr_matrix((np.concatenate([values for _, values in rows]), places, ends), (len(rows), width))


def _weight(sample: Sample, own: float) -> float:
    if sample.batch == BACKGROUND_BATCH:
        return BACKGROUND_WEIGHT
    return own if sample.kind in ("corpus", "example") else 1.0
