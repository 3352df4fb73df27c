"""The provenance sheet claims no more than is known."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from core.model import Capture, Exchange
from core.source import Source
from crawler.circumstances import Circumstances, of_run
from crawler.egress import Egress, Route
from crawler.gate import Gate
from crawler.politeness import Pacer, Used
from crawler.recorder import head

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
SOURCE = {
    "id": "s", "title": "s", "channel": "forum", "basis": "巡查依据", "start": ["https://a.cn/"],
    "list": {"items": "li", "link": {"select": "a"}}, "post": {"fields": {"body": {"select": "p"}}},
}  # fmt: skip


def exchange(url: str, date: str = "Sun, 01 Mar 2026 08:00:02 GMT", body: bytes = b"x") -> Exchange:
    asked = head("GET / HTTP/1.1", [("Cookie", "a=1"), ("X-CSRF-Token", "t")])
    got = head("HTTP/1.1 200 OK", [("Date", date), ("Set-Cookie", "a=1\nb=2")])
    return Exchange(url=url, at=AT, request_head=asked, response_head=got, body=body)


Make = Callable[..., tuple[Circumstances, Egress, Pacer]]


@pytest.fixture
def sheet() -> Iterator[Make]:
    """Makes sheets whose egress is closed with the test."""
    made: list[Egress] = []

    def make(**changes: object) -> tuple[Circumstances, Egress, Pacer]:
        egress, pacer = Egress(Gate(), Pacer(1), 1000), Pacer(1)
        made.append(egress)
        source = Source.model_validate_json(json.dumps(SOURCE | changes))
        return (
            Circumstances(of_run(source, "agent", {"clock_state": "unknown"}), egress, pacer),
            egress,
            pacer,
        )

    yield make
    for egress in made:
        asyncio.run(egress.close())


def capture(*exchanges: Exchange) -> Capture:
    return Capture(
        url="https://a.cn/1", started_at=AT, ended_at=AT + timedelta(seconds=3), exchanges=exchanges
    )


def chain() -> tuple[bytes, ...]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a.cn")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(AT).not_valid_after(AT + timedelta(days=90)).sign(key, hashes.SHA256())
    )  # fmt: skip
    return (made.public_bytes(Encoding.DER),)


def test_one_address_stands_on_the_record_and_of_several_none_does(sheet: Make) -> None:
    told, egress, _ = sheet()
    egress.routes["a.cn"] = Route(("1.2.3.4", "5.6.7.8"), AT, connected={"1.2.3.4:443": None})
    done = told.complete(capture(exchange("https://a.cn/1")), {}, "")
    assert done.exchanges[0].address == "1.2.3.4"
    assert done.provenance["dns"] == "a.cn → 1.2.3.4, 5.6.7.8 (2026-03-01T08:00:00Z)"
    egress.routes["a.cn"].connected["5.6.7.8:443"] = None
    done = told.complete(capture(exchange("https://a.cn/1")), {}, "")
    assert done.exchanges[0].address is None
    assert done.provenance["server_addresses"] == "a.cn: 1.2.3.4:443, 5.6.7.8:443"


def test_robots_txt_is_kept_with_its_answer_unless_it_is_huge(sheet: Make) -> None:
    told, _, _ = sheet()
    told.rules["a.cn"] = exchange("https://a.cn/robots.txt", body=b"User-agent: *\n")
    done = told.complete(capture(exchange("https://a.cn/1")), {}, "")
    assert [one.url for one in done.exchanges] == ["https://a.cn/robots.txt", "https://a.cn/1"]
    assert "HTTP 200, 2026-03-01T08:00:00Z, 14 bytes, sha256 " in done.provenance["robots_answer"]
    told.rules["a.cn"] = exchange("https://a.cn/robots.txt", body=b"#" * 600_000)
    done = told.complete(capture(exchange("https://a.cn/1")), {}, "")
    assert len(done.exchanges) == 1
    assert "600000 bytes" in done.provenance["robots_answer"]


def test_without_robots_txt_the_sheet_says_why(sheet: Make) -> None:
    told, _, _ = sheet()
    assert told.complete(capture(), {}, "").provenance["robots_answer"] == "not asked for"
    told.rules["a.cn"] = "not had: TimeoutError"
    assert told.complete(capture(), {}, "").provenance["robots_answer"] == "not had: TimeoutError"
    agreed, _, _ = sheet(robots={"reference": "第1号", "date": "2026-01-01"})
    done = agreed.complete(capture(), {}, "").provenance
    assert (done["robots"], done["robots_answer"]) == ("agreement 第1号", "not asked for: by agreement")


def test_what_was_taken_out_is_counted_and_never_shown(sheet: Make) -> None:
    told, _, _ = sheet()
    done = told.complete(capture(exchange("https://a.cn/1"), exchange("https://b.cn/2")), {}, "")
    assert done.provenance["removed"] == "cookie ×2; set-cookie ×2; x-csrf-token ×2"
    assert "a=1" not in str(done.provenance)
    assert told.complete(capture(), {}, "").provenance["removed"] == "none"


def test_the_servers_clock_is_a_hint_and_nonsense_is_passed_over(sheet: Make) -> None:
    told, _, _ = sheet()
    broken = exchange("https://b.cn/1", date="yesterday")
    done = told.complete(capture(exchange("https://a.cn/1"), broken), {}, "")
    assert done.provenance["clock_server_date_seconds"] == "a.cn: +2.0"
    assert done.provenance["clock_state"] == "unknown"
    assert done.provenance["started_beijing"] == "2026-03-01T16:00:00+08:00"
    assert done.provenance["ended_utc"] == "2026-03-01T08:00:03Z"


def test_a_chain_is_kept_as_pem_and_named_with_how_it_was_had(sheet: Make) -> None:
    told, _, pacer = sheet()
    pacer.used["a.cn"] = Used()
    for now in (1.0, 3.5, 9.0):
        pacer.used["a.cn"].again(now)
    done = told.complete(
        capture(exchange("https://a.cn/1")), {"a.cn": chain()}, "tls-chain-devtools", "150.0"
    )
    [pem] = done.artifacts
    assert (pem.role, pem.media_type, pem.how) == (
        "certificates",
        "application/x-pem-file",
        "tls-chain-devtools",
    )
    assert x509.load_pem_x509_certificates(pem.content)[0].subject.rfc4514_string() == "CN=a.cn"
    assert (
        "a.cn: subject CN=a.cn, issuer CN=a.cn, valid 2026-03-01T08:00:00Z to 2026-05-30T08:00:00Z"
        in done.provenance["tls"]
    )
    assert done.provenance["software_versions"].endswith("Chromium 150.0")
    assert done.provenance["rate_used"] == "a.cn: 3 requests since the run began, never nearer than 2.50 s"
