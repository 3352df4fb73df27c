"""The learned linear model: hashed characters and words of the undisguised text, and the concepts named in it.

One head says violation or not, one for each code, one for each role; all are weights over the same features.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from nlp.hashed import Floats, Places, hashed, word_place

HEAD_SIZE = 1 << 14  # the codes have hundreds of examples, not thousands: fewer places learn as much
WEIGHTS = Path(__file__).with_name("model") / "model.npz"
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
    """Weights. `hashed` (SIZE), `dense` (a number a name) and `bias` decide; `scale` and `shift` calibrate their sum.

    `heads` name codes ("code:HOME_TUTOR") and roles ("role:seeker"); `head_hashed` is (heads, HEAD_SIZE), `head_dense`
    (heads, names), `head_bias` (heads).
    """

    hashed: Floats
    names: tuple[str, ...]
    dense: Floats
    bias: float
    scale: float
    shift: float
    heads: tuple[str, ...]
    head_hashed: Floats
    head_dense: Floats
    head_bias: Floats
    version: str

    def probability(self, found: Features) -> float:
        """The calibrated probability in [0, 1] that the post is a violation."""
        named = self._index
        total = float(self.hashed.take(found.places) @ found.values) + self.bias
        total += sum([named[name] * value for name, value in found.named.items() if name in named])
        return _sigmoid(self.scale * total + self.shift)

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

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> LinearModel:
        """The weights of one file (.npz, no pickle inside)."""
        content = path.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as data:
            numbers = data["numbers"]
            return cls(
                data["hashed"].astype(np.float32), _strings(data["names"]), data["dense"].astype(np.float32),
                float(numbers[0]), float(numbers[1]), float(numbers[2]), _strings(data["heads"]),
                data["head_hashed"].astype(np.float32), data["head_dense"].astype(np.float32),
                data["head_bias"].astype(np.float32), hashlib.sha256(content).hexdigest()[:12],
            )  # fmt: skip

    def save(self, path: Path) -> None:
        """Write the weights, half precision for the large parts: its rounding is far below the noise of training."""
        arrays: dict[str, Any] = {
            "hashed": self.hashed.astype(np.float16), "names": np.array(self.names, dtype=np.str_),
            "dense": self.dense, "numbers": np.array([self.bias, self.scale, self.shift], dtype=np.float64),
            "heads": np.array(self.heads, dtype=np.str_), "head_hashed": self.head_hashed.astype(np.float16),
            "head_dense": self.head_dense.astype(np.float16), "head_bias": self.head_bias,
        }  # fmt: skip
        np.savez_compressed(path, **arrays)


def _strings(array: Sequence[Any]) -> tuple[str, ...]:
    return tuple(str(item) for item in array)


def _sigmoid(logit: float) -> float:
    return float(1 / (1 + np.exp(-max(-STEEPEST, min(STEEPEST, logit)))))
