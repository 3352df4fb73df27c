from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from nlp.deeper import STRIDE, WIDTH, Deeper, answers, side_by_side
from nlp.hashed import Floats
from nlp.learned import Learned
from nlp.network import WIDTHS, Network
from nlp.signals import Hits
from nlp.tokens import tokens

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


def test_weights_without_these_layers_say_what_the_same_say_whose_layers_are_not_heard() -> None:
    arrays = Learned.load().network.arrays()
    filters = sum(len(arrays[f"bias{width}"]) for width in WIDTHS)
    deaf = arrays["hidden"].copy()
    deaf[filters:] = 0
    names = {field.name for field in fields(Deeper)}
    before = {name: array for name, array in arrays.items() if name not in names} | {"hidden": deaf[:filters]}
    shallow, deep = Network.of_arrays(before), Network.of_arrays(arrays | {"hidden": deaf})
    assert shallow.deeper is None
    read = tokens("初二数学一对一，晚上七点到家里", Hits({}))
    assert shallow.total(read) == pytest.approx(deep.total(read), abs=1e-5)
    assert Network.of_arrays(arrays).total(read) != pytest.approx(shallow.total(read), abs=0.1)
