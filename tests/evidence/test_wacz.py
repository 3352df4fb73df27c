"""WACZ: what public tools accept and replay, made from a sealed WARC and nothing else."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from core.errors import EvidenceBroken
from core.model import Capture, Evidence
from evidence import wacz
from evidence.vault import Vault
from tests.public_tools import ran, tool


@pytest.fixture
def warc(vault: Vault, evidence: Evidence) -> Path:
    return vault.path(evidence.items[0].sha256)


@pytest.fixture
def made(tmp_path: Path, warc: Path, evidence: Evidence) -> Path:
    wacz.build(tmp_path / "x.wacz", warc, evidence)
    return tmp_path / "x.wacz"


def lines(made: Path) -> list[tuple[str, str, dict[str, str]]]:
    with zipfile.ZipFile(made) as file:
        text = gzip.decompress(file.read("indexes/index.cdx.gz")).decode()
    return [
        (key, stamp, json.loads(facts))
        for key, stamp, facts in (line.split(" ", 2) for line in text.splitlines())
    ]


def test_it_is_accepted_and_the_same_each_time(
    made: Path, tmp_path: Path, warc: Path, evidence: Evidence
) -> None:
    told = ran(tool("wacz"), "validate", "-f", made)
    assert told.returncode == 0, told.stdout
    wacz.build(tmp_path / "y.wacz", warc, evidence)
    assert (tmp_path / "y.wacz").read_bytes() == made.read_bytes()
    with zipfile.ZipFile(made) as file:
        assert file.read("archive/data.warc.gz") == warc.read_bytes()


def test_a_spoiled_one_is_refused(made: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(tmp_path / "bad.wacz", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(
                name, content.replace(b"a.test", b"b.test") if name.startswith("pages/") else content
            )
    assert ran(tool("wacz"), "validate", "-f", tmp_path / "bad.wacz").returncode != 0


def test_the_index_is_the_one_that_the_public_tool_makes(made: Path, tmp_path: Path, warc: Path) -> None:
    (tmp_path / "data.warc.gz").write_bytes(warc.read_bytes())
    told = ran(tool("wacz"), "create", "-o", tmp_path / "theirs.wacz", tmp_path / "data.warc.gz")
    assert told.returncode == 0, told.stderr
    own, theirs = lines(made), lines(tmp_path / "theirs.wacz")
    places = [(stamp, facts["offset"], facts["length"], facts["digest"]) for _, stamp, facts in own]
    assert sorted(places) == sorted(
        (stamp, facts["offset"], facts["length"], facts["digest"]) for _, stamp, facts in theirs
    )


def test_the_page_stands_with_the_time_of_its_record(tmp_path: Path, vault: Vault, capture: Capture) -> None:
    from core.model import Post
    from evidence.seal import seal

    plain = capture.exchanges[0].model_copy(update={"url": "http://a.test/帖?q=1"})
    post = Post(
        id="p",
        source_id="s",
        channel="forum",
        url="http://a.test/帖?q=1",
        body="x",
        seen_at=capture.started_at,
    )
    kept = seal(vault, post, capture.model_copy(update={"exchanges": (plain,)}), "first")
    wacz.build(tmp_path / "p.wacz", vault.path(kept.items[0].sha256), kept, "标题")
    with zipfile.ZipFile(tmp_path / "p.wacz") as file:
        page = json.loads(file.read("pages/pages.jsonl").splitlines()[1])
    assert page["url"] == "http://a.test/%E5%B8%96?q=1"
    assert page["ts"] == "2026-03-01T12:00:00Z"
    assert page["title"] == "标题"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.A.test/Path/?b=2&a=1", "test,a,www)/path?a=1&b=2"),
        ("https://a.test:8443", "test,a:8443)/"),
        ("http://127.0.0.1/x", "127.0.0.1)/x"),
        ("urn:wangxun:dom:1", "urn:wangxun:dom:1"),
        ("http://a.test:99999999/x", "http://a.test:99999999/x"),
        ("http:///x", "http:///x"),
    ],
)
def test_sorting_keys(url: str, key: str) -> None:
    assert wacz.surt(url) == key


def test_what_is_no_warc_is_said(tmp_path: Path, evidence: Evidence) -> None:
    (tmp_path / "bad").write_bytes(b"\x1f\x8b nothing")
    with pytest.raises(EvidenceBroken):
        wacz.build(tmp_path / "x.wacz", tmp_path / "bad", evidence)


def test_answers_are_unpacked_and_keep_their_charset(vault: Vault, warc: Path) -> None:
    found = wacz.sealed(warc)
    [answer] = [one for url, one in found.items() if url.startswith("http://a.test/")]
    assert answer.status == 200
    assert answer.body.decode("gb18030") == "<p>数🍠一对一"
    assert ("Content-Type", "text/html; charset=gbk") in answer.headers
