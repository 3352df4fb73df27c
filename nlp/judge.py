"""Judge: a Post in, a Verdict with reasons out. Rules name the codes and quote; the learned model weighs the whole."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeVar

from core.model import Channel, Decision, Element, Post, Reason, Region, Role, Suspicion, Verdict
from core.rules import Route, Signal, Violation
from core.text import judged_text
from nlp.bare import Bare
from nlp.bounds import lifted, tempered
from nlp.disguise import Plain, change_at
from nlp.entities import entities_of
from nlp.fees import fee_facts, fee_reasons
from nlp.in_picture import marked
from nlp.linear import WEIGHTS, LinearModel, features
from nlp.penalties import Penalties
from nlp.reading import Reader, Reading
from nlp.roles import find_category, find_stages, find_subjects
from nlp.segment import load_segmenter
from nlp.sheet import Sheet, Sheets, find_region, parted, readable

FLAG = 0.5  # calibrated: at even odds a post is more likely a violation than not
REVIEW = 0.3  # below this three of ten would be guilty: too many eyes for too little
BATCH = 64  # posts that pass the first gate together; more gain nothing, and a slow stream would wait longer
MOST_QUOTES = 3  # quotes of one signal shown; more of the same convince nobody
GENERAL = "ADVERTISING"  # stands alone, when no other code is said (labelling conventions)
# Groups of words that speak against every suspicion.
LAWFUL = (("news", "像新闻、通报或投诉"), ("adult", "面向成人"), ("nonteaching", "声明不授课或免费"))
Item = TypeVar("Item")


class Asked(NamedTuple):
    """A text to be judged: the first `title_length` characters are its title, `region` is a field of its page."""

    text: str
    title_length: int
    channel: Channel
    region: str


class Judge:
    """Judges posts. Build with `load`; thread-safe, holds no state between posts."""

    def __init__(
        self, reader: Reader, model: LinearModel, rule_version: str, penalties: Penalties | None = None
    ) -> None:
        self._reader = reader
        self._model = model
        self._penalties = penalties
        self.rule_version = rule_version

    @classmethod
    def load(
        cls, rules: Sequence[Violation], words: Path, weights: Path = WEIGHTS, routes: Sequence[Route] = ()
    ) -> Judge:
        """A judge by these rules, word lists (`config/words`), weights and penalty routes. Raises BadConfig."""
        penalties = Penalties(routes, words) if routes else None
        version = _version(rules, words, routes)
        return cls(Reader(rules, words), LinearModel.load(weights), version, penalties)

    @cached_property
    def model_version(self) -> str:
        """Digest of the weights."""
        return self._model.version

    def judge(self, post: Post) -> Verdict:
        """The verdict on a post; offsets count characters of `core.text.judged_text(post)`. Never raises."""
        return next(self.judge_many([post]))

    def judge_text(self, text: str, title: str = "", channel: Channel = "other") -> Verdict:
        """The verdict on a bare text; `channel` tells whose voice it is likely to be."""
        return next(self.judge_texts([(text, title, channel)]))

    def judge_many(self, posts: Iterable[Post]) -> Iterator[Verdict]:
        """The verdicts on many posts, in order: those of `judge`, sooner, since what is sought in all is sought at once."""
        for batch in batched(posts):
            asked = [
                Asked(judged_text(post), len(post.title), post.channel, post.region or "") for post in batch
            ]
            for post, found in zip(batch, self._answers(asked), strict=True):
                yield marked(found, post)

    def judge_texts(self, texts: Iterable[tuple[str, str, Channel]]) -> Iterator[Verdict]:
        """The verdicts of `judge_text` on many (text, title, channel), in order, sooner."""
        for batch in batched(texts):
            yield from self._answers(
                [
                    Asked(f"{title}\n{text}" if title else text, len(title), channel, "")
                    for text, title, channel in batch
                ]
            )

    def _answers(self, batch: Sequence[Asked]) -> Iterator[Verdict]:
        texts = [readable(asked.text) for asked in batch]
        for part in parted(texts):
            sheets = Sheets([texts[number] for number in part])
            bare = self._reader.lay_bare(sheets)
            passed = self._reader.gate.each_bare(bare, sheets.texts)
            for place, number in enumerate(part):
                yield self._verdict(batch[number], sheets[place], bare.bare(place) if passed[place] else None)

    def _verdict(self, asked: Asked, sheet: Sheet, bare: Bare | None) -> Verdict:
        """`bare` is None for a text that the first gate lets go."""
        plain = self._reader.undo(sheet, bare) if bare else None
        if plain is None or not self._reader.gate.anchored(plain):
            return self._unanchored(sheet, asked.region)
        return self._read(asked, sheet, plain)

    def _unanchored(self, sheet: Sheet, region: str) -> Verdict:
        """Nothing of the field is named (`nlp.gate`): clear, score 0, nothing for it and so nothing against it."""
        return Verdict(
            decision="clear", score=0.0, region=_region(region, sheet), entities=entities_of(sheet),
            rule_version=self.rule_version, model_version=self.model_version,
        )  # fmt: skip

    def _read(self, asked: Asked, sheet: Sheet, plain: Plain) -> Verdict:
        reading = self._reader.reading(sheet, plain, asked.title_length)
        found = features(reading.plain.text, reading.numbers)
        score = lifted(self._model.probability(found), reading)
        if score >= REVIEW:  # a doubt takes from a suspicion; where none is, there is nothing to take
            score = tempered(score, reading, asked.channel)
        decision: Decision = "flagged" if score >= FLAG else "unsure" if score >= REVIEW else "clear"
        violating = decision != "clear"
        heads = self._model.head_scores(found) if violating else {}
        role, suspicions = _role(heads), self._suspicions(reading, score, heads)
        counter = self._counter(reading)
        return Verdict(
            decision=decision, score=round(score, 4), suspicions=suspicions, counter=counter,
            absent=self._absent(suspicions, counter), elements=self._elements(reading, role), role=role, category=find_category(reading, violating),
            subjects=find_subjects(reading), stages=find_stages(reading), region=_region(asked.region, sheet),
            entities=reading.entities, rule_version=self.rule_version, model_version=self.model_version,
        )  # fmt: skip

    def _suspicions(
        self, reading: Reading, score: float, heads: Mapping[str, float]
    ) -> tuple[Suspicion, ...]:
        if not heads:
            return ()
        said = {rule.id: heads.get(f"code:{rule.id}", 0.0) for rule in self._reader.rules}
        named = [
            rule
            for rule in self._reader.rules
            if said[rule.id] >= rule.thresholds.flag and rule.id != GENERAL
        ]
        # Nothing is said clearly: the likeliest code, and a plain advertisement is always alone.
        if not named:
            likeliest = max(said, key=lambda code: said[code])
            named = [rule for rule in self._reader.rules if rule.id == likeliest]
        found = [self._suspicion(rule, reading, score * said[rule.id]) for rule in named]
        return tuple(sorted(found, key=lambda item: (-item.score, item.code)))

    def _suspicion(self, rule: Violation, reading: Reading, score: float) -> Suspicion:
        reasons = [reason for signal in rule.signals for reason in _reasons(rule, signal, reading, 1.0)]
        if rule.id == "FEE_VIOLATION":  # the limits of the rules, computed from what the text says
            reasons += fee_reasons(fee_facts(reading.plain.original, reading.entities))
        return Suspicion(
            code=rule.id,
            score=round(min(1.0, score), 4),
            reasons=tuple(reasons or self._learned(rule, reading)),
        )

    def _learned(self, rule: Violation, reading: Reading) -> list[Reason]:
        """The words that spoke most for a code none of whose signals fired."""
        words, place = [], 0
        for word in load_segmenter().cut(reading.plain.text):
            if len(word.strip()) > 1:
                words.append((self._model.word_weight(f"code:{rule.id}", word), place, place + len(word)))
            place += len(word)
        best = [
            word for word in sorted(words, key=lambda item: (-item[0], item[1]))[:MOST_QUOTES] if word[0] > 0
        ]
        signal = Signal(name="learned", weight=1.0, meaning="同类帖子里常见的说法")
        return _quoted(signal, reading, [(start, end) for _, start, end in best], _clause(rule), 1.0)

    def _counter(self, reading: Reading) -> tuple[Reason, ...]:
        reasons: list[Reason] = []
        for rule in self._reader.rules:
            if reading.strengths.get(rule.id):
                for excuse in rule.excuses:
                    reasons += _reasons(rule, excuse, reading, -1.0)
        for group, meaning in LAWFUL:
            signal = Signal(name=f"@{group}", weight=1.0, meaning=meaning)
            reasons += _quoted(signal, reading, reading.hits.get(f"@{group}"), None, -1.0)
        return tuple(reasons)

    def _absent(self, suspicions: Sequence[Suspicion], counter: Sequence[Reason]) -> tuple[str, ...]:
        """What would speak against these suspicions and was looked for in vain, in words for an officer."""
        if not suspicions:
            return ()
        codes = {item.code for item in suspicions}
        excuses = [
            excuse.meaning for rule in self._reader.rules if rule.id in codes for excuse in rule.excuses
        ]
        found = {reason.meaning for reason in counter}
        looked = dict.fromkeys([*(meaning for _, meaning in LAWFUL), *filter(None, excuses)])
        return tuple(meaning for meaning in looked if meaning not in found)

    def _elements(self, reading: Reading, role: Role) -> tuple[Element, ...]:
        """The elements of the penalty clauses. A parent who seeks is no offender: there is nothing to prove."""
        punishable = self._penalties is not None and role in ("provider", "intermediary")
        return self._penalties.elements(reading) if self._penalties and punishable else ()


def batched(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items in lists of BATCH."""
    ahead = iter(items)
    while batch := list(itertools.islice(ahead, BATCH)):
        yield batch


def _region(named: str, sheet: Sheet) -> Region | None:
    """The region that the page's own field names, else the one of the text."""
    return (named and find_region(readable(named))) or sheet.region


def _role(heads: Mapping[str, float]) -> Role:
    roles: tuple[Role, ...] = ("provider", "seeker", "intermediary")
    return max(roles, key=lambda role: heads.get(f"role:{role}", 0.0)) if heads else "other"


def _clause(rule: Violation) -> str:
    return f"{rule.law[0].instrument} {rule.law[0].article}"


def _reasons(rule: Violation, signal: Signal, reading: Reading, sign: float) -> list[Reason]:
    return _quoted(signal, reading, reading.hits.get(f"{rule.id}.{signal.name}"), _clause(rule), sign)


def _quoted(
    signal: Signal, reading: Reading, places: Sequence[tuple[int, int]], clause: str | None, sign: float
) -> list[Reason]:
    """One reason a place; a disguise is explained by its plain word."""
    reasons = []
    for start, end in list(dict.fromkeys(places))[:MOST_QUOTES]:
        span = reading.plain.span(start, end)
        change = change_at(reading.plain, span.start, span.end)
        meaning = f"“{span.text}”即“{change.plain}”" if change else signal.meaning
        weight = sign * signal.weight
        reasons.append(Reason(signal=signal.name, span=span, weight=weight, meaning=meaning, clause=clause))
    return reasons


def _version(rules: Sequence[Violation], words: Path, routes: Sequence[Route]) -> str:
    digest = hashlib.sha256()
    said: list[Violation | Route] = [*rules, *routes]
    for rule in sorted(said, key=lambda item: item.id):
        digest.update(rule.model_dump_json().encode())
    for path in sorted(words.glob("*.txt")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
