"""Files of JSON lines: what is read, and how each fault of a file is named."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from pydantic import BaseModel

from core.errors import BadInput
from nlp.json_lines import json_lines


class Line(BaseModel):
    text: str


PACKED = gzip.compress("".join(json.dumps({"text": f"第{i}行{i * i}"}) + "\n" for i in range(2000)).encode())


def test_lines_are_read_packed_or_not(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "数学"}\n{"text": "语文", "more": 1}\n', encoding="utf-8")
    (tmp_path / "b.jsonl.gz").write_bytes(PACKED)
    assert [line.text for line in json_lines(tmp_path / "a.jsonl", Line)] == ["数学", "语文"]
    assert len(list(json_lines(tmp_path / "b.jsonl.gz", Line))) == 2000


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.jsonl", b'{"text": "a"}\n{"text": 1}\n', r"a\.jsonl:2: text: .*; mend the line"),
        ("a.jsonl", b'{"text": "a"}\n[\n', r"a\.jsonl:2: the line: Invalid JSON"),
        ("a.jsonl", b"", r"a\.jsonl: no line in it"),
        ("a.jsonl", '{"text": "数学"}\n'.encode("gb18030"), r"a\.jsonl: cannot be read behind line 0: .*utf-8"),
        ("a.jsonl.gz", b'{"text": "a"}\n', "cannot be read behind line 0: Not a gzipped file"),
        ("a.jsonl.gz", PACKED[: len(PACKED) // 2], r"cannot be read behind line [1-9]\d*: .*; bring the file again"),
        ("a.jsonl.gz", PACKED[:40] + b"\xff" * 40 + PACKED[80:], "cannot be read behind line"),
    ],
)  # fmt: skip
def test_a_fault_is_named(tmp_path: Path, name: str, content: bytes, fault: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=fault):
        list(json_lines(tmp_path / name, Line))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.jsonl: cannot be read"):
        list(json_lines(tmp_path / "none.jsonl", Line))
