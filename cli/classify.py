"""`wangxun classify`: JSON lines in, one verdict line out for each, in order."""

from __future__ import annotations

import codecs
import gzip
import io
import itertools
import json
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TextIO, cast, get_args

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import BadInput
from core.model import Channel, Verdict
from nlp.judge import Judge, batched


class Line(BaseModel):
    """One foreign input line: unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str | int
    text: str
    # Exports write an empty column as null: it says as much as a column that is not there.
    title: str | None = None
    channel: Channel | None = None


class Asked(NamedTuple):
    """A line that can be judged."""

    id: str | int
    text: str
    title: str
    channel: Channel


Fault = dict[str, Any]
_CHANNELS = frozenset(get_args(Channel))
_GZIP = b"\x1f\x8b"  # RFC 1952, 2.3.1


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


def answer(verdict: Verdict, severity: int | None) -> dict[str, Any]:
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
        "severity": severity,
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
        "notes": list(verdict.notes),
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
    try:
        line = raw.decode("utf-8") if isinstance(raw, bytes) else raw
    except UnicodeDecodeError as error:
        # Judged with marks in place of its bytes, a line in GBK would be "clear": a miss that nobody sees.
        return _unread(number, f"not UTF-8 at byte {error.start + 1}: save the file as UTF-8")
    try:
        plain = json.loads(line)
    except ValueError as error:
        return _unread(number, f"not JSON: {error}")
    except RecursionError:
        return _unread(number, "not JSON that can be read: too many brackets within each other")
    if not isinstance(plain, dict):
        return _unread(number, "the line must be a JSON object")
    try:
        good = Line.model_validate(plain)
    except ValidationError as error:
        faults = "; ".join(_fault(dict(item)) for item in error.errors())
        identity = plain.get("id")
        named = isinstance(identity, str | int) and not isinstance(identity, bool)
        return _unread(number, faults, identity if named else None)
    return Asked(good.id, good.text, good.title or "", good.channel or "other")


def _unread(number: int, error: str, identity: str | int | None = None) -> Fault:
    return {"line": number, "id": identity, "error": error}


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
        if isinstance(found, dict):
            yield found
        else:
            yield {"id": found[0].id, **answer(found[1], judge.severity(found[1]))}


def _input(path: str) -> Iterator[bytes]:
    """The lines of a file, or of standard input; unpacked when they are packed.

    Raises BadInput when a gzip file breaks off or is spoiled.
    """
    with _opened(path) as stream:
        try:
            for number, line in enumerate(_unpacked(stream)):
                # Windows' editors put a mark before the first line of a file in UTF-8.
                yield line if number else line.removeprefix(codecs.BOM_UTF8)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise BadInput(f"{path} is no whole gzip file: {error}") from error


@contextmanager
def _opened(path: str) -> Iterator[io.BufferedReader[Any]]:
    if path == "-":
        yield io.BufferedReader(cast("io.RawIOBase", sys.stdin.buffer))
        return
    with Path(path).open("rb") as stream:
        yield stream


def _unpacked(stream: io.BufferedReader[Any]) -> Iterable[bytes]:
    return gzip.GzipFile(fileobj=stream) if stream.peek(2).startswith(_GZIP) else stream


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
        text = spelled if verdict is common else _spelled(answer(verdict, judge.severity(verdict)))
        if not (verdict.score or verdict.entities or verdict.region):
            common, spelled = verdict, text
        output.write(f'{{"id": {_spelled(line.id)}, {text[1:]}\n')
    return bad


def _spelled(found: object) -> str:
    # ASCII escapes, so that a lone surrogate in a text cannot break the output stream.
    return json.dumps(found, ensure_ascii=True)
