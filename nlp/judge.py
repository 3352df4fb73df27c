"""Judge: a Post in, a Verdict with reasons out. Rules name the codes and quote; the learned model weighs the whole."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from core.model import Channel, Decision, Post, Reason, Suspicion, Verdict
from core.rules import Signal, Violation
from core.text import judged_text
from nlp.bounds import lifted, tempered
from nlp.disguise import change_at
from nlp.linear import LinearModel
from nlp.places import find_region
from nlp.reading import LONGEST, Reader, Reading, numbers
from nlp.roles import find_category, find_role, find_stages, find_subjects

FLAG = 0.5  # calibrated: at even odds a post is more likely a violation than not
REVIEW = 0.3  # below this three of ten would be guilty: too many eyes for too little
MOST_QUOTES = 3  # quotes of one signal shown; more of the same convince nobody
TIMIDEST = 0.2  # a code's score never falls below this share of its rule: it only orders codes


class Judge:
    """Judges posts. Build with `load`; thread-safe, holds no state between posts."""

    def __init__(self, reader: Reader, model: LinearModel, rule_version: str) -> None:
        self._reader = reader
        self._model = model
        self.rule_version = rule_version

    @classmethod
    def load(cls, rules: Sequence[Violation], words: Path) -> Judge:
        """A judge by these rules and word lists (`config/words`). Raises BadConfig."""
        return cls(Reader(rules, words), LinearModel.load(), _version(rules, words))

    @cached_property
    def model_version(self) -> str:
        """Digest of the weights."""
        return self._model.version

    def judge(self, post: Post) -> Verdict:
        """The verdict on a post; offsets count characters of `core.text.judged_text(post)`. Never raises."""
        return self._verdict(judged_text(post), len(post.title), post.channel, post.region or "")

    def judge_text(self, text: str, title: str = "", channel: Channel = "other") -> Verdict:
        """The verdict on a bare text; `channel` tells whose voice it is likely to be."""
        return self._verdict(f"{title}\n{text}" if title else text, len(title), channel, "")

    def _verdict(self, text: str, title_length: int, channel: Channel, region: str) -> Verdict:
        reading = self._reader.read(text, title_length)
        learned = self._model.probability(reading.plain.text, numbers(reading))
        score = tempered(lifted(learned, reading), reading, channel)
        decision: Decision = "flagged" if score >= FLAG else "unsure" if score >= REVIEW else "clear"
        violating = decision != "clear"
        return Verdict(
            decision=decision, score=round(score, 4), suspicions=self._suspicions(reading, score) if violating else (),
            counter=self._counter(reading), role=find_role(reading, violating),
            category=find_category(reading, violating), subjects=find_subjects(reading),
            stages=find_stages(reading), region=find_region(region, text[:LONGEST]), entities=reading.entities,
            rule_version=self.rule_version, model_version=self.model_version,
        )  # fmt: skip

    def _suspicions(self, reading: Reading, score: float) -> tuple[Suspicion, ...]:
        found = []
        for rule in self._reader.rules:
            own = reading.strengths.get(rule.id, 0.0)
            if own >= rule.thresholds.flag and rule.id != "ADVERTISING":
                found.append(_suspicion(rule, reading, max(score * own, TIMIDEST * own)))
        if not found:  # an advertisement with nothing more specific stands alone (labelling conventions)
            found = [
                _suspicion(rule, reading, score) for rule in self._reader.rules if rule.id == "ADVERTISING"
            ]
        return tuple(sorted(found, key=lambda item: (-item.score, item.code)))

    def _counter(self, reading: Reading) -> tuple[Reason, ...]:
        reasons: list[Reason] = []
        for rule in self._reader.rules:
            if reading.strengths.get(rule.id):
                for excuse in rule.excuses:
                    reasons += _reasons(rule, excuse, reading, -1.0)
        for group, meaning in (
            ("news", "像新闻、通报或投诉"),
            ("adult", "面向成人"),
            ("nonteaching", "声明不授课或免费"),
        ):
            signal = Signal(name=f"@{group}", weight=1.0, meaning=meaning)
            reasons += _quoted(signal, reading, reading.hits.get(f"@{group}"), None, -1.0)
        return tuple(reasons)


def _suspicion(rule: Violation, reading: Reading, score: float) -> Suspicion:
    reasons = [reason for signal in rule.signals for reason in _reasons(rule, signal, reading, 1.0)]
    return Suspicion(code=rule.id, score=round(min(1.0, score), 4), reasons=tuple(reasons))


def _reasons(rule: Violation, signal: Signal, reading: Reading, sign: float) -> list[Reason]:
    clause = f"{rule.law[0].instrument} {rule.law[0].article}"
    return _quoted(signal, reading, reading.hits.get(f"{rule.id}.{signal.name}"), clause, sign)


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


def _version(rules: Sequence[Violation], words: Path) -> str:
    digest = hashlib.sha256()
    for rule in sorted(rules, key=lambda item: item.id):
        digest.update(rule.model_dump_json().encode())
    for path in sorted(words.glob("*.txt")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
