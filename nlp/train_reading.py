"""What the network learns before labels: to guess hidden words from their neighbours, in texts that nobody labelled.

So words that few labelled posts hold get a meaning. After Devlin et al., BERT, NAACL 2019.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from nlp.network import KNOWN, UNKNOWN
from nlp.tokens import Tokens, known_characters
from nlp.train_batches import Batch, dealt, filled, word_runs
from nlp.train_layers import (
    BY_CHARACTER,
    CHARACTERS,
    FOUND,
    HIDDEN,
    PASSES,
    Parameters,
    answers,
    convolved,
    fresh,
    inputs,
    rate,
    started,
    step,
)

LEAST = 3  # texts in which a character stands that gets a row of its own: from fewer nothing is learned
# The first values tried, after the paper.
RATE = 2e-3
HIDE = 0.17  # of the words, whole, or what is left of one would tell the rest
GUESSED = 4  # one character in so many is guessed at most; a batch hides about one in six
WINDOW = 7  # characters over which guessing looks beyond a filter


class Start(NamedTuple):
    """What learning from labels begins with."""

    known: NDArray[np.uint32]
    parameters: Parameters


class Guesses(NamedTuple):
    """Where characters are hidden (text, place) and which; `counts` is 0 where the list is only filled up."""

    texts: NDArray[np.int64]
    places: NDArray[np.int64]
    characters: NDArray[np.int32]
    counts: NDArray[np.float32]


def read_first(texts: Sequence[Tokens], passes: int = PASSES) -> Start:
    """Learn from texts without labels what stands beside what. Deterministic on one machine."""
    known = known_characters(texts, CHARACTERS - KNOWN, LEAST)
    chance = np.random.default_rng(0)
    parameters = fresh() | _guessing()
    state = started(parameters)
    batches = [places for _ in range(passes) for places, _ in dealt(texts, chance)]
    for number, places in enumerate(batches):
        batch, guesses = _hide(filled([texts[place] for place in places], known), chance)
        parameters, state = _guess(parameters, state, batch, guesses, rate(RATE, number, len(batches)))
    kept = {name: np.asarray(value) for name, value in parameters.items() if not name.startswith("guess_")}
    return Start(known, kept)


def _guessing() -> Parameters:
    """What only guessing needs."""
    first, second = jax.random.split(jax.random.PRNGKey(1))
    return {
        "guess_window": 0.03 * jax.random.normal(first, (WINDOW, FOUND, HIDDEN)),
        "guess_out": 0.1 * jax.random.normal(second, (HIDDEN, BY_CHARACTER)),
        "guess_bias": jnp.zeros(CHARACTERS),
    }


def _hide(batch: Batch, chance: np.random.Generator) -> tuple[Batch, Guesses]:
    """The batch with some words hidden, and what is to be guessed."""
    characters, words, marks = batch
    chosen = (np.take_along_axis(chance.random(words.shape), word_runs(words), axis=1) < HIDE) & (words > 0)
    hidden = chosen & (characters > UNKNOWN)
    room = characters.size // GUESSED
    texts, places = (found[:room] for found in np.nonzero(hidden))
    missing = (0, room - len(texts))
    guesses = Guesses(
        np.pad(texts, missing), np.pad(places, missing), np.pad(characters[texts, places], missing),
        np.pad(np.ones(len(texts), np.float32), missing),
    )  # fmt: skip
    left = Batch(
        np.where(chosen, UNKNOWN, characters).astype(np.int32), np.where(chosen, 0, words).astype(np.int32),
        np.where(chosen[..., None], 0, marks).astype(np.float32),
    )  # fmt: skip
    return left, guesses


@jax.jit
def _guess(
    parameters: Parameters, state: Any, batch: Batch, guesses: Guesses, rate: Any
) -> tuple[Parameters, Any]:
    def loss(tried: Parameters) -> Any:
        there = (batch.characters > 0)[..., None]
        found = answers(tried, jnp.concatenate(inputs(tried, batch), axis=-1) * there)
        seen = jax.nn.relu(convolved(found, tried["guess_window"]))
        wanted = seen[guesses.texts, guesses.places] @ tried["guess_out"]
        scores = wanted @ tried["characters"].T + tried["guess_bias"]
        losses = optax.softmax_cross_entropy_with_integer_labels(scores, guesses.characters)
        return (guesses.counts * losses).sum() / jnp.maximum(guesses.counts.sum(), 1)

    return step(loss, parameters, state, rate)
