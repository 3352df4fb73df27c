"""Learns what the clues around letters and numbers weigh (`nlp.clue_weights`): `wangxun train-clues`.

Learned from posts of which all that they name is known (`nlp/corpus/entities`), from sentences made to mislead and those
that mend them (`nlp/corpus/contacts/sentences.jsonl`), and, for contacts, from our corpus with the accounts that its
posts name (`contacts/corpus.jsonl`). Deterministic: the same texts give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from core.errors import BadInput
from nlp import accounts, prices
from nlp.account_clues import clues_of_account, clues_of_number
from nlp.account_readings import readings
from nlp.clue_weights import AMOUNT, LETTERS, QQ_NUMBER, SAME_NUMBER, ClueWeights
from nlp.evaluate_entities import Named, amounts_of, plain_contact
from nlp.figures import detection
from nlp.json_lines import json_lines
from nlp.lookout import uncircled
from nlp.number_readings import number_readings
from nlp.price_clues import clues_of_amount, end_of
from nlp.sheet import sheet_of
from nlp.wechat_names import can_be_account

# Inverse regularisation, chosen by folds of authors together with what is sure enough (`accounts.SURE`) and LIGHTEST: 0.4
# misreads a third more of the sentences made to mislead, 3 loses 0.05. A sum of absolute weights as the measure keeps four
# hundred clues of letters for some thousands, and was a hundredth worse.
STRENGTH = 1.0
LIGHTEST = 0.1  # clues that weigh less are left out: F1 gains by it (letters 0.940 to 0.949)
FEWEST = 2  # choices in which a clue must stand: what one text alone tells is chance
CORPUS_WEIGHT = 0.5  # of posts whose accounts were named by a program: some are missed
TOLERANCE = 1e-3  # of the dual problem, whose solver needs no library that sums in an order of its own
ITERATIONS = 10_000  # far more than are needed
FOLDS = 6  # of the authors; each learns anew
# F1 of folds that is not worse: one author more or less moves it by as much.
TOLERATED = 0.01


class NamedPost(NamedTuple):
    """A text with what it names, in plain form; `amounts` is None where nobody has named them.

    `is_measured`: a person named all, so folds are measured on it.
    """

    text: str
    batch: str
    wechat: frozenset[str]
    qq: frozenset[str]
    amounts: frozenset[str] | None = None
    weight: float = 1.0
    is_measured: bool = False


def named_posts(corpus: Path) -> list[NamedPost]:
    """All posts and sentences to learn from, under the folder of the corpus.

    Raises BadInput when it holds none: an installed wheel has no corpus.
    """
    found = [*_authors(corpus / "entities"), *_sentences(corpus / "contacts")]
    # The judge learns some of these posts as well, where nobody says what they name: they would be taught as naming none.
    known = {post.text for post in found}
    found += (post for post in _corpus(corpus) if post.text not in known)
    if not any(post.is_measured for post in found):
        raise BadInput(f"{corpus}/entities: no posts to learn from; run it in a checkout of the project")
    return found


class _Told(BaseModel):
    """What a sentence or a post of the corpus names."""

    id: str = ""
    wechat: tuple[str, ...] = ()
    qq: tuple[str, ...] = ()
    price: tuple[float, ...] = ()


class _Line(_Told):
    """A line of a corpus with its text; `entities` where somebody named all that a post names."""

    text: str
    title: str | None = None
    entities: Named | None = None


def _authors(folder: Path) -> Iterator[NamedPost]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in json_lines(path, _Line):
            if line.entities is not None:
                yield _post(line.text, path.stem, line.entities)._replace(is_measured=True)


def _sentences(folder: Path) -> Iterator[NamedPost]:
    path = folder / "sentences.jsonl"
    return (
        (_post(line.text, path.stem, line) for line in json_lines(path, _Line)) if path.exists() else iter(())
    )


def _corpus(folder: Path) -> Iterator[NamedPost]:
    path = folder / "contacts" / "corpus.jsonl"
    named = {line.id: line for line in json_lines(path, _Told)} if path.exists() else {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in json_lines(path, _Line):
            text = f"{line.title}\n{line.text}" if line.title else line.text
            yield _post(text, path.stem, named.get(line.id, _Told()))._replace(
                weight=CORPUS_WEIGHT, amounts=None
            )


def _post(text: str, batch: str, named: _Told | Named) -> NamedPost:
    wechat, qq = (frozenset(map(plain_contact, told)) for told in (named.wechat, named.qq))
    return NamedPost(text, batch, wechat, qq, frozenset(f"{float(amount):g}" for amount in named.price))


class Choice(NamedTuple):
    """Something in a text that may be what is asked for: where it stands, the values it would be, and its clues."""

    start: int
    end: int
    values: frozenset[str]
    clues: set[str]


class Question(NamedTuple):
    """The choices of a text and the values that need no asking; what a post names of these, None where nobody knows.

    `sure`: from which chance on it counts. `is_measured`: which values folds count.
    """

    choices: Callable[[str], tuple[list[Choice], frozenset[str]]]
    named: Callable[[NamedPost], frozenset[str] | None]
    sure: float
    is_measured: Callable[[str], bool]


def _accounts(text: str) -> tuple[list[Choice], frozenset[str]]:
    plain = plain_text(text)
    return [
        Choice(one.start, one.end, frozenset({plain_contact(one.value)}), clues_of_account(plain, one).all())
        for one in readings(plain)
        if can_be_account(one.value)
    ], frozenset()


def _numbers(text: str) -> tuple[list[Choice], frozenset[str]]:
    plain = plain_text(text)
    return [
        Choice(one.start, one.end, frozenset({one.value}), clues_of_number(plain, one).all())
        for one in number_readings(plain)
    ], frozenset()


def _amounts(text: str) -> tuple[list[Choice], frozenset[str]]:
    # The figures of contacts are choices as well, which are none: so what is learned does not rest on what finds contacts.
    sheet = sheet_of(text)
    plain, signs = uncircled(sheet.folded)
    found, others = prices.sifted(plain, bytearray(len(plain)), signs.amounts)
    named = frozenset(amount for value, *_ in found for amount in amounts_of(value))
    return [
        Choice(
            one.start,
            end_of(one),
            frozenset(amounts_of(one.written())),
            clues_of_amount(one, len(found)).all(),
        )
        for one in others
    ], named


def plain_text(text: str) -> str:
    """A text as readings and clues want it: folded, without circles."""
    return uncircled(sheet_of(text).folded)[0]


QUESTIONS = {
    LETTERS: Question(
        _accounts, lambda post: post.wechat, accounts.SURE[LETTERS], lambda value: not value.isdigit()
    ),
    QQ_NUMBER: Question(_numbers, lambda post: post.qq, accounts.SURE[QQ_NUMBER], str.isdigit),
    SAME_NUMBER: Question(_numbers, lambda post: post.wechat, accounts.SURE[SAME_NUMBER], str.isdigit),
    AMOUNT: Question(_amounts, lambda post: post.amounts, prices.SURE, lambda _: True),
}


class Row(NamedTuple):
    """A post with its choices, what is sure in it, and what it names."""

    post: NamedPost
    choices: list[Choice]
    sure: frozenset[str]
    named: frozenset[str]


def table_of(question: Question, posts: Iterable[NamedPost]) -> list[Row]:
    """The choices of each post that answers the question."""
    return [
        Row(post, *question.choices(post.text), named)
        for post in posts
        if (named := question.named(post)) is not None
    ]


def learned_weights(
    posts: Sequence[NamedPost], measured: Mapping[str, Mapping[str, Any]]
) -> dict[str, ClueWeights]:
    """The weights of each question, with the F1 that `fold_figures` measured.

    Raises BadInput when the posts name nothing of a kind, or nothing else.
    """
    return {
        name: fitted(table_of(question, posts), name)._replace(f1=round(measured[name]["f1"]["value"], 4))
        for name, question in QUESTIONS.items()
    }


def worse(learned: Mapping[str, ClueWeights], live: Mapping[str, ClueWeights]) -> list[str]:
    """Each question of which the learned weights do worse on unseen authors than those that are live did on theirs."""
    return [
        f"{name}: F1 on unseen authors {one.f1:.3f}, of the live ones {live[name].f1:.3f}"
        for name, one in learned.items()
        if name in live and one.f1 < live[name].f1 - TOLERATED
    ]


def fitted(table: Iterable[Row], question: str) -> ClueWeights:
    """The weights that a table teaches.

    Raises BadInput when all its answers are the same.
    """
    rows = [(choice, row) for row in table for choice in row.choices]
    answers = [choice.values <= row.named for choice, row in rows]
    if len(set(answers)) < 2:
        raise BadInput(
            f"{question}: the posts name none, or nothing that could be taken for one; add posts of both kinds"
        )
    columns = CountVectorizer(analyzer=sorted, binary=True, min_df=FEWEST)
    matrix = columns.fit_transform([choice.clues for choice, _ in rows])
    learner = LogisticRegression(
        C=STRENGTH, solver="liblinear", dual=True, tol=TOLERANCE, max_iter=ITERATIONS, random_state=0
    )
    learner.fit(matrix, answers, sample_weight=[row.post.weight for _, row in rows])
    learned = zip(columns.get_feature_names_out().tolist(), learner.coef_[0].tolist(), strict=True)
    kept = {clue: weight for clue, weight in learned if abs(weight) >= LIGHTEST}
    return ClueWeights(float(learner.intercept_[0]), kept)


def fold_figures(posts: Sequence[NamedPost]) -> dict[str, dict[str, Any]]:
    """Of each question the figures on authors whom its weights never saw: each author is in one of FOLDS folds."""
    return {name: _folded(name, table_of(question, posts)) for name, question in QUESTIONS.items()}


def _folded(name: str, table: Sequence[Row]) -> dict[str, Any]:
    question = QUESTIONS[name]
    authors = sorted({row.post.batch for row in table if row.post.is_measured})
    told: list[bool] = []
    found: list[bool] = []
    for fold in range(FOLDS):
        unseen = set(authors[fold::FOLDS])
        weights = fitted((row for row in table if row.post.batch not in unseen), name)
        for row in table:
            if row.post.batch in unseen:
                answer = set(
                    filter(question.is_measured, row.sure | _answers(question, weights, row.choices))
                )
                named = set(filter(question.is_measured, row.named))
                both = sorted(named | answer)
                told += [value in named for value in both]
                found += [value in answer for value in both]
    return detection(told, found)


def _answers(question: Question, weights: ClueWeights, choices: Iterable[Choice]) -> set[str]:
    chosen = accounts.surest(((weights.chance(one.clues), one) for one in choices), question.sure)
    return {value for one in chosen for value in one.values}
