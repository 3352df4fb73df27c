from __future__ import annotations

import dataclasses
import gzip
import json
import math
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import BadInput
from core.model import Code
from nlp import train as training
from nlp.learned import WEIGHTS, Learned
from nlp.linear import features
from nlp.reading import Reader
from nlp.samples import (
    HELD_OUT_BATCH,
    Sample,
    background_samples,
    corpus_samples,
    decided_sample,
    held_out,
    learned_background,
    read_rules,
    real_samples,
)
from nlp.table import Table
from nlp.tokens import Tokens
from nlp.train import put_live, train
from nlp.train_gate import (
    HELD,
    TWIN,
    WRITTEN,
    FixedSets,
    Measured,
    fixed_sets,
    measured,
    present_measured,
    worse,
)
from nlp.train_process import NetworkTrainer

CONFIG = Path(__file__).parents[2] / "config"
OFFERS = (
    "上门辅导初二数学，一对一，时薪{}元",
    "周末英语小班第{}期招生，提分快",
    "求{}年级语文家教，女老师优先",
)
OTHERS = ("第{}届社区象棋赛报名开始", "今天第{}次路过图书馆，人真多", "出二手书桌，{}元自取")
NAMED = {OFFERS[1]: frozenset[Code]({"VENUE"})}  # what officers name in what they confirm
ROLES = ("provider", "provider", "seeker")


def _quick() -> NetworkTrainer:
    """One pass over the texts: what the network learns from so few is not the question here."""
    return NetworkTrainer(1)


@pytest.fixture(scope="module")
def shared() -> Iterator[AbstractContextManager[NetworkTrainer]]:
    """One process for several trainings, which do not close it: it compiles once."""
    with _quick() as trainer:
        yield nullcontext(trainer)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [
        {"text": form.format(number), "label": label, "kind": "forum"}
        for forms, label in ((OFFERS, "violation"), (OTHERS, "lawful"))
        for form in forms
        for number in range(12)
    ]
    path = tmp_path_factory.mktemp("real") / "real.jsonl.gz"
    lines = [json.dumps(row) for row in [*rows, {"text": "说不清", "label": "unsure", "kind": "forum"}]]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for author in range(3):
        rows = []
        for place, (offer, other) in enumerate(zip(OFFERS, OTHERS, strict=True)):
            pair = f"p{place}"
            code = ("ONE_TO_ONE", "ADVERTISING", "HOME_TUTOR")[place]
            role = "intermediary" if author == place == 1 else ROLES[place]
            good = {"text": other.format(100 + author), "label": "lawful", "codes": [], "role": "other"}
            bad = {"text": offer.format(100 + author), "label": "violation", "codes": [code], "role": role}
            rows += [{**good, "pair": pair}, {**bad, "pair": pair, "title": "标题"}]
        text = "\n".join(json.dumps(row) for row in rows)
        (folder / f"author{author}.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_the_same_texts_give_the_same_bytes_and_may_go_live_beside_themselves(
    real: Path, corpus: Path, tmp_path: Path
) -> None:
    first = train(real, CONFIG, corpus=corpus, live=tmp_path / "none.npz", trainer=_quick())
    assert first.present == {}
    assert first.worse == ()
    put_live(first, tmp_path / "a")
    second = train(real, CONFIG, corpus=corpus, live=tmp_path / "a" / WEIGHTS.name, trainer=_quick())
    assert second.worse == ()
    assert second.present[HELD] == second.figures[HELD]
    put_live(second, tmp_path / "b")
    for name in (WEIGHTS.name, TWIN, "card.md"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    assert not list(tmp_path.glob("*/waiting*"))
    assert Learned.load(tmp_path / "a" / WEIGHTS.name).version


def test_the_twin_of_the_figures_has_not_learned_from_the_posts_held_out_and_what_goes_live_has(
    real: Path,
    corpus: Path,
    tmp_path: Path,
    shared: AbstractContextManager[NetworkTrainer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = {post.text for post in real_samples(real) if post.batch == HELD_OUT_BATCH}
    learned: list[tuple[Learned, set[str]]] = []

    def noted(table: Table, *others: Any) -> Learned:
        model = fit(table, *others)
        learned.append((model, {sample.text for sample in table.samples}))
        return model

    asked: list[Learned] = []

    def rated(reader: Reader, model: Learned, sets: FixedSets) -> dict[str, Measured]:
        asked.append(model)
        return measured(reader, model, sets)

    fit = training.fit
    monkeypatch.setattr(training, "fit", noted)
    monkeypatch.setattr(training, "measured", rated)
    done = train(real, CONFIG, corpus=corpus, live=tmp_path / "none.npz", trainer=shared)
    (twin, without), (model, everything) = learned
    assert kept
    assert not kept & without
    assert kept | without == everything
    assert (done.model, done.twin) == (model, twin)
    assert asked == [twin]
    assert done.learned == len(list(real_samples(real)))


def test_the_twin_is_what_the_next_model_is_compared_with(real: Path, corpus: Path, tmp_path: Path) -> None:
    live = tmp_path / WEIGHTS.name
    reader = Reader(read_rules(CONFIG / "violations"), CONFIG / "words")
    sets = fixed_sets(list(real_samples(real)), corpus)
    assert present_measured(reader, live, sets) == {}
    live.write_bytes(WEIGHTS.read_bytes())
    assert present_measured(reader, live, sets) == measured(reader, Learned.load(), sets)
    calm = dataclasses.replace(Learned.load(), shift=-100.0)  # flags nothing
    calm.save(live.with_name(TWIN))
    found = present_measured(reader, live, sets)
    assert found == measured(reader, calm, sets)
    assert found[HELD].figures["recall"] == 0


def _head_scores(reader: Reader, model: Learned, text: str) -> dict[str, float]:
    reading = reader.read(text)
    return model.linear.head_scores(features(reading.plain.text, reading.numbers))


def test_officers_decisions_are_learned_and_measured_apart(
    real: Path, corpus: Path, tmp_path: Path, shared: AbstractContextManager[NetworkTrainer]
) -> None:
    decisions = [
        decided_sample(form.format(number), forms is OFFERS, NAMED.get(form))
        for forms in (OFFERS, OTHERS)
        for form in forms
        for number in range(200, 206)
    ]
    done = train(real, CONFIG, decisions, corpus=corpus, live=tmp_path / "none.npz", trainer=shared)
    assert done.figures["officers' decisions, folds"]["posts"] == len(decisions)
    assert done.figures["officers' decisions, folds"]["f1"] > 0.5
    # Nobody but the officers said VENUE; what they confirmed without naming codes says neither yes nor no to it.
    reader = Reader(read_rules(CONFIG / "violations"), CONFIG / "words")
    shown, unsaid = (_head_scores(reader, done.model, form.format(300)) for form in OFFERS[1:])
    assert shown["code:VENUE"] > 0.5 > unsaid["code:VENUE"]
    assert shown["code:ADVERTISING"] < shown["code:VENUE"]
    assert done.figures[HELD]["posts"] == len(
        [post for post in real_samples(real) if post.batch == HELD_OUT_BATCH]
    )


def test_half_of_a_background_is_learned_from_where_it_teaches_something(
    real: Path,
    corpus: Path,
    tmp_path: Path,
    shared: AbstractContextManager[NetworkTrainer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training, "BACKGROUND_SCORES", (-math.inf, 0.5))
    lines = [f"出二手数学课本第{number}本，{number}元自取" for number in range(20)]
    lines += [OFFERS[0].format(number) for number in range(300, 320)]
    lines += [f"今天第{number}次散步" for number in range(20)]
    path = tmp_path / "background.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(json.dumps({"text": line}) for line in lines).encode()))
    kept = {sample.text for sample in background_samples(path)}
    assert 0 < len(kept) < len(lines)
    assert all(learned_background(text) == (text in kept) for text in lines)
    done = train(real, CONFIG, corpus=corpus, live=tmp_path / "none.npz", background=path, trainer=shared)
    # What names nothing teaches nothing, and what is surely a violation is nobody's lawful post.
    assert done.background == sum("课本" in text for text in kept)
    assert done.figures[HELD]["posts"] == len(
        [post for post in real_samples(real) if post.batch == HELD_OUT_BATCH]
    )


def test_fixed_sets_are_real_posts_held_out_and_authors_held_back(
    real: Path, corpus: Path, tmp_path: Path
) -> None:
    posts = list(real_samples(real))
    assert list(fixed_sets(posts, corpus)) == [HELD]
    assert fixed_sets(posts, corpus)[HELD] == [post for post in posts if post.batch == HELD_OUT_BATCH]
    (tmp_path / "held_back").mkdir()
    (tmp_path / "held_back" / "author.jsonl").write_bytes((corpus / "author0.jsonl").read_bytes())
    assert len(fixed_sets(posts, tmp_path)[WRITTEN]) == 6
    assert list(fixed_sets([], tmp_path)) == [WRITTEN]
    assert not list(corpus_samples(tmp_path))


def test_of_each_post_it_is_known_whether_it_was_judged_right(real: Path, corpus: Path) -> None:
    reader = Reader(read_rules(CONFIG / "violations"), CONFIG / "words")
    sets = {
        WRITTEN: [sample for sample in corpus_samples(corpus) if sample.batch == "author0"],
        HELD: [
            Sample("上门辅导初二数学，一对一，时薪200元", False, "forum", HELD_OUT_BATCH)
        ],  # a false label
    }
    found = measured(reader, Learned.load(), sets)
    assert found[WRITTEN].right == (True,) * 6
    assert found[WRITTEN].figures["pairs right on both sides"] == 1
    assert (found[HELD].right, found[HELD].figures["precision"]) == ((False,), 0)


def _answers(lost: int, won: int, f1: float, posts: int = 40) -> tuple[Measured, Measured]:
    """Answers before and after: `lost` posts go wrong, `won` are set right, the others stay right."""
    before = [True] * lost + [False] * won + [True] * (posts - lost - won)
    after = [False] * lost + [True] * won + [True] * (posts - lost - won)
    return Measured(tuple(before), {"f1": 0.9}), Measured(tuple(after), {"f1": f1})


@pytest.mark.parametrize(
    ("held", "written", "said"),
    [
        # lost, won, F1 after (0.9 before)
        ((0, 0, 0.9), (0, 0, 0.9), ()),
        ((1, 0, 0.896), (3, 9, 0.91), ()),  # one real post lost, outweighed by the written ones
        ((1, 0, 0.896), (5, 6, 0.902), ("all fixed sets: mean F1 0.899",)),
        ((5, 0, 0.88), (0, 20, 0.99), (HELD,)),  # 1 in 32: more than chance
        ((4, 0, 0.88), (0, 20, 0.99), ()),  # 1 in 16
        ((0, 4, 0.95), (12, 3, 0.89), (WRITTEN,)),
        ((6, 0, 0.87), (12, 3, 0.89), (HELD, WRITTEN, "all fixed sets")),
    ],
)
def test_new_weights_stay_away_for_what_chance_does_not_explain_and_for_a_lower_mean(
    held: tuple[int, int, float], written: tuple[int, int, float], said: tuple[str, ...]
) -> None:
    pairs = {HELD: _answers(*held), WRITTEN: _answers(*written)}
    before = {name: pair[0] for name, pair in pairs.items()}
    after = {name: pair[1] for name, pair in pairs.items()}
    found = worse(after, before)
    assert len(found) == len(said)
    assert all(one.startswith(start) for one, start in zip(found, said, strict=True))
    assert worse(after, {}) == ()


def test_samples_of_real_posts_leave_out_unsure_ones_and_keep_some_back(real: Path) -> None:
    posts = list(real_samples(real))
    assert len(posts) == 72
    assert {post.batch == HELD_OUT_BATCH for post in posts} == {True, False}
    assert all(held_out(post.text) == (post.batch == HELD_OUT_BATCH) for post in posts)


def test_samples_of_the_corpus_carry_their_author_and_pair(corpus: Path) -> None:
    samples = list(corpus_samples(corpus))
    assert {sample.batch for sample in samples} == {"author0", "author1", "author2"}
    offer = next(sample for sample in samples if sample.violation)
    assert offer.text.startswith("标题\n")
    assert offer.codes == {"ONE_TO_ONE"}
    assert offer.pair == "p0"


def test_posts_written_for_what_they_name_are_samples_too(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"text": "上门教初二数学", "label": "violation", "role": "seeker", "codes": ["HOME_TUTOR"]},
        {"text": "教室出租，可补课", "label": "violation", "role": "other"},
        {"text": "瑜伽课转让", "label": "lawful", "role": "other"},
    ]
    (tmp_path / "entities").mkdir()
    (tmp_path / "entities" / "author_x.jsonl").write_text(
        "".join(json.dumps(row | {"entities": {}}) + "\n" for row in rows), encoding="utf-8"
    )
    seeker, room, yoga = corpus_samples(tmp_path)
    assert seeker.batch == "author_x"
    assert (seeker.codes, seeker.role) == ({"HOME_TUTOR"}, "seeker")
    assert (room.codes, room.role) == (None, None)  # a violation's role is never "other": nobody told it
    assert (yoga.codes, yoga.role) == (None, "other")


def test_a_broken_line_of_the_corpus_is_named(tmp_path: Path) -> None:
    (tmp_path / "author_x.jsonl").write_text(
        '{"text": "瑜伽课转让", "label": "lawful"}\n{"text": "上门教数学", "label": "yes"}\n',
        encoding="utf-8",
    )
    with pytest.raises(BadInput, match=r"author_x\.jsonl:2: label: .*; mend the line"):
        list(corpus_samples(tmp_path))


def test_a_broken_line_of_the_background_is_named(tmp_path: Path) -> None:
    path = tmp_path / "background.jsonl.gz"
    path.write_bytes(gzip.compress('{"text": "今天散步"}\n{"txt": "明天散步"}\n'.encode()))
    with pytest.raises(BadInput, match=r"background\.jsonl\.gz:2: text: Field required; mend the line"):
        list(background_samples(path))


def test_what_the_network_reads_first_holds_no_line_kept_for_measuring(
    real: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Enough(Exception):
        """What comes after is not the question."""

    read: set[str] = set()

    def noted(_: NetworkTrainer, texts: Sequence[Tokens]) -> None:
        read.update("".join(map(chr, text.characters)) for text in texts)
        raise Enough

    monkeypatch.setattr(NetworkTrainer, "read_first", noted)
    # Letters and not digits: a number is one token whatever it is.
    lines = [f"今天第{letter}次散步" for letter in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"]
    path = tmp_path / "background.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(json.dumps({"text": line}) for line in lines).encode()))
    with pytest.raises(Enough):
        train(real, CONFIG, corpus=corpus, live=tmp_path / "none.npz", background=path)
    assert {line for line in lines if line in read} == {line for line in lines if learned_background(line)}


def test_a_table_without_some_samples_keeps_what_belongs_to_the_others(corpus: Path) -> None:
    rules = read_rules(CONFIG / "violations")
    samples = [*corpus_samples(corpus), decided_sample("上门教数学", True)]
    table = Table(samples, Reader(rules, CONFIG / "words"))
    left = table.without(np.arange(len(samples)) < len(samples) - 1)
    assert left.network_weights.tolist() == left.weights.tolist() == [1.0]
    assert table.network_weights[0] > table.weights[0]
    assert "".join(map(chr, left.tokens[0].characters)) == "上门教数学"
    assert left.labels.tolist() == [1]
