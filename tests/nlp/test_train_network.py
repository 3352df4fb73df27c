from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from nlp import train_reading
from nlp.network import UNKNOWN
from nlp.signals import Hits
from nlp.tokens import Tokens, tokens
from nlp.train_batches import BATCH, LENGTHS, dealt, filled, word_runs
from nlp.train_layers import CHARACTERS, fresh, rate
from nlp.train_network import network_of, total
from nlp.train_process import NetworkTrainer
from nlp.train_reading import Start

# The same characters in another order: no sum over characters tells them apart.
BEFORE = ("{}不收学生，只收老师", "{}不教孩子，只教大人", "{}不是补课，是唱歌")
BEHIND = ("{}不收老师，只收学生", "{}不教大人，只教孩子", "{}不是唱歌，是补课")


def _read(text: str) -> Tokens:
    return tokens(text, Hits({}))


@pytest.fixture(scope="module")
def start() -> Start:
    names = "东西南北春夏秋冬山水云雨"
    with NetworkTrainer(3) as trainer:
        return trainer.read_first([_read(form.format(name)) for name in names for form in (*BEFORE, *BEHIND)])


def test_the_network_learns_the_order_of_words(start: Start) -> None:
    learned = [
        (_read(form.format(name)), forms is BEHIND)
        for name in "东西南北春夏秋冬"
        for forms in (BEFORE, BEHIND)
        for form in forms
    ]
    labels = np.array([label for _, label in learned], dtype=int)
    with NetworkTrainer(40) as trainer:
        network = trainer.learn(start, [read for read, _ in learned], labels, np.ones(len(learned)))
    for name in "山水云雨":  # names that were read, but never with a label
        assert all(network.total(_read(form.format(name))) < 0 for form in BEFORE)
        assert all(network.total(_read(form.format(name))) > 0 for form in BEHIND)


def test_what_counts_nothing_teaches_nothing(start: Start) -> None:
    texts = [_read(form.format(name)) for name in "东西南北" for form in (*BEFORE, *BEHIND)]
    labels = np.array([form in BEHIND for _ in "东西南北" for form in (*BEFORE, *BEHIND)], dtype=int)
    weights = np.append(np.ones(len(texts)), np.zeros(len(texts)))
    with NetworkTrainer(30) as trainer:
        network = trainer.learn(start, texts * 2, np.append(labels, 1 - labels), weights)
    assert [network.total(text) > 0 for text in texts] == labels.astype(bool).tolist()


def test_both_ways_of_computing_it_give_the_same_sum() -> None:
    # In a process of its own: see nlp/train_process.py.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        sums = process.submit(_both_sums, ("初二数学，上门补课", "补", "一个字也不认得" * 9)).result()
    for quick, learned in sums:
        assert quick == pytest.approx(learned, abs=1e-4)
    assert len({learned for _, learned in sums}) == 3


def _both_sums(texts: Sequence[str]) -> list[tuple[float, float]]:
    """What numpy and JAX say of each text, with weights of chance."""
    chance = np.random.default_rng(4)
    parameters = {name: np.asarray(value) for name, value in fresh().items()}
    for name in [name for name in parameters if "bias" in name]:
        parameters[name] = chance.normal(size=parameters[name].shape).astype(np.float32)
    known = np.array(sorted(map(ord, "初二数学补课上门")), np.uint32)
    network = network_of(known, parameters)
    read = [tokens(text, Hits({"@subjects": [(0, 1)]})) for text in texts]
    return [(network.total(one), float(total(parameters, filled([one], known))[0])) for one in read]


def test_every_text_is_dealt_and_batches_are_full() -> None:
    texts = [_read("字" * length) for length in (1, 40, LENGTHS[0], LENGTHS[0] + 1, LENGTHS[2], 900)]
    batches = list(dealt(texts, np.random.default_rng(0)))
    firsts = [place for places, first in batches for place in places[first].tolist()]
    assert sorted(firsts) == list(range(len(texts)))
    assert all(len(places) == BATCH for places, _ in batches)
    assert len(batches) == 4  # one for each length
    for places, _ in batches:
        whole = filled([texts[place] for place in places], np.array([ord("字")], np.uint32))
        assert whole.characters.shape[1] in LENGTHS
        assert whole.characters.max() < CHARACTERS


def test_the_rate_falls_to_nought() -> None:
    falling = [rate(2.0, step, 10) for step in range(11)]
    assert falling[0] == 2.0
    assert falling[10] == pytest.approx(0)
    assert falling == sorted(falling, reverse=True)


def test_hidden_words_are_hidden_whole() -> None:
    text = _read("上门辅导初二数学，家庭教师龘一对一" * 3)
    known = np.unique(text.characters[text.characters != ord("龘")])
    runs = word_runs(text.words[None])[0]
    assert np.bincount(runs).max() >= 4  # a long word is among them
    batch = filled([text] * 8, known)
    hidden, guesses = train_reading._hide(batch, np.random.default_rng(1))
    gone = (hidden.words != batch.words)[:, : len(text)]
    assert gone.sum() > 0
    for row in gone:
        assert all(row[runs == run].all() or not row[runs == run].any() for run in range(runs[-1] + 1))
    changed = hidden.characters != batch.characters
    assert changed.sum() == int(guesses.counts.sum())
    assert np.array_equal(batch.characters[changed], guesses.characters[guesses.counts > 0])
    assert not hidden.marks[changed].any()
    assert (hidden.characters[:, : len(text)][gone] == UNKNOWN).all()
