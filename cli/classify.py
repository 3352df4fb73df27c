"""`wangxun classify`: JSON lines in, one verdict line out for each, in order."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TextIO, get_args

import orjson
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


class Asked(NamedTuple):
    """A line that can be judged."""

    id: str | int
    text: str
    title: str
    channel: Channel


Fault = dict[str, Any]
_CHANNELS = frozenset(get_args(Channel))


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


def answer(verdict: Verdict) -> dict[str, Any]:
    """The output line for one post, without its id."""
    # Most verdicts have no reasons: dumping the whole of each would cost as much as judging it.
    reasons = [
        {"code": item.code, **reason.model_dump(mode="json")}
        for item in verdict.suspicions
        for reason in item.reasons
    ]
    return {
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


def _read(number: int, raw: str | bytes) -> Asked | Fault:
    try:
        plain = orjson.loads(raw)
    except ValueError:
        return _read_slowly(
            number, raw
        )  # what it refuses may be good (half a surrogate pair), or wants a plain word
    if type(plain) is not dict:
        return _read_slowly(number, raw)
    identity, text, title = plain.get("id"), plain.get("text"), plain.get("title", "")
    channel = plain.get("channel", "other")
    # Whatever is not plainly right (a number beyond 64 bits, a fault) is looked at by the slower reader.
    if (
        isinstance(identity, str | int)
        and not isinstance(identity, bool)
        and isinstance(text, str)
        and isinstance(title, str)
        and _is_channel(channel)
    ):
        return Asked(identity, text, title, channel)
    return _read_slowly(number, raw)


def _is_channel(value: object) -> bool:
    return isinstance(value, str) and value in _CHANNELS


def _read_slowly(number: int, raw: str | bytes) -> Asked | Fault:
    # Wrong bytes become marks instead of ending the run: one bad line must not lose the others.
    line = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    try:
        plain = json.loads(line)
    except ValueError as error:
        return {"line": number, "id": None, "error": f"not JSON: {error}"}
    if not isinstance(plain, dict):
        return {"line": number, "id": None, "error": "the line must be a JSON object"}
    try:
        good = Line.model_validate(plain)
    except ValidationError as error:
        faults = "; ".join(_fault(dict(item)) for item in error.errors())
        identity = plain.get("id")
        return {"line": number, "id": identity if isinstance(identity, str | int) else None, "error": faults}
    return Asked(good.id, good.text, good.title, good.channel)


def _fault(item: dict[str, Any]) -> str:
    field = str(item["loc"][0])
    if field == "channel":
        return f"field 'channel': not one of {', '.join(get_args(Channel))}"
    return f"field {field!r}: {item['msg']}"


def _judged(judge: Judge, lines: Iterable[str | bytes]) -> Iterator[tuple[Asked, Verdict] | Fault]:
    """Each line with its verdict, or its fault, in order."""
    for batch in batched(itertools.starmap(_read, enumerate(lines, 1))):
        good = [(line.text, line.title, line.channel) for line in batch if isinstance(line, Asked)]
        verdicts = judge.judge_texts(good)
        for line in batch:
            yield (line, next(verdicts)) if isinstance(line, Asked) else line


def run(judge: Judge, lines: Iterable[str | bytes]) -> Iterator[dict[str, Any]]:
    """One answer for each line, errors in their place."""
    for found in _judged(judge, lines):
        yield found if isinstance(found, dict) else {"id": found[0].id, **answer(found[1])}


def _input(path: str) -> Iterator[str] | Iterator[bytes]:
    if path == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        yield from sys.stdin
        return
    with Path(path).open("rb") as stream:
        yield from stream


def classify_file(judge: Judge, path: str, output: TextIO) -> int:
    """Write the answers; returns how many lines could not be read."""
    bad = 0
    common: Verdict | None = None  # one verdict stands for all texts that say nothing: it is spelled once
    spelled = ""
    for found in _judged(judge, _input(path)):
        if isinstance(found, dict):
            bad += 1
            output.write(_spelled(found) + "\n")
            continue
        line, verdict = found
        text = spelled if verdict is common else _spelled(answer(verdict))
        if not (verdict.score or verdict.entities or verdict.region):
            common, spelled = verdict, text
        output.write(f'{{"id": {_spelled(line.id)}, {text[1:]}\n')
    return bad


def _spelled(found: object) -> str:
    # ASCII escapes, so that a lone surrogate in a text cannot break the output stream.
    return json.dumps(found, ensure_ascii=True)
