"""The layers above the filters of `nlp.network`: how what the filters find stands together, nearby and across a sentence.

A filter sees six characters; 不接了 four words behind 一对一 is beyond it. The second layer sees ten, the third, which
looks at every fourth place (Yu and Koltun, Multi-Scale Context Aggregation by Dilated Convolutions, ICLR 2016),
twenty-six: a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.hashed import Floats

WIDTH = 5  # places that each of the two layers looks at
STRIDE = 4  # the third layer looks at every fourth place


@dataclass(frozen=True)
class Deeper:
    """Weights. `squeeze` is (all filters, units): what they find in fewer numbers; `near` and `far` are (WIDTH, units, units)."""

    squeeze: Floats
    squeeze_bias: Floats
    near: Floats
    near_bias: Floats
    far: Floats
    far_bias: Floats

    def strongest(self, found: Floats) -> Floats:
        """How strongly each unit of both layers answers where it answers strongest; `found` is (places, all filters), none below 0."""
        squeezed = np.maximum(found @ self.squeeze + self.squeeze_bias, 0)
        near = np.maximum(answers(squeezed @ self._near, WIDTH, self.near_bias), 0)
        far = answers(near @ self._far, WIDTH, self.far_bias, STRIDE)
        return np.concatenate([near.max(axis=0, initial=0), far.max(axis=0, initial=0)])

    @cached_property
    def _near(self) -> Floats:
        return side_by_side(self.near)

    @cached_property
    def _far(self) -> Floats:
        return side_by_side(self.far)

    def arrays(self) -> dict[str, Any]:
        """What `of_arrays` wants."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Any]) -> Deeper | None:
        """The layers of such arrays; none where there are none, as in weights from before 2026-11-23."""
        names = [field.name for field in fields(cls)]
        return cls(*(arrays[name] for name in names)) if names[0] in arrays else None


def side_by_side(kernel: Floats) -> Floats:
    """A kernel (width, inputs, filters) as (inputs, width * filters): one product tells what each place adds to each window."""
    return np.concatenate(list(kernel), axis=1)


def answers(shares: Floats, width: int, bias: NDArray[np.float32], stride: int = 1) -> Floats:
    """What each filter of one width answers at each place; `shares` are what each place of its window adds.

    A window lies around its place, the middle one or the one right of the middle, and takes every `stride`-th place;
    beyond the ends stands nothing.
    """
    filters, middle, length = len(bias), width // 2, len(shares)
    found: Floats = shares[:, middle * filters : (middle + 1) * filters] + bias
    for step in range(1, middle + 1):
        left, away = (middle - step) * filters, min(step * stride, length)
        found[away:] += shares[: length - away, left : left + filters]
    for step in range(1, width - middle):
        right, away = (middle + step) * filters, min(step * stride, length)
        found[: length - away] += shares[away:, right : right + filters]
    return found
