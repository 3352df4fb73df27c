"""HTTPS through the egress: a real TLS server on loopback whose certificate only the test trusts."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import ssl
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.egress import Egress, Streams, dial
from crawler.gate import Gate
from crawler.politeness import Pacer
from tests.cli.processes import PATIENCE

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
HOST, PUBLIC = "secure.example", "93.184.216.34"


@dataclass(frozen=True)
class Certificate:
    """Files of a throw-away certificate, and the name by which Chromium trusts its key."""

    file: Path
    key_file: Path
    spki: str


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)]), datetime.now(UTC)
    signed = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem, der = serialization.Encoding.PEM, serialization.Encoding.DER
    spki = key.public_key().public_bytes(der, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / "cert").write_bytes(signed.public_bytes(pem))
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key").write_bytes(secret)
    digest = base64.b64encode(hashlib.sha256(spki).digest()).decode()
    return Certificate(folder / "cert", folder / "key", digest)


@pytest.fixture
def server(certificate: Certificate, little_town: Callable[..., Any]) -> Any:
    return little_town(str(certificate.file), str(certificate.key_file))


@dataclass
class Resolver:
    """A name server that gives these answers in turn, the last one for ever."""

    answers: list[list[str]]
    asked: int = 0

    async def __call__(self, _host: str, _port: int) -> list[str]:
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]


@dataclass
class Dialler:
    """Connects to the test's server instead, and keeps the addresses that were meant."""

    port: int
    meant: list[tuple[str, int]]

    async def __call__(self, address: str, port: int) -> Streams:
        self.meant.append((address, port))
        return await dial("127.0.0.1", self.port)


async def connect(egress: Egress, target: str) -> tuple[bytes, Streams]:
    """What the egress answers to CONNECT, and the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(egress.url.rsplit(":", 1)[1]))
    writer.write(f"CONNECT {target} HTTP/1.1\r\n\r\n".encode())
    return await reader.readuntil(b"\r\n\r\n"), (reader, writer)


async def _page(egress: Egress, trust: ssl.SSLContext) -> bytes:
    await egress.start()
    try:
        answer, (reader, writer) = await connect(egress, f"{HOST}:443")
        if b" 200 " not in answer:
            writer.close()
            await writer.wait_closed()
            return answer
        await writer.start_tls(trust, server_hostname=HOST)
        writer.write(f"GET /p HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        writer.close()
        return body
    finally:
        await egress.close()


def test_a_tunnel_carries_tls_from_end_to_end(server: Any, certificate: Certificate) -> None:
    dialler = Dialler(server.port, [])
    egress = Egress(Gate(resolver=Resolver([[PUBLIC]])), Pacer(0), 10_000, dialler)
    body = asyncio.run(_page(egress, ssl.create_default_context(cafile=str(certificate.file))))
    assert "英语小班".encode() in body
    assert dialler.meant == [(PUBLIC, 443)]


def test_without_trust_there_is_no_page(server: Any) -> None:
    egress = Egress(Gate(resolver=Resolver([[PUBLIC]])), Pacer(0), 10_000, Dialler(server.port, []))
    with pytest.raises(ssl.SSLCertVerificationError):
        asyncio.run(_page(egress, ssl.create_default_context()))


@pytest.mark.parametrize(
    "target",
    ["127.0.0.1:443", "[::1]:443", "169.254.169.254:80", "10.0.0.1:443", "[::ffff:10.0.0.1]:443", "0x7f000001:443",
     "2130706433:443", "localhost:443", "[fe80::1%25lo]:443"],
)  # fmt: skip
def test_a_tunnel_to_a_private_address_is_refused(target: str) -> None:
    dialler = Dialler(9, [])

    async def ask() -> bytes:
        egress = Egress(Gate("127.0.0.1:8000"), Pacer(0), 10_000, dialler)
        await egress.start()
        answer, (_, writer) = await connect(egress, target)
        writer.close()
        await egress.close()
        return answer

    # 403 where an address was found, 502 where the machine's resolver knows no such name: never a connection.
    assert asyncio.run(ask()).split(b" ")[1] in (b"403", b"502")
    assert dialler.meant == []


def test_a_name_server_that_changes_its_mind_changes_nothing(server: Any, certificate: Certificate) -> None:
    """DNS rebinding: the address that was checked is the address that is dialled; the name is not asked again."""
    trust = ssl.create_default_context(cafile=str(certificate.file))
    resolver, dialler = Resolver([[PUBLIC], ["127.0.0.1"]]), Dialler(server.port, [])
    gate = Gate(resolver=resolver)
    assert "英语小班".encode() in asyncio.run(_page(Egress(gate, Pacer(0), 10_000, dialler), trust))
    assert (resolver.asked, dialler.meant) == (1, [(PUBLIC, 443)])
    # The next connection asks anew, hears the private address, and is refused.
    assert b" 403 " in asyncio.run(_page(Egress(gate, Pacer(0), 10_000, dialler), trust))
    assert (resolver.asked, dialler.meant) == (2, [(PUBLIC, 443)])


def test_rebinding_is_harmless_under_plain_http_too() -> None:
    async def ask() -> tuple[list[tuple[str, int]], list[bytes]]:
        canary: list[bytes] = []

        async def hears(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            canary.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 200 OK\r\n\r\nsecret")
            writer.close()

        inner = await asyncio.start_server(hears, "127.0.0.1", 0)
        dialler = Dialler(inner.sockets[0].getsockname()[1], [])
        gate = Gate(resolver=Resolver([[PUBLIC], ["127.0.0.1"]]))
        egress = Egress(gate, Pacer(0), 10_000, dialler)
        await egress.start()
        for _ in range(2):
            reader, writer = await asyncio.open_connection("127.0.0.1", int(egress.url.rsplit(":", 1)[1]))
            writer.write(b"GET http://x.cn/ HTTP/1.1\r\nHost: x.cn\r\n\r\n")
            await reader.read()
            writer.close()
        await egress.close()
        inner.close()
        return dialler.meant, canary

    meant, canary = asyncio.run(ask())
    assert meant == [(PUBLIC, 80)]
    assert len(canary) == 1


def crawl(
    server: Any, certificate: Certificate, trusted: bool, name: str = "secure", delay: float = 0.2,
    spki: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """A whole crawl under TLS, as the fake run does it."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    if trusted:
        environment |= {"SSL_CERT_FILE": str(certificate.file)}
        environment |= {"TRUSTED_KEY": certificate.spki} if spki else {}
    command = [sys.executable, str(HERE / "fake_run.py"), str(server.port), name, str(delay), "", ""]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.partition("RESULT")[2])
    return found


def hasty(server: Any, delay: float) -> list[tuple[str, str, float]]:
    """Requests that came too soon after another, by the site's own clock."""
    requests = sorted(server.requests(), key=lambda item: item["t"])
    gaps = ((one["path"], two["path"], two["t"] - one["t"]) for one, two in pairwise(requests))
    return [gap for gap in gaps if gap[2] < delay]


@pytest.mark.browser
def test_a_crawl_under_tls_reads_looks_and_keeps_its_pace(server: Any, certificate: Certificate) -> None:
    got = crawl(server, certificate, trusted=True)
    assert {post["body"] for post in got["posts"]} == {"英语小班"}
    assert (len(got["posts"]), got["counts"]["looks"], got["missed"]) == (2, 2, [])
    assert all("screenshot" in look["roles"] for look in got["looks"])
    # Both pages show the same pictures, and each look has them: none came out of a cache, none is referred to.
    pictures = {f"https://secure.example/{number}.png" for number in range(6)}
    for look in got["looks"]:
        assert pictures | {look["url"]} <= {url for url, _, body in look["exchanges"] if body}
    sheets = [look["sheet"] for look in got["looks"]]
    assert all("certificates" in look["roles"] for look in got["looks"])
    assert all(
        f"{HOST}: subject " in sheet["tls"] and "(tls-chain-devtools)" in sheet["tls"] for sheet in sheets
    )
    assert {sheet["server_addresses"] for sheet in sheets} == {f"{HOST}: {PUBLIC}:443"}
    assert all(sheet["dns"].startswith(f"{HOST} → {PUBLIC} (20") for sheet in sheets)
    # Nobody else is spoken to either: a browser has habits of its own (updates, probes).
    assert set(got["resolved"]) == {f"{HOST}:443"}
    assert set(got["dialled"]) == {f"{PUBLIC}:443"}
    assert hasty(server, 0.2) == []


@pytest.mark.browser
def test_a_page_with_more_parts_than_time_is_shown_as_far_as_it_came(
    server: Any, certificate: Certificate
) -> None:
    got = crawl(server, certificate, trusted=True, name="heavy", delay=0.5)
    assert got["missed"] == []
    (look,) = got["looks"]
    assert "screenshot" in look["roles"]
    left = [cause for role, cause in look["missing"] if role == "exchange" and "时限" in cause]
    assert left
    came = {url for url, _, _ in look["exchanges"] if url.endswith(".png")}
    assert len(came) + len(left) == 40
    # What was left out did not leave in one burst when the page was closed.
    assert hasty(server, 0.5) == []


@pytest.mark.browser
def test_a_certificate_that_the_browser_does_not_trust_ends_the_look_with_its_cause(
    server: Any, certificate: Certificate
) -> None:
    got = crawl(server, certificate, trusted=True, spki=False)
    assert (len(got["posts"]), got["looks"]) == (2, [])
    assert len(got["missed"]) == 2
    assert all("证书可能无效" in cause for cause in got["missed"])
    assert got["posts"][0]["sheet"]["tls"].endswith("1 kept (tls-leaf-scrapy)")


@pytest.mark.browser
def test_a_certificate_that_nobody_vouches_for_is_no_page(server: Any, certificate: Certificate) -> None:
    got = crawl(server, certificate, trusted=False)
    assert got["posts"] == []
    assert got["counts"].get("pages", 0) == 0
    assert server.requests() == []
    assert any("证书" in line for line in got["troubles"]), got["troubles"]
