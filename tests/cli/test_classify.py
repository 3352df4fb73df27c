from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.classify import classify_file, run
from cli.main import app
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


OFFER = "高三数学一对一上门家教，150元/小时，电话13812345678"


def test_a_line_that_no_reader_can_take_does_not_end_the_run(judge: Judge) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    long = "9" * 5_000
    found = classify(
        judge,
        f'{{"id": "d", "text": "好", "more": {deep}}}',
        f'{{"id": {long}, "text": "好"}}',
        {"id": True, "text": "好"},
        {"id": "e", "text": OFFER},
    )
    assert [(line.get("line"), line["id"]) for line in found] == [
        (1, None), (2, None), (3, None), (None, "e"),
    ]  # fmt: skip
    assert found[-1]["violation"] is True


def test_severity_and_what_could_not_be_read_are_told(judge: Judge) -> None:
    offer, seeking, clear, long = classify(
        judge,
        {"id": 1, "text": "在职教师周末带学生，初二数学一对一，150一小时，微信 ttmath66"},
        {"id": 2, "text": "求个家教，三年级数学，每周两次，50元一小时"},
        {"id": 3, "text": "今天天气真好"},
        {"id": 4, "text": "今天天气真好。" * 10_000},
    )
    assert "IN_SERVICE_TEACHER" in offer["codes"]
    assert [line["severity"] for line in (offer, seeking, clear)] == [5, 1, None]
    assert [len(line["notes"]) for line in (offer, clear, long)] == [0, 0, 1]


def test_an_optional_field_may_be_null(judge: Judge) -> None:
    plain, empty = classify(
        judge, {"id": 1, "text": OFFER}, {"id": 1, "text": OFFER, "title": None, "channel": None}
    )
    assert empty == plain


def lines_of(*names: str) -> bytes:
    posts = [json.dumps({"id": name, "text": OFFER}, ensure_ascii=False) for name in names]
    return "\n".join(posts).encode()


def answers(judge: Judge, path: Path) -> list[dict[str, Any]]:
    output = io.StringIO()
    classify_file(judge, str(path), output)
    return [json.loads(line) for line in output.getvalue().splitlines()]


@pytest.mark.parametrize("form", ["marked", "packed", "packed and marked", "windows"])
def test_a_file_is_read_as_other_programs_write_it(judge: Judge, tmp_path: Path, form: str) -> None:
    content = lines_of("a", "b")
    if "marked" in form:
        content = b"\xef\xbb\xbf" + content
    if form == "windows":
        content = content.replace(b"\n", b"\r\n")
    path = tmp_path / "posts"
    path.write_bytes(gzip.compress(content) if "packed" in form else content)
    assert [(line["id"], line["violation"]) for line in answers(judge, path)] == [("a", True), ("b", True)]


def test_a_line_in_another_charset_is_refused_instead_of_cleared(judge: Judge, tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(lines_of("gbk").decode().encode("gbk") + b"\n" + lines_of("good"))
    refused, good = answers(judge, path)
    assert refused["line"] == 1
    assert "UTF-8" in refused["error"]
    assert good["violation"] is True


def test_the_command_says_which_file_is_the_matter(tmp_path: Path) -> None:
    posts, run_it = tmp_path / "posts.jsonl", CliRunner().invoke
    posts.write_bytes(lines_of("a"))
    gone = tmp_path / "gone" / "verdicts.jsonl"
    for arguments, code, said in (
        ([str(posts), "--output", str(posts)], 2, "--output names the file that is read"),
        ([str(posts), "--output", str(gone)], 3, str(gone)),
        ([str(tmp_path)], 3, "is a folder"),
        ([str(gone)], 3, "no such file"),
    ):
        result = run_it(app, ["classify", *arguments])
        assert (result.exit_code, said in result.output) == (code, True), result.output
    assert posts.read_bytes() == lines_of("a")


def test_a_packed_file_that_breaks_off_is_named_after_what_was_in_it(tmp_path: Path) -> None:
    posts, verdicts = tmp_path / "posts.gz", tmp_path / "verdicts.jsonl"
    posts.write_bytes(gzip.compress(lines_of("a") + b"\n" * 5)[:-9])
    result = CliRunner().invoke(app, ["classify", str(posts), "--output", str(verdicts)])
    assert result.exit_code == 1
    assert "no whole gzip file" in result.output


def test_standard_input_is_read_like_a_file() -> None:
    result = CliRunner().invoke(app, ["classify", "-"], input=b"\xef\xbb\xbf" + lines_of("a", "b"))
    assert result.exit_code == 0, result.output
    assert [json.loads(line)["id"] for line in result.output.splitlines()] == ["a", "b"]
