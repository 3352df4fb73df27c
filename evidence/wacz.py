"""A capture as WACZ 1.1.1, made from its sealed WARC: what replay tools open. The WARC's bytes stay as they are.

The same WARC gives the same bytes. Form: WACZ specification 1.1.1 (Webrecorder); index: CDXJ in one compressed
block with its `index.idx`, as replay tools look it up; every page line has address and time.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import quote, urlsplit

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from core.errors import EvidenceBroken
from core.model import Evidence
from evidence.manifest import plain_time, sha256
from evidence.storage import translated
from evidence.stored_zip import Packed, StoredZip

VERSION = "1.1.1"
WARC_NAME = "data.warc.gz"
_INDEXED = WarcRecordType.response | WarcRecordType.resource
_URL_SAFE = ":/?#[]@!$&'()*+,;=-._~%"  # as `evidence.warc` spells addresses
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Line:
    """One record in the index."""

    key: str
    stamp: str
    facts: dict[str, str]
    offset: int

    def ending(self, end: int) -> Line:
        """The line with the place of its record."""
        place = {"length": str(end - self.offset), "offset": str(self.offset), "filename": WARC_NAME}
        return replace(self, facts=self.facts | place)

    def text(self) -> str:
        """As CDXJ writes it."""
        return f"{self.key} {self.stamp} {json.dumps(self.facts, ensure_ascii=True)}\n"


def build(output: Path, warc: Path, evidence: Evidence, title: str = "") -> None:
    """Write the WACZ of one sealed look to `output`. Raises EvidenceBroken when the WARC cannot be read."""
    lines = sorted(_lines(warc), key=lambda line: (line.key, line.stamp, line.offset))
    index = gzip.compress("".join(line.text() for line in lines).encode(), mtime=0)
    pages = _pages(lines, evidence, title)
    with (
        translated("writing a WACZ"),
        output.open("xb") as file,
        TemporaryFile(dir=output.parent) as directory,
    ):
        archive = StoredZip(file, directory)
        parts = [
            archive.add(f"archive/{WARC_NAME}", warc),
            archive.add("indexes/index.cdx.gz", index),
            archive.add("indexes/index.idx", _idx(lines, index)),
            archive.add("pages/pages.jsonl", pages),
        ]
        package = _package(parts, evidence, title)
        archive.add("datapackage.json", package)
        archive.add("datapackage-digest.json", _plain({"path": "datapackage.json", "hash": _hash(package)}))
        archive.close()


@dataclass(frozen=True)
class Sealed:
    """One answer out of a WARC. `headers` are as received."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def sealed(warc: Path) -> dict[str, Sealed]:
    """Answers by address, the first one of each; bodies unpacked. Raises EvidenceBroken.

    For drawing a page again: one capture is in memory at a time.
    """
    found: dict[str, Sealed] = {}
    try:
        with warc.open("rb") as file:
            kinds = WarcRecordType.response
            for record in ArchiveIterator(
                file, record_types=kinds, parse_http=True, auto_decode="all", fsspec_args=False
            ):
                url = str(record.headers["WARC-Target-URI"])
                if url not in found and record.http_headers is not None:
                    headers = tuple((str(name), str(value)) for name, value in record.http_headers)
                    status = int(record.http_headers.status_code or 0)
                    found[url] = Sealed(status, headers, record.reader.read())
    except (ValueError, KeyError, OSError, RuntimeError) as error:
        raise EvidenceBroken(f"the WARC cannot be read: {error}") from error
    return found


def surt(url: str) -> str:
    """The sorting key of an address: host parts turned round, then path and query (Sort-friendly URI)."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:  # a hostile address: any key that finds it again will do
        return url.lower()
    if parts.scheme not in _PORTS or not host:
        return url
    turned = host if ":" in host or host.replace(".", "").isdigit() else ",".join(reversed(host.split(".")))
    shown = "" if port in (None, _PORTS[parts.scheme]) else f":{port}"
    path = (parts.path or "/").lower()
    if len(path) > 1:
        path = path.removesuffix("/")
    query = "?" + "&".join(sorted(parts.query.lower().split("&"))) if parts.query else ""
    return f"{turned}{shown}){path}{query}".replace(" ", "%20")


def _lines(warc: Path) -> Iterator[Line]:
    """A line for each response and resource; a record is as long as it is to the next one."""
    waiting: Line | None = None
    try:
        with warc.open("rb") as file:
            for record in ArchiveIterator(file, parse_http=True, fsspec_args=False):
                if waiting:
                    yield waiting.ending(record.stream_pos)
                waiting = _line(record) if record.record_type & _INDEXED else None
        if waiting:
            yield waiting.ending(warc.stat().st_size)
    except (ValueError, KeyError, OSError, RuntimeError) as error:
        raise EvidenceBroken(f"the WARC cannot be read: {error}") from error


def _http(record: WarcRecord) -> tuple[str, str]:
    """Status and media type of a response; of a resource its own media type."""
    if record.http_headers is not None:
        found = record.http_headers.get("Content-Type", "") or ""
        return str(record.http_headers.status_code or ""), found.split(";")[0].strip()
    return "", str(record.headers.get("Content-Type", "")).split(";")[0].strip()


def _line(record: WarcRecord) -> Line:
    url = str(record.headers["WARC-Target-URI"])
    moment = datetime.fromisoformat(str(record.headers["WARC-Date"]))
    status, mime = _http(record)
    facts = {"url": url, "mime": mime or "application/octet-stream"} | ({"status": status} if status else {})
    facts["digest"] = str(record.headers.get("WARC-Payload-Digest", ""))
    return Line(surt(url), moment.strftime("%Y%m%d%H%M%S"), facts, record.stream_pos)


def _idx(lines: list[Line], index: bytes) -> bytes:
    head = "!meta 0 " + json.dumps({"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}) + "\n"
    if not lines:
        return head.encode()
    block = {"offset": 0, "length": len(index), "digest": _hash(index), "filename": "index.cdx.gz"}
    return f"{head}{lines[0].key} {lines[0].stamp} {json.dumps(block)}\n".encode()


def _pages(lines: list[Line], evidence: Evidence, title: str) -> bytes:
    """The post's page; its time is that of its record, or replay does not find it."""
    spellings = (evidence.url, quote(evidence.url, safe=_URL_SAFE, errors="replace"))
    found = next((line for line in lines if line.facts["url"] in spellings), None)
    moment = datetime.strptime(found.stamp + "+0000", "%Y%m%d%H%M%S%z") if found else evidence.captured_at
    head = {"format": "json-pages-1.0", "id": "pages", "title": "Pages"}
    url = found.facts["url"] if found else evidence.url
    page = {"id": evidence.id[:32], "url": url, "ts": plain_time(moment), "title": title or url}
    return b"".join(json.dumps(line, ensure_ascii=True).encode() + b"\n" for line in (head, page))


def _package(parts: list[Packed], evidence: Evidence, title: str) -> bytes:
    resources = [
        {
            "name": part.name.rsplit("/", 1)[1],
            "path": part.name,
            "hash": f"sha256:{part.sha256}",
            "bytes": part.size,
        }
        for part in parts
    ]
    return _plain(
        {
            "profile": "data-package", "wacz_version": VERSION, "software": "Wangxun",
            "created": plain_time(evidence.captured_at.replace(microsecond=0)), "title": title or evidence.url,
            "mainPageUrl": evidence.url, "description": f"manifest sha256:{evidence.id}", "resources": resources,
        }
    )  # fmt: skip


def _plain(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True, indent=2).encode()


def _hash(content: bytes) -> str:
    return "sha256:" + sha256(content)
