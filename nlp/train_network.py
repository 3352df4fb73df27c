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
from nlp.tokens import Tokens
from nlp.train_batches import Batch, dealt, filled
from nlp.train_layers import Parameters, answers, inputs, rate, started, step
from nlp.train_reading import Start

PASSES, RATE = 5, 1.5e-3  # 4 and 6 passes were no better
FORGOTTEN = 0.15  # of the words, and of the characters, in learning: neither may be relied on alone
SILENT = 0.4  # of the filters, in learning

Numbers = NDArray[np.float64]


def learn(start: Start, texts: Sequence[Tokens], labels: NDArray[np.int_], weights: Numbers) -> Network:
    """The network that learned from these texts; `weights` say how much each counts."""
    chance = np.random.default_rng(0)
    parameters, state = start.parameters, started(start.parameters)
    batches = [places for _ in range(PASSES) for places in dealt(texts, chance)]
    for number, places in enumerate(batches):
        batch = filled([texts[place] for place in places], start.known)
        key = jax.random.fold_in(jax.random.PRNGKey(0), number)
        said = labels[places].astype(np.float32), weights[places].astype(np.float32)
        parameters, state = _learn(parameters, state, batch, *said, key, rate(RATE, number, len(batches)))
    return _network(start.known, {name: np.asarray(value) for name, value in parameters.items()})


def _total(parameters: Parameters, batch: Batch, key: Any) -> Any:
    """The sums of a batch in learning, when parts are forgotten by chance."""
    keys = jax.random.split(key, 3)
    characters, words, marks = inputs(parameters, batch)
    there = (batch.characters > 0)[..., None]
    kept = [jax.random.bernoulli(one, 1 - FORGOTTEN, there.shape) for one in keys[:2]]
    seen = jnp.concatenate([characters * kept[0], words * kept[1], marks], axis=-1) * there
    found = jnp.max(jnp.where(there, answers(parameters, seen), 0), axis=1)
    found = found * jax.random.bernoulli(keys[2], 1 - SILENT, found.shape) / (1 - SILENT)
    hidden = jax.nn.relu(found @ parameters["hidden"] + parameters["hidden_bias"])
    return hidden @ parameters["out"] + parameters["out_bias"]


@jax.jit
def _learn(
    parameters: Parameters, state: Any, batch: Batch, labels: Any, weights: Any, key: Any, rate: Any
) -> tuple[Parameters, Any]:
    def loss(tried: Parameters) -> Any:
        losses = optax.sigmoid_binary_cross_entropy(_total(tried, batch, key), labels)
        return (weights * losses).sum() / weights.sum()

    return step(loss, parameters, state, rate)


def _network(known: NDArray[np.uint32], learned: dict[str, Any]) -> Network:
    out = np.append(learned.pop("out"), learned.pop("out_bias"))
    used = learned | {"known": known, "out": out, "characters": learned["characters"][: len(known) + KNOWN]}
    return Network.of_arrays(used)
