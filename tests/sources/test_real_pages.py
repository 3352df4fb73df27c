"""Real saved pages (never committed): whatever a site sends, reading it gives text and no false alarm."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler import walls
from crawler.page import load, visible_text


@pytest.mark.shared
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_real_pages_are_read_under_a_lying_header_and_taken_for_no_wall(shared: Path, charset: str) -> None:
    other = "gbk" if charset == "utf-8" else "utf-8"
    lines = gzip.decompress((shared / "data" / "real_html.jsonl.gz").read_bytes()).decode().splitlines()
    assert lines
    for record in map(json.loads, lines):
        body = record["html"].encode(charset)
        page = load(
            "http://a.cn/1.html", f"text/html; charset={other}", "", body, datetime(2026, 9, 1, tzinfo=UTC)
        )
        assert page.text == record["html"], record["id"]
        assert len(visible_text(page)) > 200, record["id"]
        assert walls.without_post(page) is None, record["id"]
