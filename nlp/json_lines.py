"""Files of JSON lines, read into records; what is broken is named by file, line and field, with the mend."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from core.errors import BadInput

AnyLine = TypeVar("AnyLine", bound=BaseModel)


def json_lines(path: Path, kind: type[AnyLine]) -> Iterator[AnyLine]:
    """The lines of a file, packed (.gz) or not, read as they are asked for. Raises BadInput, also for a file of no line."""
    opener = gzip.open if path.suffix == ".gz" else open
    number = 0
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                yield _line(path, number, line, kind)
    # Of a packed file its end may be missing (EOFError) or its middle be damaged (zlib.error).
    except (OSError, UnicodeDecodeError, EOFError, zlib.error) as error:
        raise BadInput(
            f"{path}: cannot be read behind line {number}: {error}; bring the file again"
        ) from error
    if not number:
        raise BadInput(f"{path}: no line in it; write one JSON object a line")


def _line(path: Path, number: int, line: str, kind: type[AnyLine]) -> AnyLine:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the line"
        raise BadInput(f"{path}:{number}: {field}: {first['msg']}; mend the line") from error
