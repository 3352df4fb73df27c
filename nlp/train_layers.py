"""The layers of nlp/network.py in JAX, and one step of learning; used in training only."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import optax

from nlp import deeper
from nlp.network import WIDTHS
from nlp.tokens import MARKS, WORDS
from nlp.train_batches import Batch

CHARACTERS = (
    4_200  # rows of the character table: the commonest; the rest stand in too few texts to say anything
)
# Columns of a character, its word and its marks; filters of each width; units behind them. Small beside the papers', for
# twenty thousand short texts: a megabyte and a half in the shipped file.
BY_CHARACTER, BY_WORD, BY_MARKS = 48, 24, 24
FILTERS, HIDDEN = 96, 64
FOUND = FILTERS * len(WIDTHS)
UNITS = 96  # of each layer above (nlp/deeper.py): 64 were a little worse; without `squeeze`, no better for twice the multiplications
STRONGEST = FOUND + 2 * UNITS  # numbers that are left of a text, before the hidden units
DECAY = 1e-2  # of the weights, as usual with this optimizer
PASSES = 5  # over the texts, with labels and without; with labels 4 and 6 were no better

Parameters = dict[str, Any]
_OPTIMIZER = optax.adamw(1.0, weight_decay=DECAY)  # `step` multiplies by the rate of the moment


def fresh() -> Parameters:
    """Weights that have learned nothing, the same each time."""
    keys = iter(jax.random.split(jax.random.PRNGKey(0), 16))
    columns = BY_CHARACTER + BY_WORD + BY_MARKS

    def normal(size: float, *shape: int) -> Any:
        return size * jax.random.normal(next(keys), shape)

    # The usual sizes for layers behind which negative answers are cut off (He et al., ICCV 2015).
    return {
        "characters": normal(0.1, CHARACTERS, BY_CHARACTER), "words": normal(0.1, WORDS, BY_WORD),
        "groups": normal(0.3, len(MARKS), BY_MARKS),
        **{f"kernel{width}": normal((2 / (width * columns)) ** 0.5, width, columns, FILTERS) for width in WIDTHS},
        **{f"bias{width}": jnp.zeros(FILTERS) for width in WIDTHS},
        "hidden": normal((2 / STRONGEST) ** 0.5, STRONGEST, HIDDEN), "hidden_bias": jnp.zeros(HIDDEN),
        "out": normal(0.1, HIDDEN), "out_bias": jnp.zeros(()),
        "squeeze": normal((2 / FOUND) ** 0.5, FOUND, UNITS), "squeeze_bias": jnp.zeros(UNITS),
        **{
            name: normal((2 / (deeper.WIDTH * UNITS)) ** 0.5, deeper.WIDTH, UNITS, UNITS) for name in ("near", "far")
        },
        "near_bias": jnp.zeros(UNITS), "far_bias": jnp.zeros(UNITS),
    }  # fmt: skip


def started(parameters: Parameters) -> Any:
    """The optimizer's state before the first step."""
    return _OPTIMIZER.init(parameters)


def rate(most: float, step: int, steps: int) -> float:
    """The rate of a step: from `most` down to nought along a cosine."""
    return most * (1 + math.cos(math.pi * step / steps)) / 2


def step(
    loss: Callable[[Parameters], Any], parameters: Parameters, state: Any, rate: Any
) -> tuple[Parameters, Any]:
    """Parameters and state after one step down the loss."""
    changes, state = _OPTIMIZER.update(jax.grad(loss)(parameters), state, parameters)
    return {name: value + rate * changes[name] for name, value in parameters.items()}, state


def inputs(parameters: Parameters, batch: Batch) -> tuple[Any, Any, Any]:
    """What stands for each character: its own row, its word's, and those of its marks together."""
    return (
        parameters["characters"][batch.characters],
        parameters["words"][batch.words],
        batch.marks @ parameters["groups"],
    )


def answers(parameters: Parameters, seen: Any) -> Any:
    """What each filter answers at each character, (texts, length, filters of all widths)."""
    return jnp.concatenate(
        [
            jax.nn.relu(convolved(seen, parameters[f"kernel{width}"]) + parameters[f"bias{width}"])
            for width in WIDTHS
        ],
        axis=-1,
    )


def above(parameters: Parameters, found: Any, there: Any) -> tuple[Any, Any]:
    """What the units of the two layers above answer at each character, as `nlp.deeper.Deeper`; `found` is of `answers`."""

    def layer(seen: Any, name: str, stride: int) -> Any:
        return jax.nn.relu(convolved(seen, parameters[name], stride) + parameters[f"{name}_bias"]) * there

    squeezed = jax.nn.relu(found @ parameters["squeeze"] + parameters["squeeze_bias"]) * there
    near = layer(squeezed, "near", 1)
    return near, layer(near, "far", deeper.STRIDE)


def convolved(seen: Any, kernel: Any, stride: int = 1) -> Any:
    """The kernel laid on each character, half of it before, on every `stride`-th of its neighbours."""
    before = kernel.shape[0] // 2
    reach = before * stride, (kernel.shape[0] - 1 - before) * stride
    return jax.lax.conv_general_dilated(
        seen, kernel, (1,), [reach], rhs_dilation=(stride,), dimension_numbers=("NWC", "WIO", "NWC")
    )
