"""The learned linear model: hashed characters and words of the undisguised text, and the signals that fired."""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.segment import load_segmenter

CHARACTER_BITS = 18  # 262,144 places for runs of 1-4 characters: half a megabyte as float16
WORD_BITS = 16
SIZE = (1 << CHARACTER_BITS) + (1 << WORD_BITS)
_NUMBER = re.compile(
    r"[0-9x]+(?:\.[0-9x]+)?"
)  # data sets blank out digits as x: the model must not see which
_FACTORS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], dtype=np.uint64
)
WEIGHTS = Path(__file__).with_name("model") / "model.npz"

Floats = NDArray[np.float32]
Places = NDArray[np.int64]


def features(text: str) -> tuple[Places, Floats]:
    """Hashed places and values of a plain text; each block has length one."""
    plain = _NUMBER.sub("0", text)
    characters = _unique(_runs(plain))
    words = _unique(
        np.array([zlib.crc32(word.encode()) & ((1 << WORD_BITS) - 1) for word in _words(plain)], np.int64)
    )
    places = np.concatenate([characters, words + (1 << CHARACTER_BITS)])
    values = np.concatenate([_even(len(characters)), _even(len(words))])
    return places, values


def _words(text: str) -> list[str]:
    cut = [word for word in load_segmenter().cut(text) if not word.isspace()]
    return [*cut, *(left + " " + right for left, right in pairwise(cut))]


def _runs(text: str) -> Places:
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    total = np.zeros_like(points)
    found = []
    for length in range(1, 5):
        if len(points) < length:
            break
        total = total[: len(points) - length + 1] * _FACTORS[0] + points[length - 1 :] * _FACTORS[length - 1]
        found.append(
            ((total ^ (total >> np.uint64(29))) * _FACTORS[1] >> np.uint64(64 - CHARACTER_BITS)).astype(
                np.int64
            )
        )
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _unique(places: Places) -> Places:
    return np.unique(places)


def _even(count: int) -> Floats:
    return np.full(count, 1 / np.sqrt(max(count, 1)), dtype=np.float32)


@dataclass(frozen=True)
class LinearModel:
    """Weights of the hashed part and of named signal features; `scale` and `shift` calibrate the sum."""

    hashed: Floats
    names: tuple[str, ...]
    dense: Floats
    bias: float
    scale: float
    shift: float
    version: str

    def probability(self, text: str, signals: dict[str, float]) -> float:
        """The calibrated probability in [0, 1] that the post is a violation."""
        places, values = features(text)
        total = float(self.hashed[places] @ values) + self.bias
        total += sum(
            float(weight) * signals.get(name, 0.0)
            for name, weight in zip(self.names, self.dense, strict=True)
        )
        logit = max(-30.0, min(30.0, self.scale * total + self.shift))
        return float(1 / (1 + np.exp(-logit)))

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> LinearModel:
        """The weights of one file (.npz, no pickle inside)."""
        content = path.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as data:
            numbers = data["numbers"]
            return cls(
                data["hashed"].astype(np.float32), tuple(str(name) for name in data["names"]),
                data["dense"].astype(np.float32), float(numbers[0]), float(numbers[1]), float(numbers[2]),
                hashlib.sha256(content).hexdigest()[:12],
            )  # fmt: skip

    def save(self, path: Path) -> None:
        """Write the weights, half precision for the hashed part: its rounding is far below the noise of training."""
        arrays: dict[str, Any] = {
            "hashed": self.hashed.astype(np.float16), "names": np.array(self.names, dtype=np.str_),
            "dense": self.dense, "numbers": np.array([self.bias, self.scale, self.shift], dtype=np.float64),
        }  # fmt: skip
        np.savez_compressed(path, **arrays)
