"""Draws blocks as HTML and prints them: reports as PDF, captured pages as PDF from their sealed files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from casework.blocks import Block, Picture, slices
from casework.printing import Answer, Answering, Printer
from core.model import Evidence, Item
from evidence.bag import BEIJING
from evidence.wacz import Sealed

REPORT_HOST = "http://report.invalid/"  # RFC 2606: never a real host
# What a drawn page is made of: anything else (frames' pages, scripts, data) stays unanswered.
_DROPPED = (
    "content-security-policy",
    "content-encoding",
    "content-length",
    "transfer-encoding",
    "set-cookie",
)
_ENVIRONMENT = Environment(
    loader=PackageLoader("casework", "templates"), autoescape=True, undefined=StrictUndefined
)


def print_report(printer: Printer, blocks: Iterable[Block], title: str, output: Path, at: datetime) -> None:
    """The document as PDF. Raises Unavailable."""
    pictures: dict[str, tuple[Path, int]] = {}

    def sources(block: Picture) -> Iterator[str]:
        for number, _ in enumerate(slices(block.path)):
            name = f"{REPORT_HOST}{len(pictures)}.png"
            pictures[name] = (block.path, number)
            yield name

    page = _html(blocks, title, sources, REPORT_HOST).encode("utf-8", "replace")

    def answer(url: str) -> Answer | None:
        if url == REPORT_HOST:
            return Answer(page)
        if url not in pictures:
            return None
        path, wanted = pictures[url]
        content = next(part for number, part in enumerate(slices(path)) if number == wanted)
        return Answer(content, "image/png")

    printer.print(REPORT_HOST, answer, output, at, title)


def plain_html(blocks: Iterable[Block], title: str) -> bytes:
    """The document as one HTML file, its pictures named only: they lie in the bundle beside it."""
    return _html(blocks, title, lambda _: (), "'none'").encode("utf-8", "replace")


def print_page(
    printer: Printer, evidence: Evidence, dom: bytes, received: dict[str, Sealed], output: Path, at: datetime
) -> None:
    """The captured page as PDF, drawn from its sealed DOM and what was received with it. Raises Unavailable."""
    moment = evidence.captured_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    digest = hashlib.sha256(dom).hexdigest()
    header = (
        f"网址 {evidence.url}　取证时间（北京）{moment}　证据编号 {evidence.id}　网页代码 SHA-256 {digest}"
    )
    url = evidence.url.split("#")[0]
    printer.print(url, answers_from(received, url, dom), output, at, header)


def answers_from(received: dict[str, Sealed], url: str, dom: bytes) -> Answering:
    """The drawn page at its address, and what was received at the others."""

    def answer(asked: str) -> Answer | None:
        plain = asked.split("#")[0]
        if plain == url:
            return Answer(dom)
        found = received.get(plain)
        return plainly(found) if found else None

    return answer


def plainly(found: Sealed) -> Answer:
    """What was received, without the headers that no longer fit or that would stop the drawing."""
    kept = [(name, value) for name, value in found.headers if name.lower() not in _DROPPED]
    media_type = next((value for name, value in kept if name.lower() == "content-type"), "text/html")
    rest = tuple((name, value) for name, value in kept if name.lower() != "content-type")
    return Answer(found.body, media_type, found.status or 200, rest)


def item_of(evidence: Evidence, role: str) -> Item | None:
    """The first kept file of that role."""
    return next((item for item in evidence.items if item.role == role), None)


def _html(blocks: Iterable[Block], title: str, sources: Any, images: str) -> str:
    template = _ENVIRONMENT.get_template("volume.html")
    kind_of = lambda block: type(block).__name__  # noqa: E731 - a name for the template only
    return template.render(blocks=blocks, title=title, sources_of=sources, images=images, kind_of=kind_of)
