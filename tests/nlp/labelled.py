"""Posts of our own with their contacts, prices and places marked: read, and compared with what is found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from core.model import Entity, Region
from core.regions import load_regions

FOLDER = Path(__file__).parent / "data"
_MARK = re.compile(
    r"\{(?:(?P<kind>pw|qw|[pwqeu]):|\$(?P<amount>[\d.-]+)/(?P<unit>[a-z]+):)(?P<inside>[^{}]*)\}"
)
_KINDS = {
    "p": ("phone",), "w": ("wechat",), "q": ("qq",), "pw": ("phone", "wechat"), "qw": ("qq", "wechat"),
    "e": ("email",), "u": ("url",),
}  # fmt: skip
Key = tuple[str, str, int, int]


@dataclass(frozen=True)
class Labelled:
    """`entities` are (kind, value, start, end); `region` is a code, "" for none, None where people may differ."""

    text: str
    entities: frozenset[Key]
    units: dict[int, str]
    region: str | None


def read_half(held_back: bool) -> list[Labelled]:
    """The half that rules were built on, or the other: every second line."""
    lines = [
        line
        for path in sorted(FOLDER.glob("entities_*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    return [_post(line) for line in lines[int(held_back) :: 2]]


def _post(line: str) -> Labelled:
    place, marked = line.replace("\\n", "\n").split("\t")
    text, entities, units, done = "", set(), {}, 0
    for mark in _MARK.finditer(marked):
        text += marked[done : mark.start()]
        value, _, written = mark["inside"].rpartition("|") if mark["kind"] else ("", "", mark["inside"])
        span = (len(text), len(text) + len(written))
        for kind in _KINDS[mark["kind"]] if mark["kind"] else ("price",):
            entities.add((kind, mark["amount"] or value or written, *span))
        if mark["unit"]:
            units[span[0]] = mark["unit"]
        text, done = text + written, mark.end()
    return Labelled(text + marked[done:], frozenset(entities), units, _code(place))


def _code(place: str) -> str | None:
    if place in ("-", "*"):
        return "" if place == "-" else None
    *above, name = place.split(">")
    regions = load_regions()
    fitting = [
        code
        for code in regions.by_name[name]
        if all(any(step.name == wide for step in regions.path(code)) for wide in above)
    ]
    return min(fitting, key=len) if name.endswith("市") and not above else fitting[0]


def scores(posts: Iterable[Labelled], find: Callable[[str], tuple[Entity, ...]]) -> dict[str, float]:
    """F1 per kind: a find is right when kind and value are and its span touches the marked one."""
    right: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for post in posts:
        lost, false = differences(post, find(post.text))
        right.update(kind for kind, *_ in post.entities if kind)
        right.subtract(kind for kind, *_ in lost)
        missed.update(kind for kind, *_ in lost)
        wrong.update(kind for kind, *_ in false)
    return {
        kind: 2 * right[kind] / (2 * right[kind] + missed[kind] + wrong[kind])
        for kind in {*right, *wrong}
        if right[kind] + missed[kind] + wrong[kind]
    }


def differences(post: Labelled, found: Iterable[Entity]) -> tuple[set[Key], set[Key]]:
    """Marked but not found, and found but not marked, of the kinds that are marked in the set."""
    kinds = {kind for together in _KINDS.values() for kind in together} | {"price"}
    seen = {(item.kind, item.value, item.span.start, item.span.end) for item in found if item.kind in kinds}

    def meets(one: Key, others: Iterable[Key]) -> bool:
        return any(one[:2] == other[:2] and one[2] < other[3] and other[2] < one[3] for other in others)

    lost = {mark for mark in post.entities if not meets(mark, seen)}
    return lost, {mark for mark in seen if not meets(mark, post.entities)}


def region_right(post: Labelled, region: Region | None) -> bool:
    """Right at the depth that was marked, or deeper in the same place; none where none is named."""
    code = region.code if region else ""
    return code.startswith(post.region) if post.region else post.region is None or code == ""
