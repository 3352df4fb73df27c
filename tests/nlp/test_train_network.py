from __future__ import annotations

import numpy as np
import pytest

from nlp import train_network, train_reading
from nlp.signals import Hits
from nlp.tokens import Tokens, tokens
from nlp.train_batches import BATCH, LENGTHS, dealt, filled
from nlp.train_layers import CHARACTERS, fresh, rate
from nlp.train_network import learn, network_of, total
from nlp.train_reading import Start, read_first

# The same characters in another order: no sum over characters tells them apart.
BEFORE = ("{}不收学生，只收老师", "{}不教孩子，只教大人", "{}不是补课，是唱歌")
BEHIND = ("{}不收老师，只收学生", "{}不教大人，只教孩子", "{}不是唱歌，是补课")


def _read(text: str) -> Tokens:
    return tokens(text, Hits({}))


@pytest.fixture(scope="module")
def start() -> Start:
    names = "东西南北春夏秋冬山水云雨"
    texts = [_read(form.format(name)) for name in names for form in (*BEFORE, *BEHIND)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_reading, "PASSES", 3)
        return read_first(texts)


def test_the_network_learns_the_order_of_words(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_network, "PASSES", 40)
    learned = [
        (_read(form.format(name)), forms is BEHIND)
        for name in "东西南北春夏秋冬"
        for forms in (BEFORE, BEHIND)
        for form in forms
    ]
    labels = np.array([label for _, label in learned], dtype=int)
    network = learn(start, [read for read, _ in learned], labels, np.ones(len(learned)))
    for name in "山水云雨":  # names that were read, but never with a label
        assert all(network.total(_read(form.format(name))) < 0 for form in BEFORE)
        assert all(network.total(_read(form.format(name))) > 0 for form in BEHIND)


def test_both_ways_of_computing_it_give_the_same_sum() -> None:
    chance = np.random.default_rng(4)
    parameters = {name: np.asarray(value) for name, value in fresh().items()}
    for name in [name for name in parameters if "bias" in name]:
        parameters[name] = chance.normal(size=parameters[name].shape).astype(np.float32)
    known = np.array(sorted(map(ord, "初二数学补课上门")), np.uint32)
    network = network_of(known, parameters)
    for text in ("初二数学，上门补课", "补", "一个字也不认得" * 9):
        read = tokens(text, Hits({"@subjects": [(0, 1)]}))
        wanted = float(total(parameters, filled([read], known))[0])
        assert network.total(read) == pytest.approx(wanted, abs=1e-4)


def test_every_text_is_dealt_and_batches_are_full() -> None:
    texts = [_read("字" * length) for length in (1, 40, LENGTHS[0], LENGTHS[0] + 1, LENGTHS[2], 900)]
    batches = list(dealt(texts, np.random.default_rng(0)))
    assert {place for batch in batches for place in batch.tolist()} == set(range(len(texts)))
    assert all(len(batch) == BATCH for batch in batches)
    assert len(batches) == 4  # one for each length
    for batch in batches:
        whole = filled([texts[place] for place in batch], np.array([ord("字")], np.uint32))
        assert whole.characters.shape[1] in LENGTHS
        assert whole.characters.max() < CHARACTERS


def test_the_rate_falls_to_nought() -> None:
    falling = [rate(2.0, step, 10) for step in range(11)]
    assert falling[0] == 2.0
    assert falling[10] == pytest.approx(0)
    assert falling == sorted(falling, reverse=True)


def test_hidden_words_are_hidden_whole() -> None:
    text = _read("上门辅导初二数学，一对一" * 3)
    batch = filled([text] * 8, np.unique(text.characters))
    hidden, guesses = train_reading._hide(batch, np.random.default_rng(1))
    changed = hidden.characters != batch.characters
    assert 0 < changed.sum() == int(guesses.counts.sum())
    assert np.array_equal(batch.characters[changed], guesses.characters[guesses.counts > 0])
    assert not hidden.words[changed].any()
    assert not hidden.marks[changed].any()
    # 数学 is one word: never one of its characters alone.
    pairs = text.words[1:] == text.words[:-1]
    places = np.flatnonzero(pairs & (text.words[1:] > 0))
    for row in changed:
        assert all(row[place] == row[place + 1] for place in places.tolist())
