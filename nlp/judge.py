"""Judge: a Post in, a Verdict with reasons out. Rules name the codes and quote; the learned model weighs the whole."""

from __future__ import annotations

import gc
import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, TypeVar

from core.model import Channel, Entity, Post, Region, Verdict
from core.rules import Route, Violation, severity
from core.text import each_picture, judged_text
from nlp.bare import BareTexts
from nlp.bounds import LIFTED, lifted, tempered
from nlp.entities import entities_of
from nlp.explain import Explainer
from nlp.fees import with_counts
from nlp.hashed import hashed
from nlp.in_picture import marked
from nlp.learned import WEIGHTS, Learned
from nlp.linear import Features
from nlp.penalties import Penalties
from nlp.reading import Reader, Reading
from nlp.roles import find_fields
from nlp.sheet import LONGEST, Sheet, Sheets, find_region, parted, readable

BATCH = 256  # posts that pass the first gate together; more gain nothing, and a slow stream would wait longer
Item = TypeVar("Item")


class Asked(NamedTuple):
    """A text to be judged: the first `title_length` characters are its title, `region` is a field of its page.

    `alone` are what each of several pictures says by itself, after what is written.
    """

    text: str
    title_length: int
    channel: Channel
    region: str
    alone: tuple[str, ...] = ()


class Judge:
    """Judges posts. Build with `load`; thread-safe, holds no state between posts."""

    def __init__(
        self, reader: Reader, model: Learned, rule_version: str, penalties: Penalties | None = None
    ) -> None:
        self._reader = reader
        self._model = model
        self._explain = Explainer(reader.rules, model.linear, penalties)
        # The lowest score of which any code says something; below it nobody need know which are named.
        self.least = min((rule.thresholds.unsure for rule in reader.rules), default=1.0)
        self.rule_version = rule_version

    @classmethod
    def load(
        cls, rules: Sequence[Violation], words: Path, weights: Path = WEIGHTS, routes: Sequence[Route] = ()
    ) -> Judge:
        """A judge by these rules, word lists (`config/words`), weights and penalty routes. Raises BadConfig."""
        with _uncollected():
            penalties = Penalties(routes, words) if routes else None
            version = _version(rules, words, routes)
            judge = cls(Reader(rules, words), Learned.load(weights), version, penalties)
            judge.judge_text("")  # what is read at first use (regions, tables) is read now
        return judge

    @cached_property
    def model_version(self) -> str:
        """Digest of the weights."""
        return self._model.version

    def severity(self, verdict: Verdict) -> int | None:
        """How grave the suspicion is, see `core.rules.severity`."""
        return severity(verdict.codes, verdict.role, self._reader.rules) if verdict.suspicions else None

    def judge(self, post: Post) -> Verdict:
        """The verdict on a post; offsets count characters of `core.text.judged_text(post)`. Never raises."""
        return next(self.judge_many([post]))

    def judge_text(self, text: str, title: str = "", channel: Channel = "other") -> Verdict:
        """The verdict on a bare text; `channel` tells whose voice it is likely to be."""
        return next(self._answers([_asked(text, title, channel)]))

    def judge_many(self, posts: Iterable[Post]) -> Iterator[Verdict]:
        """The verdicts on many posts, in order: those of `judge`, sooner, since what is sought in all is sought at once."""
        for batch in batched(posts):
            asked = [
                Asked(judged_text(post), len(post.title), post.channel, post.region or "", each_picture(post))
                for post in batch
            ]
            for post, found in zip(batch, self._answers(asked), strict=True):
                yield marked(found, post)

    def judge_texts(self, texts: Iterable[tuple[str, str, Channel]]) -> Iterator[Verdict]:
        """The verdicts of `judge_text` on many (text, title, channel), in order, sooner."""
        for batch in batched(texts):
            yield from self._answers([_asked(*one) for one in batch])

    def _answers(self, batch: Sequence[Asked]) -> Iterator[Verdict]:
        texts = [readable(asked.text) for asked in batch]
        for part in parted(texts):
            asked = [batch[number] for number in part]
            sheets = Sheets([texts[number] for number in part])
            bare = self._reader.lay_bare(sheets)
            passed = self._reader.gate.each_bare(bare, sheets.texts)
            places = [place for place, may in enumerate(passed) if may]
            read = self._read(asked, sheets, bare, places) if places else {}
            for place, one in enumerate(asked):
                found = read.get(place) or self._unanchored(sheets[place], one.region)
                yield found if len(one.text) <= LONGEST else _cut_off(found, len(one.text))

    def _unanchored(self, sheet: Sheet, region: str) -> Verdict:
        """Nothing of the field is named (`nlp.gate`): clear, score 0, nothing for it and so nothing against it."""
        place, entities = _region(region, sheet), entities_of(sheet)
        if not place and not entities:
            return self._nothing
        return Verdict(
            decision="clear", score=0.0, region=place, entities=entities, rule_version=self.rule_version,
            model_version=self.model_version,
        )  # fmt: skip

    @cached_property
    def _nothing(self) -> Verdict:
        """The verdict on a text that says nothing at all; most do."""
        return Verdict(
            decision="clear", score=0.0, rule_version=self.rule_version, model_version=self.model_version
        )

    def _read(
        self, batch: Sequence[Asked], sheets: Sheets, bare: BareTexts, places: Sequence[int]
    ) -> dict[int, Verdict]:
        """The verdicts on the anchored among the texts at these places, which are read in full."""
        readings = self._readings(batch, sheets, bare, places)
        asked = [batch[place] for place in readings]
        regions = [_region(batch[place].region, sheets[place]) for place in readings]
        return dict(zip(readings, self._weighed(asked, list(readings.values()), regions), strict=True))

    def _readings(
        self, batch: Sequence[Asked], sheets: Sheets, bare: BareTexts, places: Sequence[int]
    ) -> dict[int, Reading]:
        reader = self._reader
        plain = {place: reader.undo(sheets[place], bare.bare(place)) for place in places}
        return {
            place: reader.reading(sheets[place], text, batch[place].title_length)
            for place, text in plain.items()
            if reader.gate.anchored(text)
        }

    def _weighed(
        self, asked: Sequence[Asked], readings: Sequence[Reading], regions: Sequence[Region | None]
    ) -> list[Verdict]:
        """The verdicts on what was read, one step for all after the other: the next text then finds the step at hand."""
        told = [self._loudest(*one) for one in zip(_features(readings), readings, asked, strict=True)]
        scores = [score for score, _ in told]
        heads = [self._model.linear.head_scores(one) if score >= self.least else {} for score, one in told]
        whys = [self._explain(*one) for one in zip(readings, scores, heads, strict=True)]
        suspected = [why.decision != "clear" for why in whys]
        fields = [find_fields(*one) for one in zip(readings, suspected, strict=True)]
        return [
            Verdict(
                decision=why.decision, score=round(score, 4), suspicions=why.suspicions, counter=why.counter,
                absent=why.absent, elements=why.elements, role=why.role, category=field.category, subjects=field.subjects,
                stages=field.stages, region=region, entities=_entities(reading, is_suspected),
                rule_version=self.rule_version, model_version=self.model_version, notes=why.notes,
            )
            for score, why, field, region, reading, is_suspected in zip(
                scores, whys, fields, regions, readings, suspected, strict=True
            )
        ]  # fmt: skip

    def _loudest(self, found: Features, reading: Reading, asked: Asked) -> tuple[float, Features]:
        """The score, and what it was given for: an advert among pictures of a picnic is no less of one.

        A sum over all their words makes it so, and of long texts the network sees only how they begin and end.
        """
        whole = self._score(found, reading, asked)
        if not asked.alone or whole >= LIFTED:
            return whole, found
        parts = [asked._replace(text=text, alone=()) for text in affordable(asked.alone)]
        sheets = Sheets([readable(part.text) for part in parts])
        read = self._readings(parts, sheets, self._reader.lay_bare(sheets), range(len(parts)))
        each = [
            (self._score(features, one, asked), features)
            for one, features in zip(read.values(), _features(list(read.values())), strict=True)
        ]
        part, features = max(each, key=itemgetter(0), default=(0.0, found))
        # What casts doubt on it may stand in another picture: then the whole decides.
        doubted = tempered(part, reading, asked.channel) < part
        return (part, features) if part > whole and not doubted else (whole, found)

    def _score(self, found: Features, reading: Reading, asked: Asked) -> float:
        score = lifted(self._model.probability(found, lambda: reading.tokens), reading)
        # A doubt takes from a suspicion; where none is, there is nothing to take.
        return tempered(score, reading, asked.channel) if score >= self.least else score


def affordable(texts: Sequence[str]) -> list[str]:
    """The first of the texts, together no longer than one may be: else a hostile post would cost as many as it has pictures."""
    ends = itertools.accumulate(map(len, texts))
    return [text for text, end in zip(texts, ends, strict=True) if end <= LONGEST]


def _features(readings: Sequence[Reading]) -> list[Features]:
    counted = hashed([reading.plain.text for reading in readings])
    return [Features(*it, reading.numbers) for it, reading in zip(counted, readings, strict=True)]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Make a hundred thousand objects that stay: the collector would look through them again and again, now and later."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if collecting:
            gc.enable()


def _entities(reading: Reading, suspected: bool) -> tuple[Entity, ...]:
    """What is named; where something is suspected also how many lessons and months are charged at a time."""
    return with_counts(reading.fees, reading.entities) if suspected else reading.entities


def _asked(text: str, title: str, channel: Channel) -> Asked:
    return Asked(f"{title}\n{text}" if title else text, len(title), channel, "")


def _cut_off(verdict: Verdict, length: int) -> Verdict:
    """The verdict with a note that the end of the text was not read."""
    note = f"文字过长（{length} 字）：只判断了前 {LONGEST} 字，其余未判断，须人工查看"
    return verdict.model_copy(update={"notes": (*verdict.notes, note)})


def batched(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items in lists of BATCH."""
    ahead = iter(items)
    while batch := list(itertools.islice(ahead, BATCH)):
        yield batch


def _region(named: str, sheet: Sheet) -> Region | None:
    """The region that the page's own field names, else the one of the text."""
    return (named and find_region(readable(named))) or sheet.region


def _version(rules: Sequence[Violation], words: Path, routes: Sequence[Route]) -> str:
    digest = hashlib.sha256()
    said: list[Violation | Route] = [*rules, *routes]
    for rule in sorted(said, key=lambda item: item.id):
        digest.update(rule.model_dump_json().encode())
    for path in sorted(words.glob("*.txt")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
