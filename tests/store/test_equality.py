"""Both back-ends answer every generated query alike, and as plain Python does on the folded text."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.model import Finding
from core.text import fold
from store import open_store
from store.base import COUNT_LIMIT, FIELDS, Page, Query, Save, Store, region_prefix
from store.moments import PERIODS, Period
from store.rows import ready
from tests.store.posts import CHANNELS, CODES, REGIONS, START, STATUSES, findings

POSTS, QUERIES = (20_000, 2_000) if os.environ.get("WANGXUN_TEST_LONG") == "1" else (400, 150)
WALKED = 200  # matches of a query that are walked through, page by page
FACETS = ("channel", "status", "code", "source_id", "contact_id", "region")
_OWN_MEANING = frozenset('"“”＂')


def _seen(record: Finding) -> datetime:
    return record.last_seen


@cache
def _begin(seen: datetime, period: Period) -> str:
    day = seen.astimezone(ZoneInfo("Asia/Shanghai")).date()
    if period == "week":
        day = date.fromisocalendar(*day.isocalendar()[:2], 1)
    return (day.replace(day=1) if period == "month" else day).isoformat()


# Order -> what is compared, and whether the highest comes first.
ORDERS: dict[str, tuple[Callable[[Finding], Any], bool]] = {
    "newest": (_seen, True),
    "oldest": (_seen, False),
    "score": (lambda record: record.latest.verdict.score, False),
    "-score": (lambda record: record.latest.verdict.score, True),
    "first_seen": (lambda record: record.first_seen, False),
    "-first_seen": (lambda record: record.first_seen, True),
}


@dataclass(frozen=True)
class Known:
    """A finding as plain Python looks at it."""

    record: Finding
    folded: str
    parted: str  # white space made one space, as a quotation sees it
    terms: frozenset[tuple[str, str]]
    region: str  # "": nobody knows

    @classmethod
    def of(cls, record: Finding) -> Known:
        folded = fold(FIELDS["finding"].text(record))
        region = record.latest.verdict.region
        return cls(
            record,
            folded,
            " ".join(folded.split()),
            frozenset(ready(record).terms),
            region.code if region else "",
        )


Test = Callable[[Known], bool]


@dataclass(frozen=True)
class Asked:
    """A query, and the same as tests on a finding, all of which must hold."""

    query: Query
    tests: tuple[Test, ...]


def _snippet(chance: random.Random, known: list[Known]) -> str:
    """Some characters that stand somewhere, now and then in an order that stands nowhere."""
    post = chance.choice(known).record.latest.post
    text = chance.choice((post.title, post.body))
    start = chance.randrange(len(text))
    piece = text[start : start + chance.choice((1, 1, 2, 2, 2, 3, 4, 6))]
    piece = "".join(character for character in piece if character not in _OWN_MEANING)
    return piece[::-1] if chance.random() < 0.1 else piece


def _plain(chance: random.Random, known: list[Known]) -> tuple[str, Test]:
    piece = _snippet(chance, known)
    words = fold(piece).split()
    return piece, lambda one: all(word in one.folded for word in words)


def _quoted(chance: random.Random, known: list[Known]) -> tuple[str, Test]:
    text = chance.choice(known).record.latest.post.body
    start = chance.randrange(len(text))
    piece = "".join(c for c in text[start : start + chance.randrange(1, 9)] if c not in _OWN_MEANING)
    phrase = " ".join(fold(piece).split())
    left, right = chance.choice(('""', "“”"))
    return f"{left}{piece}{right}", lambda one: phrase in one.parted


def _negated(chance: random.Random, known: list[Known]) -> tuple[str, Test]:
    text, test = _word(chance, known)
    return f"NOT {text}", lambda one: not test(one)


def _word(chance: random.Random, known: list[Known]) -> tuple[str, Test]:
    """One word that folding leaves in one piece."""
    piece = _snippet(chance, known).strip()
    while len(fold(piece).split()) != 1 or len(piece.split()) != 1 or piece in ("AND", "OR", "NOT"):
        piece = _snippet(chance, known).strip()
    word = fold(piece).strip()
    return piece, lambda one: word in one.folded


def _text(chance: random.Random, known: list[Known]) -> tuple[str, Test]:
    kind = chance.randrange(8)
    if kind == 0:
        return "", lambda one: True
    if kind < 4:
        return _plain(chance, known)
    if kind == 4:
        return _quoted(chance, known)
    (left, one), (right, two) = _word(chance, known), (_negated if kind == 5 else _word)(chance, known)
    if kind == 7:
        return f"{left} OR {right}", lambda each: one(each) or two(each)
    return f"{left}{chance.choice((' ', ' AND ', '　'))}{right}", lambda each: one(each) and two(each)


def _conditions(chance: random.Random) -> tuple[dict[str, Any], list[Test]]:
    """Filters, dates and regions, each now and then."""
    given: dict[str, Any] = {"where": {}}
    tests: list[Test] = []
    for name, values in {"channel": CHANNELS, "status": STATUSES, "code": CODES}.items():
        if chance.random() < 0.2:
            chosen = tuple(chance.sample(values, 2))
            given["where"][name] = chosen
            wanted = frozenset((name, value) for value in chosen)
            tests.append(lambda one, wanted=wanted: not wanted.isdisjoint(one.terms))  # type: ignore[misc]
    if chance.random() < 0.3:
        since = START + timedelta(minutes=chance.randrange(300_000))
        given |= {"since": since, "until": since + timedelta(days=60)}
        tests.append(lambda one: since <= one.record.last_seen < since + timedelta(days=60))
    if chance.random() < 0.3:
        name = chance.choice(("region", "scope"))
        code = chance.choice([code for code in REGIONS if code])
        given[name] = code
        below = region_prefix(code)
        tests.append(lambda one: one.region.startswith(below) or (name == "scope" and not one.region))
    return given, tests


def asked(chance: random.Random, known: list[Known]) -> Asked:
    """One query of any kind."""
    text, test = _text(chance, known)
    given, tests = _conditions(chance)
    facets = FACETS if chance.random() < 0.3 else ()
    order = chance.choice(("newest", "newest", *ORDERS))
    per = chance.choice((None, None, None, *PERIODS))
    query = Query(text=text, order=order, limit=chance.choice((1, 20, 50)), facets=facets, per=per, **given)
    return Asked(query, (*tests, test))


@dataclass(frozen=True)
class Expected:
    """The answer: the first ids in order, how many there are, whether that is capped, facets, counts by period."""

    query: Query
    ids: list[str]
    total: int
    capped: bool
    facets: dict[str, dict[str, int]]
    periods: dict[str, int]


def expected(asked: Asked, ordered: list[Known]) -> Expected:
    """The answer by plain Python, out of all findings in the query's order."""
    matches = ordered
    for test in asked.tests:  # one after the other: each has fewer findings to look at
        matches = [one for one in matches if test(one)]
    begins = Counter(_begin(one.record.last_seen, asked.query.per) for one in matches if asked.query.per)
    return Expected(
        asked.query,
        [one.record.id for one in matches[:WALKED]],
        min(len(matches), COUNT_LIMIT),
        len(matches) > COUNT_LIMIT,
        _facets(asked.query, matches[:COUNT_LIMIT]),
        dict(sorted(begins.items())),
    )


def _facets(query: Query, matches: list[Known]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {name: {} for name in query.facets}
    # All terms in one pass: a pass for each field took most of the oracle's time.
    for (name, value), count in (
        Counter(chain.from_iterable(one.terms for one in matches)).items() if counts else ()
    ):
        if name in counts:
            counts[name][value] = count
    return counts


def _ids(page: Page) -> list[str]:
    return [record.id for record in page.records]


@pytest.fixture(scope="module")
def known() -> list[Known]:
    return [Known.of(record) for record in findings(6, POSTS)]


@pytest.fixture(scope="module")
def sqlite(known: list[Known], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    yield from _filled(f"sqlite:///{tmp_path_factory.mktemp('equality') / 'store.sqlite3'}", known)


def _filled(url: str, known: list[Known]) -> Iterator[Store]:
    store = open_store(url)
    answers = store.save([Save(one.record) for one in known])
    assert all(answer.error is None for answer in answers)
    store.flush()
    yield store
    store.close()


@pytest.fixture(scope="module")
def answers(known: list[Known]) -> list[Expected]:
    """Made once for both back-ends: plain Python takes most of the time."""
    chance = random.Random(27)
    ordered = {
        order: sorted(known, key=lambda one: (number(one.record), one.record.id), reverse=reverse)
        for order, (number, reverse) in ORDERS.items()
    }
    queries = [asked(chance, known) for _ in range(QUERIES)]
    return [expected(one, ordered[one.query.order]) for one in queries]


def check(store: Store, answers: list[Expected]) -> None:
    """Every query's first page, and for some of them the next ones."""
    for number, one in enumerate(answers):
        page = store.search("finding", one.query)
        assert _ids(page) == one.ids[: one.query.limit], one.query
        assert (page.total, page.capped, page.facets) == (one.total, one.capped, one.facets), one.query
        assert list(page.periods.items()) == list(one.periods.items()), one.query
        assert (page.cursor is not None) == (one.total > one.query.limit), one.query
        if number % 10 == 0:
            _walk(store, one.query, one.ids)


def _walk(store: Store, query: Query, ids: list[str]) -> None:
    seen: list[str] = []
    page = store.search("finding", replace(query, facets=()))
    seen += _ids(page)
    # Two hundred pages of one would be most of the test's searches; pages of seven tell as much.
    next_pages = replace(query, facets=(), limit=max(query.limit, 7))
    while page.cursor and len(seen) < len(ids):
        page = store.search("finding", replace(next_pages, cursor=page.cursor))
        seen += _ids(page)
    assert seen[: len(ids)] == ids, query


@pytest.mark.timeout(
    3600
)  # the full number of rounds takes minutes, and many on a machine that is overbooked
def test_sqlite_answers_as_plain_python_does(sqlite: Store, answers: list[Expected]) -> None:
    check(sqlite, answers)


@pytest.mark.timeout(3600)
def test_elasticsearch_answers_as_plain_python_does(
    elasticsearch_url: str, known: list[Known], answers: list[Expected]
) -> None:
    filled = _filled(elasticsearch_url, known)
    check(next(filled), answers)
    filled.close()
