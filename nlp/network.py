"""A small convolutional network over the characters of a text; it reads again what leaves the linear model in doubt.

It sees what a sum of words cannot: which word stands beside which, and in what order (不收学生 beside 收学生). After
Yoon Kim, Convolutional Neural Networks for Sentence Classification, EMNLP 2014; learned by nlp/train_network.py.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.deeper import Deeper, answers, side_by_side
from nlp.hashed import Floats
from nlp.tokens import MARKS, Tokens

WIDTHS = (
    1,
    2,
    3,
    4,
    6,
)  # characters that a filter looks at: up to 6 holds "words" of trade slang and a negation before
UNKNOWN = 1  # row of every character that was not learned; row 0 is the padding of training
KNOWN = 2  # row of the first known character


@dataclass(frozen=True)
class Network:
    """Weights. `known` are code points in order; row KNOWN + i of `characters` is known[i]'s, row UNKNOWN everybody else's.

    `words` has a row for each of tokens.WORDS, `groups` one for each of tokens.MARKS, in their order. A character's
    input is its three rows side by side (columns). `kernels` are (width, columns, filters) for each of WIDTHS, `biases`
    (filters); `hidden` is (all filters and the units of `deeper`, units), `hidden_bias` (units), `out` (units + 1): the
    last number is the bias.
    """

    known: NDArray[np.uint32]
    characters: Floats
    words: Floats
    groups: Floats
    kernels: tuple[Floats, ...]
    biases: tuple[Floats, ...]
    hidden: Floats
    hidden_bias: Floats
    out: Floats
    deeper: Deeper | None

    def total(self, read: Tokens) -> float:
        """The sum for one text, in log-odds before calibration: above 0 a violation."""
        inputs = np.concatenate(
            [self.characters[self._rows(read)], self.words[read.words], read.marks @ self.groups], axis=1
        )
        hidden = np.maximum(self._strongest(inputs) @ self.hidden + self.hidden_bias, 0)
        return float(hidden @ self.out[:-1] + self.out[-1])

    def _strongest(self, inputs: Floats) -> Floats:
        """How strongly each filter and each unit above answers where it answers strongest; 0 where it is silent."""
        if not len(inputs):
            return np.zeros(len(self.hidden), np.float32)
        found = np.maximum(self._answers(inputs), 0)
        strongest: Floats = found.max(axis=0)
        return np.concatenate([strongest, self.deeper.strongest(found)]) if self.deeper else strongest

    def _answers(self, inputs: Floats) -> Floats:
        """What each filter answers at each character."""
        # One product for all columns of all filters, then sums of what stands side by side: half of the time that a
        # product for each width took, which wants the windows written out.
        shares = inputs @ self._columns
        return np.concatenate([
            answers(shares[:, first : first + width * len(bias)], width, bias)
            for first, width, bias in zip(self._first, WIDTHS, self.biases, strict=True)
        ], axis=1)  # fmt: skip

    @cached_property
    def _first(self) -> list[int]:
        """Where the columns of each width begin."""
        counts = (width * len(bias) for width, bias in zip(WIDTHS, self.biases, strict=True))
        return list(itertools.accumulate(counts, initial=0))[:-1]

    @cached_property
    def _columns(self) -> Floats:
        """The kernels side by side: for each width, for each character of a window, its filters."""
        return np.concatenate([side_by_side(kernel) for kernel in self.kernels], axis=1)

    def _rows(self, read: Tokens) -> NDArray[np.int64]:
        return rows(self.known, read.characters)

    def arrays(self) -> dict[str, Any]:
        """What `of_arrays` wants, in half precision: its rounding is far below the noise of training."""
        halved = {
            "characters": self.characters, "words": self.words, "groups": self.groups, "hidden": self.hidden,
            "hidden_bias": self.hidden_bias, "out": self.out,
            **{f"kernel{width}": kernel for width, kernel in zip(WIDTHS, self.kernels, strict=True)},
            **{f"bias{width}": bias for width, bias in zip(WIDTHS, self.biases, strict=True)},
            **(self.deeper.arrays() if self.deeper else {}),
        }  # fmt: skip
        names = {"known": self.known, "marks": np.array(MARKS, dtype=np.str_)}
        return names | {name: array.astype(np.float16) for name, array in halved.items()}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Any]) -> Network:
        """The network of such arrays; a missing one is a KeyError.

        A group that came after training says nothing to it, one that went is forgotten, whatever their order.
        """
        whole = {
            name: array.astype(np.float32) for name, array in arrays.items() if name not in ("known", "marks")
        }
        learned = dict(zip(arrays["marks"].tolist(), whole["groups"], strict=True))
        silent = np.zeros_like(whole["groups"][0])
        return cls(
            arrays["known"], whole["characters"], whole["words"],
            np.array([learned.get(name, silent) for name in MARKS]),
            tuple(whole[f"kernel{width}"] for width in WIDTHS), tuple(whole[f"bias{width}"] for width in WIDTHS),
            whole["hidden"], whole["hidden_bias"], whole["out"], Deeper.of_arrays(whole),
        )  # fmt: skip


def rows(known: NDArray[np.uint32], characters: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The rows of these characters."""
    if not known.size:
        return np.full(len(characters), UNKNOWN, np.int64)
    places = np.minimum(np.searchsorted(known, characters), len(known) - 1)
    return np.where(known[places] == characters, places + KNOWN, UNKNOWN).astype(np.int64)
