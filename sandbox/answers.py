"""What a site answers: a status, headers, and bytes or a stream of bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from zlib import crc32

PAGES = Path(__file__).parent / "pages"
STATIC = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
# One chunk of the endless page, and how many make 30 MB.
_CHUNK, _CHUNKS = 64 * 1024, 480


@dataclass(frozen=True)
class Request:
    """What a site needs to know of a request."""

    path: str
    query: dict[str, str]
    agent: str = ""
    known: str = ""  # If-None-Match


@dataclass
class Answer:
    """`stream` replaces `body`; `framing` says how its end is told: chunked, close or length."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    stream: Iterator[bytes] | None = None
    framing: str = "length"
    length: int = 0


def page(name: str, **values: object) -> str:
    """A page template filled in; values are HTML already."""
    return Template((PAGES / f"{name}.html").read_text(encoding="utf-8")).substitute(values)


def html(text: str, encoding: str = "utf-8", status: int = 200, claimed: str | None = None) -> Answer:
    """An HTML answer; `claimed` is the charset that the header names when it lies."""
    body = text.encode(encoding, errors="xmlcharrefreplace")
    return Answer(status, body, {"Content-Type": f"text/html; charset={claimed or encoding}"})


def data(value: Any, status: int = 200) -> Answer:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(status, body, {"Content-Type": "application/json; charset=utf-8"})


def tagged(answer: Answer, known: str) -> Answer:
    """The answer with its ETag, or 304 to one who has it already."""
    tag = f'"{crc32(answer.body):08x}"'
    if tag == known:
        return Answer(304, headers={"ETag": tag})
    answer.headers["ETag"] = tag
    return answer


def redirect(where: str) -> Answer:
    return Answer(302, b"", {"Location": where, "Content-Type": "text/html; charset=utf-8"})


def plain(text: str, status: int = 200) -> Answer:
    return Answer(status, text.encode(), {"Content-Type": "text/plain; charset=utf-8"})


def file(name: str) -> Answer | None:
    """A static file, or nothing when there is none of that name."""
    path = STATIC / name
    if "/" in name or path.suffix not in _TYPES or not path.is_file():
        return None
    return Answer(200, path.read_bytes(), {"Content-Type": _TYPES[path.suffix]})


def endless(title: str, framing: str) -> Answer:
    """The 30 MB page."""
    line = f"<p>{escape(title)}</p>\n".encode()
    chunk = (line * (_CHUNK // len(line) + 1))[:_CHUNK]
    return Answer(
        200,
        b"",
        {"Content-Type": "text/html; charset=utf-8"},
        (chunk for _ in range(_CHUNKS)),
        framing,
        _CHUNK * _CHUNKS,
    )


def breaks(text: str) -> str:
    """Text as HTML with <br> between lines."""
    return escape(text).replace("\n", "<br>\n")


def paragraphs(text: str) -> str:
    """Text as HTML, a paragraph a line."""
    return "\n".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
