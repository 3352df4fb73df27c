"""A document as a row of simple blocks, drawn the same as HTML (for PDF) and as DOCX."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Draft
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from PIL import Image, UnidentifiedImageError

# A sheet of A4 within its margins shows about this much of a page 1366 pixels wide at full width.
SLICE = 1900
_TEXT_MM = 170  # A4's width without 20 mm of margin on each side
_FONT = "Noto Sans CJK SC"


@dataclass(frozen=True)
class Heading:
    """Level 0 is the document's title."""

    text: str
    level: int = 1
    new_page: bool = False


@dataclass(frozen=True)
class Text:
    """A paragraph; `warning` is set off."""

    text: str
    warning: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of texts; `head` is the first row, or empty when the first column is the head."""

    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()  # per cent


@dataclass(frozen=True)
class Picture:
    """A picture on disk, cut into sheets when it is tall."""

    path: Path
    caption: str


Block = Heading | Text | Table | Picture


def slices(path: Path) -> Iterator[bytes]:
    """The picture as PNGs no taller than SLICE; nothing for what is no picture. One slice is made at a time."""
    try:
        with Image.open(path) as picture:
            picture.load()
            whole = picture.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return
    for top in range(0, whole.height, SLICE):
        out = io.BytesIO()
        whole.crop((0, top, whole.width, min(top + SLICE, whole.height))).save(out, "PNG")
        yield out.getvalue()


def to_docx(blocks: Iterable[Block], output: Path, title: str, at: datetime) -> None:
    """Write the document; `at` stands in for every time in the file, so that it is repeatable."""
    _write_again(_drafted(blocks, title, at), output)
    # The draft's parts point at each other and lie outside what the collector counts: left to itself it would
    # let a few dozen volumes stand (seen: 4 MiB a volume).
    gc.collect()


def _drafted(blocks: Iterable[Block], title: str, at: datetime) -> io.BytesIO:
    draft = Document()
    _page_form(draft)
    for block in blocks:
        _add(draft, block)
    core = draft.core_properties
    core.title, core.author, core.comments = _clean(title)[:200], "网巡", ""  # 255 is the format's limit
    core.created = core.modified = at.replace(tzinfo=None, microsecond=0)
    made = io.BytesIO()
    draft.save(made)
    return made


def _write_again(made: io.BytesIO, output: Path) -> None:
    """The parts with a fixed time: python-docx writes the clock's."""
    with ZipFile(made) as old, ZipFile(output, "x") as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name), old.read(name), ZIP_DEFLATED)


def _page_form(draft: Draft) -> None:
    section = draft.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3"):
        style = draft.styles[name]
        style.font.name = _FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
        style.font.color.rgb = RGBColor(0, 0, 0)
    draft.styles["Normal"].font.size = Pt(10.5)  # 五号, the usual size of official forms


def _add(draft: Draft, block: Block) -> None:
    if isinstance(block, Heading):
        if block.new_page:
            draft.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        draft.add_heading(_clean(block.text), block.level)
    elif isinstance(block, Text):
        run = draft.add_paragraph().add_run(_clean(block.text))
        run.bold = block.warning
    elif isinstance(block, Table):
        _add_table(draft, block)
    else:
        _add_picture(draft, block)


def _add_table(draft: Draft, block: Table) -> None:
    rows = (*((block.head,) if block.head else ()), *block.rows)
    if not rows:
        return
    table = draft.add_table(len(rows), len(rows[0]), style="Table Grid")
    table.autofit = False
    for number, (drawn, row) in enumerate(zip(table.rows, rows, strict=True)):
        for column, (cell, text) in enumerate(zip(drawn.cells, row, strict=True)):
            run = cell.paragraphs[0].add_run(_clean(text))
            run.font.size = Pt(9)  # 小五: digests of 64 characters fit in three lines
            run.bold = number == 0 if block.head else column == 0
            cell.width = Mm(_TEXT_MM * (block.widths[column] if block.widths else 100 // len(row)) / 100)
    draft.add_paragraph()


def _add_picture(draft: Draft, block: Picture) -> None:
    shown = False
    for content in slices(block.path):
        draft.add_picture(io.BytesIO(content), width=Mm(_TEXT_MM))
        draft.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
        shown = True
    draft.add_paragraph(_clean(block.caption if shown else f"{block.caption}（图片无法显示）"))


def _clean(text: str) -> str:
    """Without what XML cannot hold: a hostile title may carry control characters."""
    return "".join(
        c
        for c in text
        if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )
