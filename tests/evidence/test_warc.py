"""WARCs, read back by readers that are not ours."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from core.model import Capture
from evidence.warc import exchanges_to_warc, without_secrets


def read(content: bytes) -> list[tuple[Any, bytes]]:
    return [(record, record.raw_stream.read()) for record in ArchiveIterator(BytesIO(content))]


def warcio_check(path: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from warcio.cli import main; sys.exit(main(['check', '-v', sys.argv[1]]))"
    return subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
    )


def test_warcio_finds_every_digest_right(capture: Capture, tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(exchanges_to_warc(capture))
    told = warcio_check(path)
    assert told.returncode == 0, told.stdout
    assert told.stdout.count("digest pass") == 9
    assert "no digest" not in told.stdout


def test_warcio_sees_a_flipped_byte(capture: Capture, tmp_path: Path) -> None:
    content = bytearray(exchanges_to_warc(capture))
    content[len(content) // 2] ^= 1
    (tmp_path / "x.warc.gz").write_bytes(content)
    assert warcio_check(tmp_path / "x.warc.gz").returncode != 0


def test_order_and_ties(capture: Capture) -> None:
    records = [record for record, _ in read(exchanges_to_warc(capture))]
    kinds = [record.rec_type for record in records]
    assert kinds == [
        "warcinfo", "response", "request", "metadata", "response", "request", "metadata", "resource",
        "resource",
    ]  # fmt: skip
    headers = [record.rec_headers for record in records]
    assert headers[2]["WARC-Concurrent-To"] == headers[1]["WARC-Record-ID"]
    assert {header["WARC-Warcinfo-ID"] for header in headers[1:]} == {headers[0]["WARC-Record-ID"]}
    assert len({header["WARC-Record-ID"] for header in headers}) == len(headers)
    assert headers[1]["WARC-Date"] == "2026-03-01T12:00:00.123456Z"
    assert headers[1]["WARC-IP-Address"] == "127.0.0.1"
    assert headers[4]["WARC-IP-Address"] is None
    assert headers[7]["WARC-Target-URI"].startswith("urn:wangxun:screenshot:")
    assert all(record.rec_headers.protocol == "WARC/1.1" for record in records)


def test_gbk_stays_gbk(capture: Capture) -> None:
    record, body = read(exchanges_to_warc(capture))[1]
    assert record.http_headers["Content-Type"] == "text/html; charset=gbk"
    assert record.http_headers["Set-Cookie"] == "theirs=1"
    assert body == capture.exchanges[0].body
    assert body.decode("gb18030") == "<p>数🍠一对一"


def test_our_cookies_and_tokens_are_taken_out_and_that_is_said(capture: Capture) -> None:
    content = exchanges_to_warc(capture)
    records = read(content)
    request = records[2][0].http_headers
    assert (request["Host"], request["Cookie"], request["Authorization"]) == ("a.test", None, None)
    assert not any(secret in body for _, body in records for secret in (b"secret=1", b"more=2", b"Basic x"))
    assert b"x-removed-from-requests: cookie\r\n" in records[0][1]
    assert b"removed-from-request: cookie, authorization" in records[3][1]


def test_what_was_rebuilt_and_what_is_missing_is_said(capture: Capture) -> None:
    records = read(exchanges_to_warc(capture))
    info = records[0][1].decode()
    assert "x-rebuilt: 头部 次序\r\n" in info
    assert "x-missing: dom: 页面 崩溃\r\n" in info
    assert "rebuilt: 头部 次序" in records[6][1].decode()


def test_hostile_texts_forge_no_header(capture: Capture) -> None:
    content = exchanges_to_warc(capture)
    for record, body in read(content):
        assert record.rec_headers["forged"] is None
        assert record.rec_headers["WARC-Type"] != "forged"
        if record.rec_type == "warcinfo":
            assert not any(line.startswith(b"forged") for line in body.split(b"\r\n"))
        uri = record.rec_headers["WARC-Target-URI"] or ""
        assert uri.isascii()
        assert not set(uri) & set(" \r\n")


def test_the_same_look_gives_the_same_bytes(capture: Capture) -> None:
    assert exchanges_to_warc(capture) == exchanges_to_warc(capture)


def test_a_member_for_each_record(capture: Capture) -> None:
    content = exchanges_to_warc(capture)
    reader = ArchiveIterator(BytesIO(content))
    offsets = [reader.get_record_offset() for _ in reader]
    assert all(content[offset : offset + 2] == b"\x1f\x8b" for offset in offsets)


def test_half_a_character_in_an_address(capture: Capture) -> None:
    broken = capture.model_copy(update={"url": "http://a.test/\ud800", "provenance": {"x": "\ud800"}})
    assert len(read(exchanges_to_warc(broken))) == 9


@pytest.mark.parametrize(
    ("head", "kept", "removed"),
    [
        (b"GET / HTTP/1.1\r\nA: 1\r\n\r\n", b"GET / HTTP/1.1\r\nA: 1", ()),
        (b"GET / HTTP/1.1\r\nCOOKIE : 1\r\n\tx\r\nA: 1\r\n b", b"GET / HTTP/1.1\r\nA: 1\r\n b", ("cookie",)),
        (b"", b"", ()),
    ],
)
def test_without_secrets(head: bytes, kept: bytes, removed: tuple[str, ...]) -> None:
    assert without_secrets(head) == (kept, removed)
