"""Trains the shipped weights: `wangxun train REAL_POSTS.jsonl.gz`. Deterministic on one machine: the same texts give the same bytes.

Learns from real labelled posts, the examples in the violation files, the corpus beside this file and, where given, from
half of an unlabelled background, as lawful posts; never from the sandbox town. One real post in five, chosen by the
digest of its text, is kept apart until the figures are taken and the gate has spoken: both are about a twin that never
learned from them. What goes live is then learned with them as well, since labelled real posts are the scarcest thing we
have. Calibration and the figures on our own corpus come from folds that never saw a label of the author they are
measured on; the network had read his texts without labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from core.model import Code, Role
from nlp.card import card, rates
from nlp.hashed import SIZE
from nlp.learned import WEIGHTS, Doubt, Learned
from nlp.linear import HEAD_SIZE, LinearModel
from nlp.network import Network
from nlp.reading import Reader
from nlp.samples import (
    BACKGROUND_BATCH,
    CORPUS,
    HELD_OUT_BATCH,
    Sample,
    background_samples,
    corpus_samples,
    example_samples,
    read_rules,
    real_samples,
)
from nlp.table import FOLDS, NEVER_MEASURED, Table
from nlp.tokens import Tokens
from nlp.train_gate import TWIN, fixed_sets, measured, present_measured, worse
from nlp.train_process import NetworkTrainer
from nlp.train_reading import Start

# Inverse regularisation. Tried together with OWN_WEIGHT on the fifth of real posts set apart: 16 with a half (F1 0.935), 40
# with a quarter (0.950), 100 with an eighth (0.950, and the best average precision); with less since, see table.py.
STRENGTH = 100.0
DOUBT_STRENGTH = (
    16.0  # of the model that tells which background lines teach something: BACKGROUND_SCORES are its sums
)
HEAD_STRENGTH = 8.0  # the same for codes and roles, which have fewer examples
TOLERANCE = 1e-2  # of the dual problem; ten times finer changes no decision of the folds
ITERATIONS = (
    10_000  # far more than are needed: a warning would mean texts that contradict each other everywhere
)
HEAD_SHIFT = 0.4  # log-odds: by folds, codes are named best at 0.4 of what is learned, and 0.5 is everybody's threshold
# Background lines are learned from only where a model without them is not sure: far below nothing is to be learned (and
# it costs minutes), far above they are violations that nobody labelled.
BACKGROUND_SCORES = (-6.0, 0.5)
ROLES: tuple[Role, ...] = ("intermediary", "provider", "seeker")
Numbers = NDArray[np.float64]


class Copy(NamedTuple):
    """How each text is learned from once more: which named columns say nothing there (see `Table.silenced`), with what share."""

    silent: str | None
    share: float


# Rules and lists of words were made longer by reading these very texts, so here they are right more often than they will
# be with an author whom nobody has read: a learner who sees them only so trusts them too much, and the longer the lists
# the less it learns beside them. So a part of each text's weight is learned without the rules, a part without all we know
# of the field. On the authors held back, all of them: F1 of the linear model 0.866 to 0.872, of codes 0.859 to 0.877.
DECIDING = (Copy(None, 0.5), Copy("rule:", 0.25), Copy("", 0.25))
NAMING = (Copy(None, 0.7), Copy("rule:", 0.3))  # of codes; half and half was no better


def doubtful(table: Table) -> NDArray[np.bool_]:
    """Which samples are background lines that are not learned from, see BACKGROUND_SCORES."""
    background = np.array([sample.batch == BACKGROUND_BATCH for sample in table.samples])
    if not background.any():
        return background
    matrix = table.decisive()
    learner = _learner(DOUBT_STRENGTH).fit(
        matrix[~background], table.labels[~background], sample_weight=table.network_weights[~background]
    )
    scores: Numbers = learner.decision_function(matrix)
    low, high = BACKGROUND_SCORES
    unsaid: NDArray[np.bool_] = background & ((scores <= low) | (scores >= high))
    return unsaid


def _learner(strength: float) -> LogisticRegression:
    return LogisticRegression(
        C=strength, solver="liblinear", dual=True, tol=TOLERANCE, max_iter=ITERATIONS, random_state=0
    )


def fold_scores(table: Table, start: Start, trainer: NetworkTrainer) -> Numbers:
    """For each sample the sum given by a model that saw no label of its batch."""
    folds = table.folds()
    scores = np.zeros(len(table.samples))
    for fold in range(FOLDS):
        unseen = folds == fold
        if unseen.any():
            linear, network = _learned(table.without(unseen), start, trainer)
            left = table.without(~unseen)
            sums: Numbers = linear.decision_function(left.decisive())
            scores[unseen] = [_sum(*one, network) for one in zip(sums, left.tokens, strict=True)]
    return scores


def _learned(table: Table, start: Start, trainer: NetworkTrainer) -> tuple[LogisticRegression, Network]:
    learning = trainer.begin(start, table.tokens, table.labels, table.network_weights)
    copies = _copied(table, Table.decisive, DECIDING)
    labels = np.tile(table.labels, len(DECIDING))
    linear = _learner(STRENGTH).fit(copies, labels, sample_weight=_shared(table.weights, DECIDING))
    return linear, learning.result()


def _copied(table: Table, columns: Callable[[Table], csr_matrix], copies: Sequence[Copy]) -> csr_matrix:
    """The copies of the table, one below the other."""
    tables = [table if copy.silent is None else table.silenced(copy.silent) for copy in copies]
    return vstack([columns(one) for one in tables]).tocsr()


def _shared(weights: Numbers, copies: Sequence[Copy]) -> Numbers:
    return np.concatenate([weights * copy.share for copy in copies])


def _sum(linear: float, read: Tokens, network: Network) -> float:
    return Doubt().total(linear, lambda: network.total(read))


class Calibration(NamedTuple):
    """What makes a sum the log-odds of a violation: `scale` times the sum, plus `shift`."""

    scale: float
    shift: float


def calibration(table: Table, scores: Numbers) -> Calibration:
    """By Platt's method on the scores of `fold_scores`."""
    measured = table.folds() != NEVER_MEASURED
    platt = LogisticRegression(C=1e6).fit(
        scores[measured].reshape(-1, 1), table.labels[measured], sample_weight=table.weights[measured]
    )
    return Calibration(float(platt.coef_[0][0]), float(platt.intercept_[0]))


def fit(table: Table, calibrated: Calibration, start: Start, trainer: NetworkTrainer) -> Learned:
    """Learn from everything in the table."""
    learner, network = _learned(table, start, trainer)
    learned = learner.coef_[0].astype(np.float32)
    heads, weights, bias = _heads(table)
    linear = LinearModel(
        learned[:SIZE], table.names, learned[SIZE:], float(learner.intercept_[0]), heads, weights[:, :HEAD_SIZE],
        weights[:, HEAD_SIZE:], bias,
    )  # fmt: skip
    return Learned(linear, network, Doubt(), *calibrated, "")


def _heads(table: Table) -> tuple[tuple[str, ...], NDArray[np.float32], NDArray[np.float32]]:
    matrix, samples = _copied(table, Table.headed, NAMING), table.samples
    codes = sorted({code for sample in samples for code in sample.codes or ()})
    answers: dict[str, list[bool | None]] = {
        f"code:{code}": [_shows(sample, code) for sample in samples] for code in codes
    }
    answers |= {
        f"role:{role}": [
            sample.role == role if sample.violation and sample.role else None for sample in samples
        ]
        for role in ROLES
    }
    weights, bias = [], []
    for answer in answers.values():
        known = [place for place, is_said in enumerate(answer) if is_said is not None]
        rows = np.concatenate([np.array(known) + number * len(samples) for number in range(len(NAMING))])
        said = np.array([answer[place] for place in known] * len(NAMING), dtype=int)
        learner = _learner(HEAD_STRENGTH).fit(
            matrix[rows], said, sample_weight=_shared(np.ones(len(known)), NAMING)
        )
        weights.append(learner.coef_[0].astype(np.float32))
        bias.append(np.float32(learner.intercept_[0] + HEAD_SHIFT))
    return tuple(answers), np.array(weights), np.array(bias)


def _shows(sample: Sample, code: Code) -> bool | None:
    """Whether a violation shows the code; None when nobody has said."""
    if sample.violation and sample.codes is not None:
        return code in sample.codes
    return True if sample.shows == code else None


@dataclass(frozen=True)
class Trained:
    """A model, its twin (see above) with its figures, the present one's, and why it may not go live ([] when it may).

    `learned`, `own` and `background` count the texts that the model learned from.
    """

    model: Learned
    twin: Learned
    figures: dict[str, Any]
    present: dict[str, Any]
    worse: tuple[str, ...]
    learned: int
    own: int
    background: int


def train(
    real: Path,
    config: Path,
    decisions: Sequence[Sample] = (),
    corpus: Path = CORPUS,
    live: Path = WEIGHTS,
    background: Path | None = None,
    trainer: AbstractContextManager[NetworkTrainer] | None = None,
) -> Trained:
    """Learn from real posts, our corpus, officers' decisions and a background; compare with the live model on fixed sets.

    `trainer`: where the network learns; none: a process for this call.
    """
    rules = read_rules(config / "violations")
    reader = Reader(rules, config / "words")
    posts = list(real_samples(real))
    own = [*corpus_samples(corpus), *example_samples(rules)]
    unlabelled = list(_background(background))
    beside = [sample for sample in unlabelled if reader.gate.may_be_anchored(sample.text)]
    whole = _telling(Table([*posts, *own, *decisions, *beside], reader))
    table = whole.without(_kept(whole))
    with trainer or NetworkTrainer() as network:
        start = network.read_first(
            [*table.tokens, *(reader.read(sample.text).tokens for sample in unlabelled)]
        )
        scores = fold_scores(table, start, network)
        calibrated = calibration(table, scores)
        twin = fit(table, calibrated, start, network)
        model = fit(whole, calibrated, start, network)
    sets = fixed_sets(posts, corpus)
    new, present = measured(reader, twin, sets), present_measured(reader, live, sets)
    figures = {name: one.figures for name, one in new.items()} | {
        "real posts, folds": rates(*_part(table, scores, "real ")),
        "own corpus, folds by author": rates(*_part(table, scores, "")),
    }
    if decisions:
        figures["officers' decisions, folds"] = rates(*_part(table, scores, "officers "))
    before = {name: one.figures for name, one in present.items()}
    lines = sum(sample.batch == BACKGROUND_BATCH for sample in whole.samples)
    return Trained(model, twin, figures, before, worse(new, present), len(posts), len(own), lines)


def _kept(table: Table) -> NDArray[np.bool_]:
    return np.array([sample.batch == HELD_OUT_BATCH for sample in table.samples])


def _telling(whole: Table) -> Table:
    """The table without the lines that teach nothing; no label of a post that is kept apart is asked which they are."""
    kept = _kept(whole)
    unsaid = np.zeros(len(whole.samples), np.bool_)
    unsaid[~kept] = doubtful(whole.without(kept))
    return whole.without(unsaid)


def _background(path: Path | None) -> Iterator[Sample]:
    return background_samples(path) if path else iter(())


def put_live(trained: Trained, folder: Path) -> None:
    """Write weights, twin and card into `folder`; the weights last, and in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "card.md").write_text(
        card(trained.own, trained.learned, trained.background, trained.figures), encoding="utf-8"
    )
    for name, model in ((TWIN, trained.twin), (WEIGHTS.name, trained.model)):
        waiting = folder / f"waiting-{name}"
        model.save(waiting)
        waiting.replace(folder / name)


def _part(table: Table, scores: Numbers, prefix: str) -> tuple[list[Sample], list[bool]]:
    """Samples whose batch begins with `prefix`; "" stands for our own corpus."""
    chosen = [
        place for place, sample in enumerate(table.samples)
        if (sample.batch.startswith(prefix) if prefix else sample.kind == "corpus")
    ]  # fmt: skip
    return [table.samples[place] for place in chosen], [bool(scores[place] > 0) for place in chosen]
