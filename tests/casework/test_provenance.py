"""The sheet that crawler and clock really write, read in Chinese: no English sentence is left for the officer."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime

import pytest

from casework import clock, provenance
from casework.labels import PROVENANCE
from core.model import Capture, Exchange
from core.source import BrowserRule
from crawler.circumstances import Circumstances
from crawler.egress import Egress, Route
from crawler.gate import Gate
from crawler.politeness import Pacer, Used
from crawler.recorder import REMOVED
from crawler.visit import Wish

AT = datetime(2026, 3, 1, 8, 0, 0, 123456, tzinfo=UTC)
# What is a name and stays: programs, the machine, addresses, and units.
NAMES = re.compile(
    r"https?://\S+|[\w.-]+\.test|SHA-256|HTTP|UTC|zh-CN|Asia/Shanghai|[\dTZ:.-]+|[0-9a-f]{16,}|set-cookie"
)


def sheet(**common: str) -> dict[str, str]:
    """As a run writes it, on a site that was met."""
    egress, pacer = Egress(Gate("127.0.0.1:9"), Pacer(0), 1), Pacer(0)
    asyncio.run(egress.close())  # it is asked where it went, and goes nowhere
    egress.routes["a.test"] = Route(("10.0.0.1",), AT, False, {"10.0.0.1:80": None})
    egress.routes["b.test"] = Route((), AT, True, {"127.0.0.1:9": None})
    pacer.used["a.test"] = used = Used()
    for moment in (1.0, 1.5):
        used.again(moment)
    made = Circumstances({"robots": "obeyed", **clock.facts(""), **common}, egress, pacer)
    robots = Exchange(
        url="http://a.test/robots.txt", at=AT, request_head=b"", response_head=b"HTTP/1.1 200 OK\r\n\r\n", body=b"x"
    )  # fmt: skip
    made.rules["a.test"] = robots
    head = f"HTTP/1.1 200 OK\r\nSet-Cookie: {REMOVED}\r\n\r\n".encode()
    answers = [
        Exchange(url=f"http://{host}/1", at=AT, request_head=b"", response_head=head, body=b"")
        for host in ("a.test", "b.test")
    ]
    rule = BrowserRule(pages=("list", "post"), scroll=3)
    capture = Capture(
        url="http://a.test/1", started_at=AT, ended_at=AT, exchanges=tuple(answers),
        provenance=Wish(rule, 8_000_000, 0.1, picture=True).options,
    )  # fmt: skip
    return made.complete(capture, {}, "").provenance


@pytest.mark.parametrize("common", [{}, {"robots": "agreement 教基〔2026〕3号"}])
def test_every_line_of_a_real_sheet_is_chinese(common: dict[str, str]) -> None:
    for name, text in provenance.lines(sheet(**common)):
        assert name not in PROVENANCE, f"{name} has no Chinese name"
        left = re.findall(r"[A-Za-z]{3,}", NAMES.sub(" ", text))
        assert not left, f"{name}: {text}"


def test_what_the_lines_say() -> None:
    told = dict(provenance.lines(sheet()))
    assert told["开始"] == "2026年03月01日 16:00:00.123（北京时间；UTC 2026-03-01T08:00:00.123456Z）"
    assert told["实际访问频率"] == "a.test：本次巡查开始以来请求 2 次，相邻两次至少相隔 0.50 秒"
    assert told["域名解析"].startswith("a.test → 10.0.0.1 (2026年03月01日 16:00:00（北京时间）)")
    assert told["滚动"] == "滚动到底 3 次；自上而下浏览一遍"
    assert told["时间和大小上限"] == "64 秒；每个组成部分 8000000 字节；页面高 64000 像素"
    assert told["访问规则（robots）"] == "遵守"
    assert "200" in told["访问规则的应答和时间"]
    assert "1 字节" in told["访问规则的应答和时间"]
    assert told["已去除的会话信息"] == "set-cookie ×2"
    assert list(told).count("开始") == 1


def test_a_certificate_and_what_is_not_known() -> None:
    sealed = (
        "a.test: subject CN=a.test, issuer CN=Some CA, valid 2026-01-01T00:00:00Z to 2027-01-01T00:00:00Z, "
        "sha256 abcd, 3 kept (tls-chain-devtools)"
    )
    assert provenance.value("tls", sealed) == (
        "a.test: 持有人 CN=a.test，签发人 CN=Some CA，有效期 2026年01月01日 08:00:00（北京时间） 至 "
        "2027年01月01日 08:00:00（北京时间），SHA-256 abcd，保存证书 3 份（tls-chain-devtools）"
    )
    told = provenance.lines({"zz_new": "as sealed", "host": "vm"})
    assert list(told) == [("取证设备", "vm"), ("zz_new", "as sealed")]
