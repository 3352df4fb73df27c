from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlp.deeper import STRIDE, WIDTH, Deeper, answers, side_by_side
from nlp.hashed import Floats
from nlp.learned import Learned

UNITS = 3


def _chance(*shape: int) -> Floats:
    numbers: Floats = np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)
    return numbers


def _one_by_one(seen: Floats, kernel: Floats, bias: Floats, stride: int) -> Floats:
    """The same, place by place and window by window."""
    found = np.tile(bias, (len(seen), 1))
    for place in range(len(seen)):
        for step, weights in enumerate(kernel):
            other = place + (step - len(kernel) // 2) * stride
            if 0 <= other < len(seen):
                found[place] += seen[other] @ weights
    return found


@pytest.mark.parametrize("length", [0, 1, 2, 7, 8, 9, 40])
@pytest.mark.parametrize("width", [1, 2, 4, WIDTH, 6])
@pytest.mark.parametrize("stride", [1, STRIDE])
def test_windows_end_where_the_text_ends(length: int, width: int, stride: int) -> None:
    seen, kernel, bias = _chance(length, 4), _chance(width, 4, UNITS), _chance(UNITS)
    found = answers(seen @ side_by_side(kernel), width, bias, stride)
    assert found == pytest.approx(_one_by_one(seen, kernel, bias, stride), abs=1e-5)


def test_the_third_layer_sees_what_stands_a_sentence_away() -> None:
    eye, none = np.eye(UNITS, dtype=np.float32), np.zeros(UNITS, np.float32)
    last = np.zeros((WIDTH, UNITS, UNITS), np.float32)
    last[-1] = eye
    layers = Deeper(eye, none, last, none, last, none)
    found = np.zeros((40, UNITS), np.float32)
    found[20, 0] = 2.0
    reach = (WIDTH // 2) * (1 + STRIDE)
    assert reach == 10
    assert layers.strongest(found).tolist() == [2, 0, 0, 2, 0, 0]
    assert layers.strongest(found[20:]).tolist() == [0, 0, 0, 0, 0, 0]  # nothing stands before it to see it
    assert layers.strongest(found[10:]).tolist() == [2, 0, 0, 2, 0, 0]
    assert layers.strongest(found[11:]).tolist() == [2, 0, 0, 0, 0, 0]  # only the nearer layer reaches


def test_weights_without_these_layers_are_still_read(tmp_path: Path) -> None:
    live = Learned.load()
    assert live.network is not None
    arrays = live.network.arrays()
    assert Deeper.of_arrays({}) is None
    for name in Deeper.__dataclass_fields__:
        arrays.pop(name, None)
    assert live.network.of_arrays(arrays | {"hidden": arrays["hidden"][: 5 * 96]}).deeper is None
