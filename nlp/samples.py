"""Labelled texts to learn from and to measure with: real posts, our corpus, the examples of the violation files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from core.model import Code, Role
from core.rules import Violation
from core.text import fold
from core.yaml_file import read_yaml
from nlp.evaluate import Case, read_cases
from nlp.json_lines import json_lines

HELD_OUT = 5  # one real post in five is kept apart from all that is measured, see nlp/train.py
HELD_OUT_BATCH = "held out"
REAL_BATCHES = 5
BACKGROUND_BATCH = "background"
BACKGROUND = 2  # one line of the background in two is never learned from
CORPUS = Path(__file__).with_name("corpus")


@dataclass(frozen=True)
class Sample:
    """One labelled text. `codes` and `role` are None where nobody has labelled them (real posts, decisions without
    codes); `shows` is a code that the text shows for certain, maybe among others (an example in a violation file).

    `batch` is whose text it is: a fold never learns from the author it is measured on.
    """

    text: str
    violation: bool
    kind: str
    batch: str
    codes: frozenset[Code] | None = None
    role: Role | None = None
    pair: str | None = None
    shows: Code | None = None


class Line(BaseModel):
    """A line of the background; other fields are ignored."""

    text: str


def real_samples(path: Path) -> Iterator[Sample]:
    """Labelled real posts; those marked unsure are neither class and left out. Raises BadInput naming a broken line."""
    for case in read_cases(path):
        if case.label != "unsure":
            text, kind = case.text, case.kind or "real"
            fold_of = f"real {_digest(text[::-1]) % REAL_BATCHES}"
            yield Sample(text, case.violation, kind, HELD_OUT_BATCH if held_out(text) else fold_of)


def background_samples(path: Path) -> Iterator[Sample]:
    """The half of an unlabelled background (JSON lines) that may be learned from, taken for lawful. Raises BadInput naming a broken line."""
    for line in json_lines(path, Line):
        if learned_background(line.text):
            yield Sample(line.text, False, "background", BACKGROUND_BATCH)


def learned_background(text: str) -> bool:
    """Whether a line of the background may be learned from; the others are for measuring."""
    return _digest(text) % BACKGROUND == 0


def corpus_samples(folder: Path = CORPUS) -> Iterator[Sample]:
    """The corpus and, in `entities`, the posts that were written for what they name; each file is one author's batch.

    Not every author was asked for codes; a role that a violation cannot have tells none. Raises BadInput naming a broken line.
    """
    for path in sorted([*folder.glob("*.jsonl"), *folder.glob("entities/*.jsonl")]):
        for case in read_cases(path):
            if case.label != "unsure":
                yield _sample(case, path.stem)


def _sample(case: Case, batch: str) -> Sample:
    text = f"{case.title}\n{case.text}" if case.title else case.text
    codes = None if case.codes is None else frozenset(case.codes)
    role = None if case.violation and case.role == "other" else case.role
    pair = None if case.pair is None else str(case.pair)
    return Sample(text, case.violation, "corpus", batch, codes, role, pair)


def example_samples(rules: Sequence[Violation]) -> Iterator[Sample]:
    """The rules' own examples; a flagged one shows its code, and maybe others."""
    for rule in rules:
        for texts, violation in ((rule.examples.flagged, True), (rule.examples.clear, False)):
            for text in texts:
                yield Sample(text, violation, "example", "examples", shows=rule.id if violation else None)


def read_rules(folder: Path) -> list[Violation]:
    """The violation files of a folder, as they are; `core.catalog` is the one that explains faults."""
    return [
        Violation.model_validate_json(json.dumps(read_yaml(path))) for path in sorted(folder.glob("*.yml"))
    ]


def decided_sample(text: str, violation: bool, codes: frozenset[Code] | None = None) -> Sample:
    """A post as an officer decided it; dealt into five batches, so that four judge the fifth.

    `codes`: all violations that he says it shows, None where he did not say.
    """
    return Sample(text, violation, "decision", f"officers {_digest(text[::-1]) % REAL_BATCHES}", codes)


def held_out(text: str) -> bool:
    """Whether a real post is kept for measuring; equal texts fall on the same side."""
    return _digest(text) % HELD_OUT == 0


def _digest(text: str) -> int:
    return int(hashlib.sha256(fold(text).encode("utf-8", "replace")).hexdigest()[:8], 16)
