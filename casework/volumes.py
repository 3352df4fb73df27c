"""Bound volumes of a report: each as DOCX for the file and PDF for reading (HTML where there is no Chromium)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from casework.blocks import Block, to_docx
from casework.drawing import plain_html, print_report
from casework.printing import Printer
from core.errors import Unavailable
from evidence.bundle import Entry

# Findings a volume: some sixty sheets that one can hold in a hand, and all that is in memory at once.
SIZE = 20


def count(findings: int) -> int:
    """How many volumes so many findings fill."""
    return -(-findings // SIZE)


def cut(ids: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """(number from 1, findings) of each volume."""
    for number in range(count(len(ids))):
        yield number + 1, ids[number * SIZE : (number + 1) * SIZE]


def bound(
    blocks: Sequence[Block], name: str, folder: Path, printer: Printer | None, at: datetime
) -> Iterator[Entry]:
    """The files of one volume, sorted; each is gone again when the next is asked for. Raises Unavailable."""
    title = name.rpartition("/")[2]
    docx, other = folder / "volume.docx", folder / ("volume.pdf" if printer else "volume.html")
    to_docx(blocks, docx, title, at)
    yield Entry(f"{name}.docx", docx)
    docx.unlink()
    if printer:
        try:
            print_report(printer, blocks, title, other, at)
        except (
            Unavailable
        ):  # a browser that fell after hours must not cost the whole export: the next try has a new one
            print_report(printer, blocks, title, other, at)
    else:
        other.write_bytes(plain_html(blocks, title))
    yield Entry(f"{name}{other.suffix}", other)
    other.unlink()
