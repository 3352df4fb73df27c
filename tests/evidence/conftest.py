"""One look at one hostile page, and a vault to keep it in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.model import Artifact, Capture, Exchange, Missing, Post
from evidence.vault import Vault

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def exchange() -> Exchange:
    body = "<p>数🍠一对一".encode("gb18030")
    return Exchange(
        url="http://a.test/帖子?q=1 2\r\nWARC-Type: forged",
        at=NOON,
        request_head=b"GET / HTTP/1.1\r\nHost: a.test\r\nCookie: secret=1;\r\n more=2\r\n"
        b"Authorization: Basic x\r\n\r\n",
        response_head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gbk\r\n"
        b"Set-Cookie: theirs=1\r\n\r\n",
        body=body,
        address="127.0.0.1",
    )


@pytest.fixture
def capture(exchange: Exchange) -> Capture:
    return Capture(
        url="http://a.test/1",
        started_at=NOON,
        ended_at=NOON,
        exchanges=(
            exchange,
            exchange.model_copy(update={"rebuilt": "头部\r\n次序", "address": "hostile\r\n"}),
        ),
        artifacts=(
            Artifact(role="screenshot", media_type="image/png", content=b"\x89PNG", how="整页截图"),
            Artifact(role="Post/Picture", media_type="image/x\r\nforged", content=b"", how="原图"),
        ),
        missing=(Missing(role="dom", cause="页面\n崩溃"),),
        provenance={"tool": "wangxun", "robots: x\r\nforged": "obey\r\nforged: 1"},
    )


@pytest.fixture
def post() -> Post:
    return Post(
        id="p", source_id="s", channel="forum", url="http://a.test/1", body="半个字\ud83c", seen_at=NOON
    )


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "data" / "vault")
