"""`wangxun classify`: JSON lines in, one verdict line out for each, in order."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from core.model import Channel, Verdict
from nlp.judge import Judge, batched


class Line(BaseModel):
    """One foreign input line: unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str | int
    text: str
    title: str = ""
    channel: Channel = "other"


def entities_of(verdict: Verdict) -> dict[str, list[dict[str, Any]]]:
    """Entities by kind, each `{value, text, start, end}` and `unit` for prices."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entity in verdict.entities:
        span = entity.span
        entry: dict[str, Any] = {
            "value": entity.value,
            "text": span.text,
            "start": span.start,
            "end": span.end,
        }
        if entity.unit is not None:
            entry["unit"] = entity.unit
        found.setdefault(entity.kind, []).append(entry)
    return found


def answer(line: Line, verdict: Verdict) -> dict[str, Any]:
    """The output line for one post."""
    # Most verdicts have no reasons: dumping the whole of each would cost as much as judging it.
    reasons = [
        {"code": item.code, **reason.model_dump(mode="json")}
        for item in verdict.suspicions
        for reason in item.reasons
    ]
    return {
        "id": line.id,
        "decision": verdict.decision,
        "violation": verdict.decision == "flagged",
        "score": round(verdict.score, 4),
        "codes": list(verdict.codes),
        "role": verdict.role,
        "category": verdict.category,
        "subjects": list(verdict.subjects),
        "stages": list(verdict.stages),
        "region": verdict.region.model_dump(mode="json") if verdict.region else None,
        "entities": entities_of(verdict),
        "reasons": reasons,
        "counter": [reason.model_dump(mode="json") for reason in verdict.counter],
        "absent": list(verdict.absent),
        "elements": [element.model_dump(mode="json") for element in verdict.elements],
    }


def _read(number: int, raw: str) -> Line | dict[str, Any]:
    try:
        plain = json.loads(raw)
    except ValueError as error:
        return {"line": number, "id": None, "error": f"not JSON: {error}"}
    if not isinstance(plain, dict):
        return {"line": number, "id": None, "error": "the line must be a JSON object"}
    try:
        return Line.model_validate(plain)
    except ValidationError as error:
        faults = "; ".join(_fault(dict(item)) for item in error.errors())
        identity = plain.get("id")
        return {"line": number, "id": identity if isinstance(identity, str | int) else None, "error": faults}


def _fault(item: dict[str, Any]) -> str:
    field = str(item["loc"][0])
    if field == "channel":
        return f"field 'channel': not one of {', '.join(get_args(Channel))}"
    return f"field {field!r}: {item['msg']}"


def run(judge: Judge, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """One answer for each line, errors in their place."""
    for batch in batched(itertools.starmap(_read, enumerate(lines, 1))):
        good = [(line.text, line.title, line.channel) for line in batch if isinstance(line, Line)]
        verdicts = judge.judge_texts(good)
        for line in batch:
            yield answer(line, next(verdicts)) if isinstance(line, Line) else line


def _input(path: str) -> Iterator[str]:
    # Wrong bytes become marks instead of ending the run: one bad line must not lose the others.
    stream: TextIO
    if path == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        yield from sys.stdin
        return
    with Path(path).open(encoding="utf-8", errors="replace", newline="\n") as stream:
        yield from stream


def classify_file(judge: Judge, path: str, output: TextIO) -> int:
    """Write the answers; returns how many lines could not be read."""
    bad = 0
    for found in run(judge, _input(path)):
        bad += "error" in found
        # ASCII escapes, so that a lone surrogate in a text cannot break the output stream.
        output.write(json.dumps(found, ensure_ascii=True) + "\n")
    return bad
