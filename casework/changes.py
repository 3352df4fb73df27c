"""How a post changed: what stood there when, when it was gone and came back, and two of its states side by side.

Differences are found in the text as it was, and shown in the text as the officer may see it: a number that was
exchanged for another shows as changed although both are masked alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Literal

from casework import review, shelf
from casework.desk import Desk
from casework.files import evidence_of
from core.errors import NotFound
from core.model import Absence, Actor, Evidence, Finding, Item, Post, Version
from core.text import written_text

Mark = Literal["same", "changed"]
# A sentence with its end; what is left at the end of the text counts as one.
_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]+|[^。！？!?；;\n]+")
# Numbers and Latin words change as a whole: half a telephone number marked would tell which digits stayed.
_WORD = re.compile(r"[0-9A-Za-z_*\-.]+|.", re.S)
# difflib takes the square of these: a tenth of a second at the bound. A longer passage is marked whole.
_MOST_SENTENCES, _MOST_WORDS = 1_000, 1_500


@dataclass(frozen=True)
class Piece:
    """A run of text, and whether it differs from the other side."""

    text: str
    mark: Mark


@dataclass(frozen=True)
class State:
    """What stood at the post's address: a version of its text, as one look pictured it, or nothing any more."""

    key: str
    at: datetime
    number: int
    version: Version | None = None
    absence: Absence | None = None
    pictures: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Field:
    """A field that differs: its Chinese name, and what it was on either side."""

    name: str
    left: str
    right: str


@dataclass(frozen=True)
class Comparison:
    """Two states side by side; `finding` as this officer may see it."""

    finding: Finding
    states: tuple[State, ...]
    left: State
    right: State
    left_text: tuple[Piece, ...]
    right_text: tuple[Piece, ...]
    fields: tuple[Field, ...]


def compare(desk: Desk, actor: Actor, finding_id: str, left: str = "", right: str = "") -> Comparison:
    """Two states by their keys; "" takes the last one and the one before. The viewing is recorded.

    Raises NotFound, NotAllowed.
    """
    shown = review.open_finding(desk, actor, finding_id)
    raw = shelf.load(desk.store, Finding, finding_id)[0]
    evidence = evidence_of(desk, shown)
    states, originals = states_of(shown, evidence), states_of(raw, evidence)
    second = _chosen(states, right, len(states) - 1)
    first = _chosen(states, left, max(0, second - 1))
    pieces = _marked(originals[first], originals[second], states[first], states[second])
    fields = tuple(_fields(originals[first], originals[second], states[first], states[second]))
    return Comparison(shown, states, states[first], states[second], *pieces, fields)


def states_of(finding: Finding, evidence: dict[str, Evidence]) -> tuple[State, ...]:
    """All states in the order of their times. A text that was pictured twice, as after a return, counts twice."""
    found: list[State] = []
    for number, version in enumerate(finding.versions, 1):
        looks = [evidence[name] for name in version.evidence_ids if name in evidence]
        pictured = [look for look in looks if _pictures((look,))]
        shots = _pictures(pictured[:1])
        found.append(State(f"{number}.1", version.seen_from, number, version=version, pictures=shots))
        for place, look in enumerate(pictured[1:], 2):
            shots = _pictures((look,))
            found.append(
                State(f"{number}.{place}", look.captured_at, number, version=version, pictures=shots)
            )
    for number, absence in enumerate(finding.absences, 1):
        looks = [evidence[name] for name in absence.evidence_ids if name in evidence]
        found.append(
            State(f"g{number}", absence.seen_from, number, absence=absence, pictures=_pictures(looks))
        )
    return tuple(sorted(found, key=lambda state: state.at))


def difference(left: str, right: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Characters [start, end) of either text that the other has not."""
    ones, others = _cut(_SENTENCE, left), _cut(_SENTENCE, right)
    if len(ones) + len(others) > _MOST_SENTENCES:
        return _whole(left), _whole(right)
    removed: list[tuple[int, int]] = []
    added: list[tuple[int, int]] = []
    texts = [left[start:end] for start, end in ones], [right[start:end] for start, end in others]
    for kind, a, b, c, d in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if kind != "equal":
            first, second = _hull(ones[a:b]), _hull(others[c:d])
            inner = _within(left[slice(*first)], right[slice(*second)])
            removed += [(first[0] + start, first[0] + end) for start, end in inner[0]]
            added += [(second[0] + start, second[0] + end) for start, end in inner[1]]
    return removed, added


def _within(left: str, right: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    ones, others = _cut(_WORD, left), _cut(_WORD, right)
    if not ones or not others or len(ones) + len(others) > _MOST_WORDS:
        return _whole(left), _whole(right)
    texts = [left[start:end] for start, end in ones], [right[start:end] for start, end in others]
    codes = SequenceMatcher(None, *texts, autojunk=False).get_opcodes()
    changed = [code for code in codes if code[0] != "equal"]
    return (
        [_hull(ones[a:b]) for _, a, b, _, _ in changed if b > a],
        [_hull(others[c:d]) for _, _, _, c, d in changed if d > c],
    )


def _cut(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [found.span() for found in pattern.finditer(text)]


def _hull(spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return (spans[0][0], spans[-1][1]) if spans else (0, 0)


def _whole(text: str) -> list[tuple[int, int]]:
    return [(0, len(text))] if text else []


def _marked(
    left: State, right: State, left_shown: State, right_shown: State
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    removed, added = difference(_text(left), _text(right))
    shown = _text(left_shown), _text(right_shown)
    if (len(shown[0]), len(shown[1])) != (len(_text(left)), len(_text(right))):
        removed, added = difference(*shown)  # a mask that does not keep lengths: what is seen is compared
    return tuple(_pieces(shown[0], removed)), tuple(_pieces(shown[1], added))


def _pieces(text: str, changed: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    here = 0
    for start, end in changed:
        if start > here:
            yield Piece(text[here:start], "same")
        if end > start:
            yield Piece(text[start:end], "changed")
        here = max(here, end)
    if here < len(text):
        yield Piece(text[here:], "same")


def _text(state: State) -> str:
    return written_text(state.version.post) if state.version else ""


def _fields(left: State, right: State, left_shown: State, right_shown: State) -> Iterator[Field]:
    """Fields beside the text that differ; nothing to compare where the post was gone."""
    if not (left.version and right.version and left_shown.version and right_shown.version):
        return
    raw, shown = (left.version.post, right.version.post), (left_shown.version.post, right_shown.version.post)
    for name, read in _READ.items():
        if read(raw[0]) != read(raw[1]):
            yield Field(name, read(shown[0]) or "无", read(shown[1]) or "无")
    before, after = ({one.sha256 or one.url for one in post.pictures} for post in raw)
    if before != after:
        told = f"{len(raw[1].pictures)} 张，其中 {len(after - before)} 张是新的"
        yield Field("帖中图片", f"{len(raw[0].pictures)} 张，其中 {len(before - after)} 张后来没有了", told)


def _author(post: Post) -> str:
    return post.author or ""


def _price(post: Post) -> str:
    return post.price or ""


def _region(post: Post) -> str:
    return post.region or ""


def _contacts(post: Post) -> str:
    return "、".join(post.contacts)


_READ = {"发布人": _author, "价格": _price, "地区": _region, "页面联系方式": _contacts}


def _pictures(looks: Sequence[Evidence]) -> tuple[Item, ...]:
    return tuple(item for look in looks for item in look.items if item.role == "screenshot")


def _chosen(states: Sequence[State], key: str, default: int) -> int:
    if not key:
        return default
    place = next((place for place, state in enumerate(states) if state.key == key), None)
    if place is None:
        raise NotFound("没有这一次记录")
    return place
