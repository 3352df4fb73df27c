from __future__ import annotations

import zlib
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_info

from nlp.hashed import CHARACTER_BITS, SIZE, WORD_BITS, word_place
from nlp.linear import HEAD_SIZE, LinearModel, features
from nlp.segment import load_segmenter


@pytest.fixture(scope="module")
def model() -> LinearModel:
    chance = np.random.default_rng(3)
    return LinearModel(
        chance.normal(size=SIZE).astype(np.float32), ("@subjects", "long"), np.array([1.5, -0.5], np.float32),
        -0.25, ("code:VENUE", "role:seeker"), chance.normal(size=(2, HEAD_SIZE)).astype(np.float32),
        chance.normal(size=(2, 2)).astype(np.float32), np.array([0.1, -0.1], np.float32),
    )  # fmt: skip


def test_weights_come_back_in_half_precision(model: LinearModel) -> None:
    back = LinearModel.of_arrays(model.arrays())
    assert back.names == model.names
    assert back.heads == model.heads
    assert np.array_equal(back.dense, model.dense)
    assert np.allclose(back.hashed, model.hashed, rtol=1e-3, atol=1e-3)
    found = features("初二数学一对一", {"@subjects": 0.5, "unknown": 1.0})
    assert back.total(found) == pytest.approx(model.total(found), abs=0.05)
    assert back.head_scores(found) == pytest.approx(model.head_scores(found), abs=0.05)


def test_a_named_concept_moves_the_sum_by_its_weight(model: LinearModel) -> None:
    without = model.total(features("数学", {}))
    assert model.total(features("数学", {"@subjects": 1.0})) == pytest.approx(without + 1.5)
    assert model.total(features("数学", {"long": 1.0})) == pytest.approx(without - 0.5)
    assert model.total(features("数学", {"unknown": 1.0})) == without


def test_digits_are_one_number_whatever_they_are() -> None:
    one, other = features("每节80元", {}), features("每节1xx.5元", {})
    assert one.places.tolist() == other.places.tolist()
    assert word_place("80") == word_place("xx")


@given(st.text(max_size=60))
def test_places_are_those_of_the_words_and_their_neighbours_and_each_block_has_length_one(text: str) -> None:
    clean = text.encode("utf-8", "replace").decode()
    found = features(clean, {})
    characters = found.places[found.places < 1 << CHARACTER_BITS]
    words = found.places[len(characters) :]
    cut = [word for word in load_segmenter().cut(_blanked(clean)) if not word.isspace()]
    joined = {word_place(word) for word in [*cut, *(f"{left} {right}" for left, right in pairwise(cut))]}
    assert set(words.tolist()) == joined
    assert all(place < SIZE for place in joined)
    for block in (found.values[: len(characters)], found.values[len(characters) :]):
        assert not block.size or float(block @ block) == pytest.approx(1, abs=1e-5)


def test_the_place_of_a_word_is_its_checksum() -> None:
    low = zlib.crc32("数学".encode()) & ((1 << WORD_BITS) - 1)
    assert word_place("数学") == low + (1 << CHARACTER_BITS)


def _blanked(text: str) -> str:
    from nlp.hashed import NUMBER

    return NUMBER.sub("0", text)


def test_tests_multiply_on_one_thread_as_commands_do() -> None:
    pools = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    assert pools, "numpy multiplies with a library that threadpoolctl does not know"
    assert set(pools) == {1}
