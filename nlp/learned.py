"""All that was learned, in one file: the linear model, the network that reads again what leaves it in doubt, calibration."""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nlp.linear import STEEPEST, Features, LinearModel
from nlp.network import Network
from nlp.tokens import Tokens

WEIGHTS = Path(__file__).with_name("model") / "model.npz"
# Sums of the linear model between which the network reads again: beyond them its word changed no decision on posts that
# nobody had learned from, and one post in ten that is read in full lies between.
DOUBTFUL = (-3.0, 4.0)
SHARE = 0.5  # the network's part of the sum then; with 0.3 and 0.7 written posts were judged a little worse, real ones alike
_NETWORK = "network_"  # how the names of its arrays begin in the file


@dataclass(frozen=True)
class Learned:
    """`scale` and `shift` calibrate the sum (Platt). Without a network (weights from before 2026-11-22) the linear model decides."""

    linear: LinearModel
    network: Network | None
    scale: float
    shift: float
    version: str

    def probability(self, found: Features, read: Callable[[], Tokens]) -> float:
        """The calibrated probability in [0, 1] that the post is a violation; `read` is asked for only in doubt."""
        total = self.linear.total(found)
        if self.network is not None and in_doubt(total):
            total = combined(total, self.network.total(read()))
        return _sigmoid(self.scale * total + self.shift)

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Learned:
        """The weights of one file (.npz, no pickle inside)."""
        content = path.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as data:
            arrays = {name: data[name] for name in data.files}
        if (
            "numbers" in arrays
        ):  # the form of weights from before 2026-11-22, which `evaluate --compare` still reads
            arrays["bias"], arrays["calibration"] = arrays["numbers"][0], arrays["numbers"][1:]
        network = {name.removeprefix(_NETWORK): arrays[name] for name in arrays if name.startswith(_NETWORK)}
        scale, shift = arrays["calibration"].tolist()
        return cls(
            LinearModel.of_arrays(arrays), Network.of_arrays(network) if network else None, scale, shift,
            hashlib.sha256(content).hexdigest()[:12],
        )  # fmt: skip

    def save(self, path: Path) -> None:
        """Write the weights."""
        arrays: dict[str, Any] = self.linear.arrays() | {"calibration": np.array([self.scale, self.shift])}
        if self.network is not None:
            arrays |= {_NETWORK + name: array for name, array in self.network.arrays().items()}
        np.savez_compressed(path, **arrays)


def in_doubt(total: float) -> bool:
    """Whether the network is asked."""
    return DOUBTFUL[0] < total < DOUBTFUL[1]


def combined(linear: float, network: float) -> float:
    """Both sums as one."""
    return (1 - SHARE) * linear + SHARE * network


def _sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-STEEPEST, min(STEEPEST, logit))))
