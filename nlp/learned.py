"""All that was learned, in one file: the linear model, the network that reads again what leaves it in doubt, calibration."""

from __future__ import annotations

import hashlib
import io
import math
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from core.errors import BadInput
from nlp.linear import STEEPEST, Features, LinearModel
from nlp.network import Network
from nlp.tokens import Tokens

WEIGHTS = Path(__file__).with_name("model") / "model.npz"
_NETWORK = "network_"  # how the names of its arrays begin in the file


class Doubt(NamedTuple):
    """Sums of the linear model between which the network reads again, and the network's part of the sum then.

    Kept with the weights: the same file gives the same verdicts when the numbers here change.
    """

    # On posts that nobody had learned from (two authors, a fifth of the real ones) its word changed no decision beyond these.
    low: float = -3.0
    high: float = 4.0
    share: float = (
        0.5  # with 0.3 and 0.7 posts of the two authors were judged a little worse, real ones alike
    )

    def holds(self, linear: float) -> bool:
        """Whether such a sum of the linear model leaves doubt."""
        return self.low < linear < self.high

    def total(self, linear: float, network: Callable[[], float]) -> float:
        """Both sums as one; `network` is asked only in doubt."""
        if not self.holds(linear):
            return linear
        return (1 - self.share) * linear + self.share * network()


@dataclass(frozen=True)
class Learned:
    """`scale` and `shift` calibrate the sum (Platt). Without a network (weights from before 2026-11-22) the linear model decides."""

    linear: LinearModel
    network: Network | None
    doubt: Doubt
    scale: float
    shift: float
    version: str

    def probability(self, found: Features, read: Callable[[], Tokens]) -> float:
        """The calibrated probability in [0, 1] that the post is a violation; `read` is asked for only in doubt."""
        network, total = self.network, self.linear.total(found)
        if network is not None:
            total = self.doubt.total(total, lambda: network.total(read()))
        return _sigmoid(self.scale * total + self.shift)

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Learned:
        """The weights of one file (.npz, no pickle inside). Raises BadInput for any other file."""
        content = path.read_bytes()
        try:
            return cls._of_arrays(_arrays(content), hashlib.sha256(content).hexdigest()[:12])
        except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise BadInput(
                f"{path}: these are no weights of wangxun ({error}): name a model.npz that `wangxun train` wrote"
            ) from error

    @classmethod
    def _of_arrays(cls, arrays: dict[str, Any], version: str) -> Learned:
        # The form of weights from before 2026-11-22, which `evaluate --compare` still reads.
        if "numbers" in arrays:
            arrays["bias"], arrays["calibration"] = arrays["numbers"][0], arrays["numbers"][1:]
        network = {name.removeprefix(_NETWORK): arrays[name] for name in arrays if name.startswith(_NETWORK)}
        scale, shift, *doubt = arrays["calibration"].tolist()
        return cls(
            LinearModel.of_arrays(arrays), Network.of_arrays(network) if network else None, Doubt(*doubt), scale,
            shift, version,
        )  # fmt: skip

    def save(self, path: Path) -> None:
        """Write the weights."""
        calibration = np.array([self.scale, self.shift, *self.doubt])
        arrays: dict[str, Any] = self.linear.arrays() | {"calibration": calibration}
        if self.network is not None:
            arrays |= {_NETWORK + name: array for name, array in self.network.arrays().items()}
        np.savez_compressed(path, **arrays)


def _arrays(content: bytes) -> dict[str, Any]:
    with np.load(io.BytesIO(content), allow_pickle=False) as data:
        return {name: data[name] for name in data.files}


def _sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-STEEPEST, min(STEEPEST, logit))))
