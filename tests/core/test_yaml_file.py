"""What analysts write is read as they mean it, and each fault has its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.errors import BadInput
from core.yaml_file import line_of, read_yaml


def read(tmp_path: Path, text: str) -> object:
    path = tmp_path / "x.yml"
    path.write_text(text, encoding="utf-8")
    return read_yaml(path)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"), ("on", "on"), ("12:30", "12:30"), ("2024-01-01", "2024-01-01"), ("'1'", "1"), ("数🍠", "数🍠"),
        ("true", True), ("False", False), ("7", 7), ("-7", -7), ("0x1f", 31), ("0o17", 15), ("007", 7), ("1e3", 1000.0),
        (".5", 0.5), ("-.inf", float("-inf")), ("", None), ("~", None), ("null", None), ("[1, a]", [1, "a"]), ("{b: 2}", {"b": 2}),
        ("!!str 5", "5"),
    ],
)  # fmt: skip
def test_values_are_those_of_the_core_schema(tmp_path: Path, written: str, meant: object) -> None:
    assert read(tmp_path, f"a: {written}\n") == {"a": meant}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "stands twice"), ("a: [1\nb: 2", 2, "expected"), ("a: *nowhere\n", 1, "undefined alias"),
        ("a: &x\n  - *x\n", 1, "within what it names"), ("a: !!python/object:os.system x\n", 1, "not known"), ("\n? [a]\n: b\n", 2, "a word"),
        ("a: 1\nb: !!int x\n", 2, "invalid literal"), ("a: \x07\n", 1, "not readable"),
    ],
)  # fmt: skip
def test_a_fault_names_file_and_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(BadInput, match=rf"x\.yml:{line}: .*{words}"):
        read(tmp_path, text)


def test_a_file_that_is_no_text_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_bytes(b"a: \xff\n")
    with pytest.raises(BadInput, match="not readable"):
        read_yaml(tmp_path / "x.yml")
    with pytest.raises(BadInput, match="not readable"):
        read_yaml(tmp_path / "none.yml")


def test_the_line_of_the_deepest_part_that_stands_there(tmp_path: Path) -> None:
    tree = read(tmp_path, "a:\n  b:\n    - x\n    - y: 1\n\nc: 2\n")
    places = [
        ("a",),
        ("a", "b"),
        ("a", "b", "1"),
        ("a", "b", "1", "y"),
        ("a", "b", "9"),
        ("a", "b", "word"),
        ("c",),
        ("c", "d"),
        ("e",),
    ]
    assert [line_of(tree, place) for place in places] == [1, 2, 4, 4, 2, 2, 6, 6, 1]


def test_an_anchor_may_be_used_again(tmp_path: Path) -> None:
    assert json.dumps(read(tmp_path, "a: &x {b: 1}\nc: *x\n")) == '{"a": {"b": 1}, "c": {"b": 1}}'
    assert read(tmp_path, "") is None
