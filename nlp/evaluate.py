"""Measuring a judge on labelled posts, and comparing two judges post by post: the rehearsal before a change goes live."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from core.model import Channel, Code, Role, Verdict
from nlp.evaluate_entities import Named, entity_figures, misread
from nlp.figures import detection, share
from nlp.json_lines import json_lines
from nlp.judge import Judge

BINS = 10  # of the calibration table
# What a change may do to a post.
KINDS = ("newly flagged", "dropped", "newly unsure", "no longer unsure", "other codes")
EXCERPT = 120  # characters of a confused post shown: enough to see why


class Case(BaseModel):
    """One labelled post; only `text` and `label` must be there, unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    text: str
    label: Literal["violation", "lawful", "unsure"]
    id: str | int | None = None
    title: str | None = None
    channel: Channel | None = None
    codes: tuple[Code, ...] | None = None
    role: Role | None = None
    pair: str | int | None = None
    kind: str | None = None
    disguised: bool | str | None = None
    entities: Named | None = None

    @property
    def violation(self) -> bool:
        """Whether it must be flagged."""
        return self.label == "violation"


def read_cases(path: Path) -> list[Case]:
    """The cases of a file of JSON lines, packed (.gz) or not. Raises BadInput naming the line."""
    return list(json_lines(path, Case))


def judged(judge: Judge, cases: Iterable[Case]) -> list[Verdict]:
    """The verdict on each case."""
    return list(judge.judge_texts((case.text, case.title or "", case.channel or "other") for case in cases))


def evaluate(cases: Sequence[Case], verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """All figures. Cases labelled unsure are neither class: they only count in `unsure labels`."""
    both = [(case, verdict) for case, verdict in zip(cases, verdicts, strict=True) if case.label != "unsure"]
    return {
        "posts": len(both),
        "unsure labels": len(cases) - len(both),
        "all": _detected(both),
        "unsure": share(sum(verdict.decision == "unsure" for _, verdict in both), len(both)),
        "kind": _grouped(both, "kind"),
        "disguised": _grouped(both, "disguised"),
        "role": _roles(both),
        "codes": _codes(both),
        "pairs": _pairs(both),
        "entities": entity_figures(_named(both)),
        "calibration": _calibration(both),
        "confused": list(_confused(both)),
        "misread entities": [
            {"id": case.id, **fault, "text": _excerpt(case)}
            for case, verdict in both
            if case.entities is not None
            for fault in misread(case.entities, verdict)
        ],
    }


Both = Sequence[tuple[Case, Verdict]]


def _named(both: Both) -> list[tuple[Named, Verdict]]:
    return [(case.entities, verdict) for case, verdict in both if case.entities is not None]


def _detected(both: Both) -> dict[str, Any]:
    return detection(
        [case.violation for case, _ in both], [verdict.decision == "flagged" for _, verdict in both]
    )


def _grouped(both: Both, field: str) -> dict[str, Any]:
    groups: dict[str, list[tuple[Case, Verdict]]] = defaultdict(list)
    for case, verdict in both:
        if (value := getattr(case, field)) is not None:
            groups[str(value)].append((case, verdict))
    return {name: _detected(members) for name, members in sorted(groups.items())}


def _roles(both: Both) -> dict[str, Any]:
    """Over violations with a labelled role: each role as one answer among several (a violation that was not found has
    none), how many of its violations were found, and how many of those were given it.
    """
    said = [
        (case.role, verdict.role if verdict.decision == "flagged" else None)
        for case, verdict in both
        if case.violation and case.role is not None
    ]
    return {role: _role(role, said) for role in sorted({truth for truth, _ in said})}


def _role(role: Role, said: Sequence[tuple[Role, Role | None]]) -> dict[str, Any]:
    whole = detection([truth == role for truth, _ in said], [answer == role for _, answer in said])
    found = [answer for truth, answer in said if truth == role and answer is not None]
    return {
        **{name: whole[name] for name in ("precision", "recall", "f1")},
        "found": share(len(found), sum(truth == role for truth, _ in said)),
        "role right": share(found.count(role), len(found)),
    }


def _codes(both: Both) -> dict[str, Any]:
    """Over violations with labelled codes: each code, and all codes together (micro)."""
    said = [
        (set(case.codes), set(verdict.codes) if verdict.decision == "flagged" else set())
        for case, verdict in both
        if case.violation and case.codes is not None
    ]
    names = sorted({name for truth, answer in said for name in truth | answer})
    pairs = {
        name: ([name in truth for truth, _ in said], [name in answer for _, answer in said]) for name in names
    }
    if not pairs:
        return {}
    whole = detection(
        *(list(itertools.chain.from_iterable(side)) for side in zip(*pairs.values(), strict=True))
    )
    return {"all codes": whole, **{name: detection(*pair) for name, pair in pairs.items()}}


def _pairs(both: Both) -> dict[str, Any]:
    answers: dict[str, list[bool]] = defaultdict(list)
    for case, verdict in both:
        if case.pair is not None:
            answers[str(case.pair)].append(case.violation == (verdict.decision == "flagged"))
    complete = [all(answer) for answer in answers.values() if len(answer) > 1]
    return {"right on both sides": share(sum(complete), len(complete))} if complete else {}


def _calibration(both: Both) -> list[dict[str, Any]]:
    """By tenths of the score: how many posts, their mean score, and the share that really are violations."""
    bins: dict[int, list[tuple[Case, Verdict]]] = defaultdict(list)
    for case, verdict in both:
        bins[min(BINS - 1, int(verdict.score * BINS))].append((case, verdict))
    return [
        {
            "from": place / BINS, "mean score": round(sum(verdict.score for _, verdict in bins[place]) / len(bins[place]), 4),
            "violations": share(sum(case.violation for case, _ in bins[place]), len(bins[place])),
        }
        for place in sorted(bins)
    ]  # fmt: skip


def _confused(both: Both) -> Iterator[dict[str, Any]]:
    """What to read: lawful posts that were flagged, violations that were cleared, and all that stayed unsure."""
    for case, verdict in both:
        if verdict.decision == "unsure" or case.violation != (verdict.decision == "flagged"):
            quoted = [reason.span.text for item in verdict.suspicions for reason in item.reasons]
            yield {
                "id": case.id, "label": case.label, "decision": verdict.decision, "score": verdict.score,
                "codes": list(verdict.codes), "quoted": list(dict.fromkeys(quoted))[:5], "text": _excerpt(case),
            }  # fmt: skip


def _excerpt(case: Case) -> str:
    return f"{case.title or ''} {case.text}".strip().replace("\n", " / ")[:EXCERPT]


def compare(cases: Sequence[Case], old: Sequence[Verdict], new: Sequence[Verdict]) -> dict[str, Any]:
    """What the change newly flags, drops, leaves to officers as unsure and calls by other codes, with the labels where
    the posts have one; and how many posts wait for officers before and after.
    """
    changes: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for case, before, after in zip(cases, old, new, strict=True):
        kind = changed(before, after)
        if kind:
            changes[kind].append(
                {
                    "id": case.id, "label": case.label, "before": before.decision, "after": after.decision,
                    "codes before": list(before.codes), "codes after": list(after.codes), "text": _excerpt(case),
                }
            )  # fmt: skip
    return {"posts": len(cases), "waiting": waiting(old, new), **changes}


def waiting(old: Sequence[Verdict], new: Sequence[Verdict]) -> dict[str, dict[str, int]]:
    """How many posts are flagged and how many unsure, before and after: the length of the officers' queues."""
    sides = {"before": old, "after": new}
    return {
        decision: {name: sum(one.decision == decision for one in side) for name, side in sides.items()}
        for decision in ("flagged", "unsure")
    }


def changed(before: Verdict, after: Verdict) -> str | None:
    """One of KINDS, or None. A post that was flagged and is unsure now is dropped."""
    was, is_now = before.decision, after.decision
    if was == is_now:
        return "other codes" if was == "flagged" and set(before.codes) != set(after.codes) else None
    if "flagged" in (was, is_now):
        return "newly flagged" if is_now == "flagged" else "dropped"
    return "newly unsure" if is_now == "unsure" else "no longer unsure"
