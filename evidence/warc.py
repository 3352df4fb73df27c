"""A Capture as WARC 1.1 (ISO 28500:2017): a gzip member for each record; warcinfo says what was rebuilt.

The same capture gives the same bytes: ids are made from contents, times are the capture's.
"""

from __future__ import annotations

import hashlib
import io
import ipaddress
import re
import uuid
import zlib
from datetime import datetime
from importlib.metadata import version
from urllib.parse import quote

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from core.model import Artifact, Capture, Exchange
from evidence.manifest import plain_time, sha256

# Names for ids made from contents (RFC 9562, version 5); any fixed value does.
_NAMESPACE = uuid.UUID("5d0c4c9e-6d2f-5b0a-9f43-7d1f3a0f6e11")
# Our own secrets: they prove nothing and would let a reader act as us.
_SECRET_HEADERS = frozenset({b"cookie", b"authorization", b"proxy-authorization"})
# Characters that RFC 3986 allows as they are; everything else in a hostile address is percent-encoded.
_URL_SAFE = ":/?#[]@!$&'()*+,;=-._~%"
_LEVEL = 7  # 6 is quicker and 8 % larger than zlib at 9 on pages of text, 7 is 4.5 % larger at nearly three times the speed
# What is compressed already (pictures, fonts, video) grows by 0.01 % when stored, and costs no search for repeats.
_STORED = 0
# A part of a block is tried: so many bytes from its middle, and stored when they shrink by less than this.
_TRIED, _WORTH = 16_384, 0.97


def exchanges_to_warc(capture: Capture) -> bytes:
    """The WARC of one look: warcinfo, response and request of each exchange, our files as resources."""
    writer = _Writer(capture)
    for exchange in capture.exchanges:
        writer.exchange(exchange)
    for artifact in capture.artifacts:
        writer.artifact(artifact)
    return writer.out.getvalue()


def without_secrets(head: bytes) -> tuple[bytes, tuple[str, ...]]:
    """A request head without our cookies and tokens, and the names of what was taken out."""
    kept, removed, dropping = [], [], False
    for line in head.rstrip(b"\r\n").split(b"\r\n"):
        name = line.split(b":", 1)[0].strip().lower()
        # A line that begins with a blank continues the header before it and shares its fate.
        if not line.startswith((b" ", b"\t")):
            dropping = name in _SECRET_HEADERS
            if dropping:
                removed.append(name.decode("ascii"))
        if not dropping:
            kept.append(line)
    return b"\r\n".join(kept), tuple(removed)


class _Writer:
    """Writes records one after the other; the first is the warcinfo that all others name."""

    def __init__(self, capture: Capture) -> None:
        self.out = io.BytesIO()
        self._capture = capture
        self._count = 0
        moments = f"{plain_time(capture.started_at)} {plain_time(capture.ended_at)}"
        self._seed = sha256(f"{moments} {_uri(capture.url)}".encode())
        self._info = ""
        self._info = self._record(
            WarcRecordType.warcinfo, capture.started_at, _fields(_facts(capture)), "application/warc-fields"
        )

    def exchange(self, exchange: Exchange) -> None:
        """Response, its request, and what was rebuilt."""
        uri = {"WARC-Target-URI": _uri(exchange.url), **_address(exchange.address)}
        head = _head(exchange.response_head)
        payload = {"WARC-Payload-Digest": _digest(exchange.body)}
        response = self._record(
            WarcRecordType.response, exchange.at, head + exchange.body, "application/http; msgtype=response",
            {**uri, **payload},
        )  # fmt: skip
        asked, removed = without_secrets(exchange.request_head)
        tied = {**uri, "WARC-Concurrent-To": response, "WARC-Payload-Digest": _digest(b"")}
        self._record(
            WarcRecordType.request, exchange.at, _head(asked), "application/http; msgtype=request", tied
        )  # fmt: skip
        notes = [("rebuilt", exchange.rebuilt or ""), ("removed-from-request", ", ".join(removed))]
        if any(text for _, text in notes):
            told = {"WARC-Target-URI": _uri(exchange.url), "WARC-Concurrent-To": response}
            self._record(
                WarcRecordType.metadata, exchange.at, _fields(notes), "application/warc-fields", told
            )

    def artifact(self, artifact: Artifact) -> None:
        """A file of ours, never sent by the site: a resource under a name, not under the address."""
        name = f"urn:wangxun:{quote(artifact.role, safe='')}:{sha256(artifact.content)}"
        media_type = re.sub(r"[^\x21-\x7e ]", "", artifact.media_type) or "application/octet-stream"
        headers = {"WARC-Target-URI": name, "WARC-Payload-Digest": _digest(artifact.content)}
        self._record(WarcRecordType.resource, self._capture.ended_at, artifact.content, media_type, headers)

    def _record(
        self,
        kind: WarcRecordType,
        at: datetime,
        block: bytes,
        media_type: str,
        headers: dict[str, str] | None = None,
    ) -> str:
        """Write one record as its own gzip member and return its id in angle brackets."""
        digest = sha256(block)
        urn = uuid.uuid5(_NAMESPACE, f"{self._seed} {self._count} {digest}").urn
        self._count += 1
        record = WarcRecord()
        record.init_headers(kind, urn.removeprefix("urn:").encode())
        record.headers["WARC-Date"] = plain_time(at)
        record.headers["Content-Type"] = media_type
        record.headers["WARC-Block-Digest"] = f"sha256:{digest}"
        if self._info:
            record.headers["WARC-Warcinfo-ID"] = self._info
        for name, value in (headers or {}).items():
            record.headers[name] = value
        record.set_bytes_content(block)
        member = GzipWriter(self.out, compression_level=_level(block))
        record.write(member)
        member.finish()
        return f"<{urn}>"


def _level(block: bytes) -> int:
    """How hard to press: the same bytes always get the same answer."""
    middle = max(0, len(block) - _TRIED) // 2
    tried = block[middle : middle + _TRIED]
    return _STORED if len(zlib.compress(tried, 1)) > _WORTH * len(tried) else _LEVEL


def _facts(capture: Capture) -> list[tuple[str, str]]:
    """What the reader of the file must know first."""
    rebuilt = sorted({exchange.rebuilt for exchange in capture.exchanges if exchange.rebuilt})
    removed = {name for exchange in capture.exchanges for name in without_secrets(exchange.request_head)[1]}
    return [
        ("software", f"Wangxun; FastWARC {version('fastwarc')}"),
        ("format", "WARC File Format 1.1"),
        ("conformsTo", "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
        ("isPartOf", capture.url),
        *sorted((f"x-{name}", value) for name, value in capture.provenance.items()),
        *(("x-rebuilt", text) for text in rebuilt),
        *(("x-missing", f"{gap.role}: {gap.cause}") for gap in capture.missing),
        *(("x-removed-from-requests", name) for name in sorted(removed)),
    ]


def _fields(facts: list[tuple[str, str]]) -> bytes:
    """application/warc-fields. White space is made plain: a line break would begin a forged field."""
    lines = [(re.sub(r"[^A-Za-z0-9_-]", "-", name), " ".join(value.split())) for name, value in facts]
    return "".join(f"{name}: {value}\r\n" for name, value in lines if value).encode("utf-8", "replace")


def _head(head: bytes) -> bytes:
    """A head that ends as HTTP wants it; nothing else is touched."""
    return head.rstrip(b"\r\n") + b"\r\n\r\n"


def _uri(url: str) -> str:
    return quote(url, safe=_URL_SAFE, errors="replace")


def _address(address: str | None) -> dict[str, str]:
    """The server's address, when it is one."""
    try:
        return {"WARC-IP-Address": str(ipaddress.ip_address(address or ""))}
    except ValueError:
        return {}


def _digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()
