"""Learns the network of nlp/network.py with JAX from labelled texts. Deterministic on one machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from nlp.network import KNOWN, Network
from nlp.tokens import MARKS, Tokens
from nlp.train_batches import Batch, dealt, filled
from nlp.train_layers import PASSES, Parameters, above, answers, inputs, rate, started, step
from nlp.train_reading import Start

# The first values tried, after the papers; only the passes over the texts were searched.
RATE = 1.5e-3
FORGOTTEN = 0.15  # of the characters, and of their words, in learning: neither may be relied on alone
SILENT = 0.4  # of the filters, in learning

Numbers = NDArray[np.float64]


def learn(
    start: Start, texts: Sequence[Tokens], labels: NDArray[np.int_], weights: Numbers, passes: int = PASSES
) -> Network:
    """The network that learned from these texts; `weights` say how much each counts."""
    chance = np.random.default_rng(0)
    parameters, state = start.parameters, started(start.parameters)
    shares = (weights / weights.mean()).astype(np.float32)
    batches = [batch for _ in range(passes) for batch in dealt(texts, chance)]
    for number, (places, first) in enumerate(batches):
        batch = filled([texts[place] for place in places], start.known)
        key = jax.random.fold_in(jax.random.PRNGKey(0), number)
        said = labels[places].astype(np.float32), shares[places] * first
        parameters, state = _learn(parameters, state, batch, *said, key, rate(RATE, number, len(batches)))
    return network_of(start.known, {name: np.asarray(value) for name, value in parameters.items()})


def total(parameters: Parameters, batch: Batch, key: Any = None) -> Any:
    """The sums of the texts of a batch, as `Network.total` says them; with a key, parts are forgotten by chance."""
    characters, words, marks = inputs(parameters, batch)
    there = (batch.characters > 0)[..., None]
    if key is not None:
        key, *keys = jax.random.split(key, 3)
        characters, words = (
            part * jax.random.bernoulli(one, 1 - FORGOTTEN, there.shape)
            for part, one in zip((characters, words), keys, strict=True)
        )
    seen = jnp.concatenate([characters, words, marks], axis=-1) * there
    said = jnp.where(there, answers(parameters, seen), 0)
    found = jnp.concatenate([layer.max(axis=1) for layer in (said, *above(parameters, said, there))], axis=-1)
    if key is not None:
        found = found * jax.random.bernoulli(key, 1 - SILENT, found.shape) / (1 - SILENT)
    hidden = jax.nn.relu(found @ parameters["hidden"] + parameters["hidden_bias"])
    return hidden @ parameters["out"] + parameters["out_bias"]


@jax.jit
def _learn(
    parameters: Parameters, state: Any, batch: Batch, labels: Any, shares: Any, key: Any, rate: Any
) -> tuple[Parameters, Any]:
    def loss(tried: Parameters) -> Any:
        losses = optax.sigmoid_binary_cross_entropy(total(tried, batch, key), labels)
        return (shares * losses).mean()

    return step(loss, parameters, state, rate)


def network_of(known: NDArray[np.uint32], learned: dict[str, Any]) -> Network:
    """The network of these parameters (as arrays of numpy)."""
    out = np.append(learned["out"], learned["out_bias"])
    used = {name: value for name, value in learned.items() if name != "out_bias"} | {
        "known": known,
        "marks": np.array(MARKS),
        "out": out,
        "characters": learned["characters"][: len(known) + KNOWN],
    }
    return Network.of_arrays(used)
