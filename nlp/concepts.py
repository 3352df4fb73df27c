"""Concepts: what the word groups say in numbers - which are named, how densely, how near each other, and where.

The learned model weighs these beside characters and words. They carry what we know of the field to words that no
training text happened to hold: whoever adds an instrument to `arts.txt` has taught it to every judge.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence

from core.model import Entity
from nlp.signals import GROUPS, Hits, Place

# Groups whose nearness changes the meaning: "数学 … 辅导" in one clause is tuition, pages apart it is chance.
NEIGHBOURS = (
    ("subjects", "teaching"), ("subjects", "children"), ("children", "teaching"), ("subjects", "hire"),
    ("subjects", "training_org"), ("subjects", "enrol"), ("teaching", "enrol"), ("children", "enrol"),
    ("outcome", "teaching"), ("teaching", "paying"), ("subjects", "paying"), ("trade_exam", "enrol"), ("arts", "enrol"),
    ("sports", "enrol"), ("adult", "teaching"), ("arts", "teaching"), ("sports", "teaching"), ("science", "teaching"),
    ("trade_exam", "teaching"), ("seeking", "teaching"), ("seeking", "children"), ("school_org", "hire"),
    ("training_org", "hire"), ("news", "teaching"), ("goods", "subjects"), ("care", "enrol"), ("subjects", "care"),
    ("question", "teaching"), ("warning", "teaching"), ("nonteaching", "teaching"),
    ("service", "enrol"), ("service", "offering"), ("service", "arts"), ("service", "children"), ("service", "question"),
    ("service", "daily"), ("service", "news"), ("service", "nonteaching"), ("staff", "enrol"), ("staff", "teaching"),
    ("employer_tuition", "hire"), ("employer_school", "hire"),
    ("past", "service"), ("past", "paying"), ("refused", "service"), ("witness", "service"), ("schoolday", "subjects"),
    ("grown", "subjects"), ("grown", "service"), ("grown", "children"), ("university", "service"),
)  # fmt: skip
# Groups that are weighed two by two.
TOGETHER = (
    "subjects", "teaching", "children", "enrol", "hire", "outcome", "school_org", "training_org", "trade_exam", "arts",
    "sports", "science", "care", "notice", "question", "news", "seeking", "agent", "goods", "nonteaching", "paying",
    "warning", "daily", "service", "staff", "employer_tuition", "employer_school",
    "past", "refused", "witness", "schoolday", "university", "grown",
)  # fmt: skip
OPENING = 24  # characters in which a post says who speaks: an address, an employer, a headline
CLOSING = 24  # characters at the end, where a story turns out to be an offer, or an offer to be refused
ENDS = (
    "service", "subjects", "teaching", "children", "offering", "seeking", "paying", "enrol", "call", "agent", "talk",
    "past", "refused", "witness",
)  # fmt: skip
HEADS = (
    "news", "question", "school_org", "training_org", "hire", "seeking", "subjects", "arts", "sports",
    "trade_exam", "warning", "service", "employer_tuition", "employer_school",
)  # fmt: skip
REACH = 8.0  # characters after which nearness has fallen to a third: about half a clause
FULL = 8  # a text is full of a group when every eighth character begins one of its words: a bare list of subjects
ADDRESS = 15  # characters in which a message addresses its reader (尊敬的家长朋友您好)
# What an offer is of, and what makes an offer of it no offer to children.
OFFERED = ("service", "subjects", "teaching", "staff", "outcome", "agent")
OTHERS = ("arts", "sports", "science", "care")
SILENCING = {"talk", "adult", "news"}
# What is named alone, without any other field or voice, and what would be one.
PURE = ("subjects", "teaching", "service", "children")
OTHERWISE = {
    "talk", "adult", "trade_exam", "news", "warning", "notice", "question", "daily", "goods", "nonteaching", "arts", "sports",
    "science", "school_org", "employer_school", "school",
}  # fmt: skip
SHORT = 20  # texts shorter than this count as this long, or one word would fill them
LONG = 400.0  # characters; advertisements longer than this are rare and differ no more
NOT = re.compile(r"(?:不|没|无|非|勿|禁止|严禁|谢绝|拒绝|免谈)[^,。;!\n]{0,4}$")
BEFORE = 8  # characters before a word of teaching in which a negation is looked for
_NUMBER = re.compile("[0-9x]{7,}")
# The names of numbers, made once: a text that is read has some forty.
_NAMED = {name: f"@{name}" for name in GROUPS}
_DENSE = {name: f"dense:{name}" for name in GROUPS}
_BESIDE = {left: {right: f"{left}*{right}" for right in TOGETHER} for left in TOGETHER}
_NEARBY = tuple((left, right, f"{left}~{right}") for left, right in NEIGHBOURS)


def concepts(
    text: str, hits: Hits, entities: Sequence[Entity], strengths: Mapping[str, float], disguises: int
) -> dict[str, float]:
    """Named numbers in [0, 1] of a plain text; what is nought is left out."""
    # Every suspicious post comes through here: what is not named costs one look.
    seen = hits.places
    places = {name: found for name, key in _NAMED.items() if (found := seen.get(key))}
    named = {name: _saturate(_distinct(text, found)) for name, found in places.items()}
    length = max(SHORT, len(text))
    numbers = {_NAMED[name]: value for name, value in named.items()}
    for name, found in places.items():
        numbers[_DENSE[name]] = min(1.0, FULL * len(found) / length)
    numbers.update(_placed(text, places))
    numbers.update(_near(places))
    together = [(name, named[name]) for name in TOGETHER if name in named]
    for place, (left, much) in enumerate(together):
        beside = _BESIDE[left]
        for right, more in together[place + 1 :]:
            numbers[beside[right]] = math.sqrt(much * more)
    numbers.update(_claims(text, places))
    for code, value in strengths.items():
        numbers[f"rule:{code}"] = value
    for entity in entities:
        numbers[f"entity:{entity.kind}"] = 1.0
    numbers.update(_form(text, places, disguises))
    return {name: value for name, value in numbers.items() if value}


def _placed(text: str, places: Mapping[str, Sequence[Place]]) -> Iterator[tuple[str, float]]:
    """What a post opens and what it closes with."""
    for name in HEADS:
        if name in places and places[name][0][0] < OPENING:
            yield f"open:{name}", 1.0
    for name in ENDS:
        if name in places and places[name][-1][1] > len(text) - CLOSING:
            yield f"close:{name}", 1.0


def _claims(text: str, places: Mapping[str, Sequence[Place]]) -> dict[str, float]:
    """What is offered or hired for in earnest: named, and neither to adults nor in talk; `sold` calls upon the reader."""
    claims = {f"pure:{name}": 1.0 for name in PURE if name in places and not OTHERWISE & places.keys()}
    if "hire" in places and {"subjects", "service", "teaching"} & places.keys():
        school = {"employer_school", "school_org"} & places.keys()
        claims["hires:school" if school else "hires:tuition"] = float(not SILENCING & places.keys())
    if _in_earnest(text, places):
        claims |= {f"sold:{name}": 1.0 for name in OFFERED if _affirmed(text, places.get(name, ()))}
        if not {"subjects", "service"} & places.keys():
            claims |= {f"sold:{name}": 1.0 for name in OTHERS if name in places}
    return claims


def _in_earnest(text: str, places: Mapping[str, Sequence[Place]]) -> bool:
    """Whether the reader is called upon. Who leaves a number may ask (成绩不好怎么办?) and notify (通知) and still sells."""
    numbered = bool(_NUMBER.search(text))
    calls = "call" in places
    if "talk" in places or ("adult" in places and "children" not in places):
        return False
    return (numbered and calls) or ((calls or numbered) and not {"question", "news"} & places.keys())


def _affirmed(text: str, found: Sequence[Place]) -> bool:
    return any(not NOT.search(text, max(0, start - BEFORE), start) for start, _ in found)


def _distinct(text: str, places: Sequence[Place]) -> int:
    return len({text[start:end] for start, end in places}) if len(places) > 1 else len(places)


def _near(places: Mapping[str, Sequence[Place]]) -> Iterator[tuple[str, float]]:
    for left, right, name in _NEARBY:
        if left in places and right in places:
            yield name, math.exp(-_gap(places[left], places[right]) / REACH)


def _gap(left: Sequence[Place], right: Sequence[Place]) -> int:
    """The fewest characters between a place of one and a place of the other; both are ordered by start."""
    best, ahead = 10_000, 0
    for start, end in left:
        while ahead < len(right) and right[ahead][0] < start:
            ahead += 1
        if ahead < len(right):
            best = min(best, max(0, right[ahead][0] - end))
        if ahead:
            best = min(best, max(0, start - right[ahead - 1][1]))
        if best == 0:
            break
    return best


def _form(text: str, places: Mapping[str, Sequence[Place]], disguises: int) -> dict[str, float]:
    negated = sum(
        bool(NOT.search(text, max(0, start - BEFORE), start)) for start, _ in places.get("teaching", ())
    )
    return {
        "negated": _saturate(negated), "disguised": _saturate(disguises), "long": min(1.0, len(text) / LONG),
        "asks": float(text.rstrip().endswith("?")), "numbers": _saturate(len(_NUMBER.findall(text))),
        "signed": float("【" in text), "addressed": float("家长" in text[:ADDRESS]),
    }  # fmt: skip


def _saturate(count: int) -> float:
    return 1 - 0.5**count  # the first hit tells most
