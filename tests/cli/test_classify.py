from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from cli.classify import classify_file, run
from core.catalog import load_catalog
from core.settings import PACKAGED_CONFIG
from nlp.judge import Judge


@pytest.fixture(scope="module")
def judge() -> Judge:
    catalog = load_catalog(PACKAGED_CONFIG)
    return Judge.load(tuple(catalog.violations.values()), catalog.words)


def classify(judge: Judge, *lines: Any) -> list[dict[str, Any]]:
    return list(run(judge, [line if isinstance(line, str) else json.dumps(line) for line in lines]))


def test_one_line_out_for_each_line_in_and_in_order(judge: Judge) -> None:
    found = classify(
        judge,
        {"id": "1", "text": "高三数学一对一上门家教，150元/小时，电话13812345678"},
        {"id": 2, "text": "今天天气好"},
    )
    assert [line["id"] for line in found] == ["1", 2]
    assert found[0]["violation"] is True
    assert found[1]["decision"] == "clear"
    (phone,) = found[0]["entities"]["phone"]
    assert phone["value"] == phone["text"] == "13812345678"
    assert {"id", "decision", "violation", "score", "codes", "role", "category", "subjects", "stages", "region", "entities",
            "reasons"} <= found[0].keys()  # fmt: skip


def test_bad_lines_stand_in_their_place_with_their_error(judge: Judge) -> None:
    found = classify(
        judge, "{", {"id": "b"}, [1], {"id": "d", "text": "好", "channel": "moon"}, {"id": "e", "text": "好"}
    )
    assert [(line.get("line"), line["id"]) for line in found] == [
        (1, None),
        (2, "b"),
        (3, None),
        (4, "d"),
        (None, "e"),
    ]
    assert "'text'" in found[1]["error"]
    assert "tutor_site" in found[3]["error"]


def test_unknown_fields_are_ignored_and_a_lone_surrogate_is_judged(judge: Judge, tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(json.dumps({"id": "s", "text": "家教\ud83d", "more": 1}) + "\n", encoding="ascii")
    output = io.StringIO()
    assert classify_file(judge, str(path), output) == 0
    assert json.loads(output.getvalue())["id"] == "s"
