"""The learned linear model: hashed characters and words of the undisguised text, and the concepts named in it.

One head says violation or not, one for each code, one for each role; all are weights over the same features.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nlp.hashed import Floats, Places, hashed, word_place

HEAD_SIZE = 1 << 14  # the codes have hundreds of examples, not thousands: fewer places learn as much
STEEPEST = 30.0  # beyond it a probability is 0 or 1 in single precision


@dataclass(frozen=True)
class Features:
    """Hashed places with their values (each block has length one), and the named concepts."""

    places: Places
    values: Floats
    named: Mapping[str, float]


def features(text: str, named: Mapping[str, float]) -> Features:
    """The features of a plain text."""
    return Features(*hashed([text])[0], named)


@dataclass(frozen=True)
class LinearModel:
    """Weights. `hashed` (SIZE), `dense` (a number a name) and `bias` decide.

    `heads` name codes ("code:HOME_TUTOR") and roles ("role:seeker"); `head_hashed` is (heads, HEAD_SIZE), `head_dense`
    (heads, names), `head_bias` (heads).
    """

    hashed: Floats
    names: tuple[str, ...]
    dense: Floats
    bias: float
    heads: tuple[str, ...]
    head_hashed: Floats
    head_dense: Floats
    head_bias: Floats

    def total(self, found: Features) -> float:
        """The sum for one text, in log-odds before calibration: above 0 a violation."""
        named = self._index
        total = float(self.hashed.take(found.places) @ found.values) + self.bias
        return total + sum([named[name] * value for name, value in found.named.items() if name in named])

    def head_scores(self, found: Features) -> dict[str, float]:
        """What each head says, a probability in [0, 1], of a post that is taken for a violation."""
        columns = self._columns
        known = [(columns[name], value) for name, value in found.named.items() if name in columns]
        rows = self._by_name.take(np.array([column for column, _ in known], np.intp), axis=0)
        sums = found.values @ self._by_place.take(found.places & (HEAD_SIZE - 1), axis=0)
        sums = sums + np.array([value for _, value in known], np.float32) @ rows + self.head_bias
        logits = np.clip(sums.astype(np.float64), -STEEPEST, STEEPEST)
        return dict(zip(self.heads, (1 / (1 + np.exp(-logits))).tolist(), strict=True))

    def word_weight(self, head: str, word: str) -> float:
        """How much one word speaks for a head; to quote what a code was learned from."""
        return float(self.head_hashed[self.heads.index(head), word_place(word) % HEAD_SIZE])

    @cached_property
    def _by_place(self) -> Floats:
        """`head_hashed` with the heads of one place side by side: a post takes whole rows of memory."""
        return np.ascontiguousarray(self.head_hashed.T)

    @cached_property
    def _by_name(self) -> Floats:
        """`head_dense` in the same way."""
        return np.ascontiguousarray(self.head_dense.T)

    @cached_property
    def _index(self) -> dict[str, float]:
        return dict(zip(self.names, self.dense.tolist(), strict=True))

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {name: column for column, name in enumerate(self.names)}

    def arrays(self) -> dict[str, Any]:
        """What `of_arrays` wants; half precision for the large parts: its rounding is far below the noise of training."""
        return {
            "hashed": self.hashed.astype(np.float16), "names": np.array(self.names, dtype=np.str_), "dense": self.dense,
            "bias": np.array(self.bias), "heads": np.array(self.heads, dtype=np.str_),
            "head_hashed": self.head_hashed.astype(np.float16), "head_dense": self.head_dense.astype(np.float16),
            "head_bias": self.head_bias,
        }  # fmt: skip

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Any]) -> LinearModel:
        """The model of such arrays; a missing one is a KeyError."""
        return cls(
            arrays["hashed"].astype(np.float32), tuple(arrays["names"].tolist()), arrays["dense"].astype(np.float32),
            float(arrays["bias"]), tuple(arrays["heads"].tolist()), arrays["head_hashed"].astype(np.float32),
            arrays["head_dense"].astype(np.float32), arrays["head_bias"].astype(np.float32),
        )  # fmt: skip
