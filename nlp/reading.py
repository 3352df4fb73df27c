"""One text, read once: undisguised, its signals found, and what the groups of words say in numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.model import Entity
from core.rules import Signal, Violation
from nlp.disguise import Disguise, Plain
from nlp.entities import find_entities
from nlp.signals import GROUPS, Hits, Signals

# Longest text that is read; the longest real post known to us has 6,000 characters. A limit keeps a hostile page cheap.
LONGEST = 50_000
STEEPNESS = 2.0  # a rule's strength 1 is the even chance, 2 is 0.88: two independent signs convince
# The voice of authorities, media and victims: they speak of a deed, they do not offer it.
_REPORTED = re.compile(
    "通报|查处|责令|立案|罚款|处罚|曝光|记者|举报|严禁|整治|专项|公示|通告|本报|据悉|依法|警惕|避雷|被骗|维权|跑路|承诺书|倡议|监督电话"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Reading:
    """Everything that the verdict is made from."""

    plain: Plain
    hits: Hits
    entities: tuple[Entity, ...]
    strengths: dict[str, float]


class Reader:
    """Reads texts by the rules and word lists it was given."""

    def __init__(self, rules: Sequence[Violation], folder: Path) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: rule.id))
        self._disguise = Disguise(folder)
        self._signals = Signals(self.rules, folder)

    def read(self, text: str, title_length: int = 0) -> Reading:
        """Read `text`, whose first `title_length` characters are the title. Never raises."""
        clean = _SURROGATE.sub("\ufffd", text[:LONGEST])
        plain = self._disguise.undo(clean)
        title = sum(start < title_length for start in plain.starts) if title_length else 0
        hits = self._signals.find(plain.text, title)
        strengths = {rule.id: strength(rule, hits) for rule in self.rules}
        return Reading(
            plain, hits, find_entities(clean), {key: value for key, value in strengths.items() if value > 0}
        )


def strength(rule: Violation, hits: Hits) -> float:
    """How strongly the rule's signals speak, in [0, 1); 0 when what must occur together does not."""
    fired = {signal.name for signal in rule.signals if hits.get(f"{rule.id}.{signal.name}")}
    if not fired or (rule.needs and not any(fired.issuperset(together) for together in rule.needs)):
        return 0.0
    total = _weight(rule, rule.signals, hits) - _weight(rule, rule.excuses, hits)
    return 1 / (1 + math.exp(-STEEPNESS * (total - 1)))


def _weight(rule: Violation, signals: Sequence[Signal], hits: Hits) -> float:
    return sum(signal.weight for signal in signals if hits.get(f"{rule.id}.{signal.name}"))


def numbers(reading: Reading) -> dict[str, float]:
    """Named numbers in [0, 1] for the learned model."""
    found = {f"@{name}": _saturate(len(set(reading.hits.get(f"@{name}")))) for name in GROUPS}
    found |= {f"rule:{code}": value for code, value in reading.strengths.items()}
    kinds = {entity.kind for entity in reading.entities}
    found |= {f"entity:{kind}": 1.0 for kind in kinds}
    found["disguised"] = _saturate(len(reading.plain.changes))
    found["subject*children"] = math.sqrt(found["@subjects"] * found["@children"])
    found["subject*teaching"] = math.sqrt(found["@subjects"] * found["@teaching"])
    found["core"] = (
        found["@subjects"] * found["@teaching"] * max(found["@offering"], found["@seeking"])
    ) ** (1 / 3)
    found["deal"] = 1.0 if kinds & {"price", "phone", "wechat", "qq"} else 0.0
    found["core*news"] = found["core"] * found["@news"]
    found["core*arts"] = found["core"] * max(found["@arts"], found["@sports"], found["@science"])
    found["core*adult"] = found["core"] * found["@adult"]
    found["core*free"] = found["core"] * found["@nonteaching"]
    found["reported"] = 1.0 if _REPORTED.search(reading.plain.text) else 0.0
    found["long"] = min(1.0, len(reading.plain.text) / 1000)
    return found


def _saturate(count: int) -> float:
    return 1 - 0.5**count  # the first hit tells most
