"""A document as a row of simple blocks, drawn the same as HTML (for PDF) and as DOCX."""

from __future__ import annotations

import gc
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Draft
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from PIL import Image, UnidentifiedImageError

# Of a page 1366 pixels wide, an A4 sheet shows about 1900 at full width; the rest is for a heading and the caption.
SLICE = 1600
_TEXT_MM = 170  # A4's width without 20 mm of margin on each side
_FONT = "Noto Sans CJK SC"
_NO_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, section 2.2


@dataclass(frozen=True)
class Heading:
    """Level 0 is the document's title."""

    text: str
    level: int = 1
    new_page: bool = False


@dataclass(frozen=True)
class Text:
    """A paragraph; `warning` is set off, `lead` belongs to what follows it."""

    text: str
    warning: bool = False
    lead: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of texts; `head` is the first row, or empty when the first column is the head. `sign`: room for pens."""

    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()  # per cent
    sign: bool = False


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
    with _collected_at_once():
        _write_again(_drafted(blocks, title, at), output)


@contextmanager
def _collected_at_once() -> Iterator[None]:
    """What is made in here is collected at the end, what was there before is not looked at.

    A draft's parts point at each other, and most of their memory (XML, pictures) lies outside what the collector
    counts: left to itself it would let dozens of volumes stand (seen: 7 MiB each, and all pictures of a volume). To
    look through everything that the process holds for each volume would cost a tenth of an export.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()


def _drafted(blocks: Iterable[Block], title: str, at: datetime) -> io.BytesIO:
    draft = Document()
    _page_form(draft)
    written: list[str] = []
    for block in blocks:
        if isinstance(block, Picture):
            _add_written(draft, written)
            _add_picture(draft, block)
        else:
            written.append(_xml(block))
    _add_written(draft, written)
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
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme's font goes before the one that is named
        fonts.set(qn("w:eastAsia"), _FONT)
        style.font.color.rgb = RGBColor(0, 0, 0)
    for language in draft.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")  # else marks are set as in Japanese
    draft.styles["Normal"].font.size = Pt(10.5)  # 五号, the usual size of official forms
    _number_pages(section)


def _number_pages(section: Section) -> None:
    """第 n 页，共 m 页 below each page: a sheet that falls out of a record must be missed."""
    number, total = (
        f'<w:fldSimple w:instr="{field}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        for field in ("PAGE", "NUMPAGES")
    )
    pieces = ("第 ", number, " 页，共 ", total, " 页")
    runs = "".join(
        one if one[0] == "<" else f'<w:r><w:t xml:space="preserve">{one}</w:t></w:r>' for one in pieces
    )
    line = parse_xml(f'<w:p {nsdecls("w")}><w:pPr><w:jc w:val="center"/></w:pPr>{runs}</w:p>')
    footer = section.footer
    footer.is_linked_to_previous = False
    old = footer.paragraphs[0]._p
    old.getparent().replace(old, line)


def _add_written(draft: Draft, written: list[str]) -> None:
    """Paragraphs and tables as the format's own XML (ECMA-376, part 1, section 17), parsed in one piece: built
    element by element they took nine tenths of an export's time. Empties `written`.
    """
    whole = parse_xml(f"<w:body {nsdecls('w')}>{''.join(written)}</w:body>")
    end = draft.element.body.sectPr
    for element in list(whole):
        end.addprevious(element)
    written.clear()


def _xml(block: Heading | Text | Table) -> str:
    if isinstance(block, Heading):
        style = f"Heading{block.level}" if block.level else "Title"
        before = "<w:pageBreakBefore/>" if block.new_page else ""
        return _paragraph(block.text, f'<w:pStyle w:val="{style}"/>{before}')
    if isinstance(block, Text):
        lead = block.lead or block.text.endswith("：")
        return _paragraph(block.text, "<w:keepNext/>" if lead else "", "<w:b/>" if block.warning else "")
    return _table(block)


def _paragraph(text: str, form: str = "", marks: str = "") -> str:
    lines = "<w:br/>".join(
        "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in line.split("\t"))
        for line in _clean(text).split("\n")
    )
    form = f"<w:pPr>{form}</w:pPr>" if form else ""
    marks = f"<w:rPr>{marks}</w:rPr>" if marks else ""
    return f"<w:p>{form}<w:r>{marks}{lines}</w:r></w:p>"


def _table(block: Table) -> str:
    rows = (*((block.head,) if block.head else ()), *block.rows)
    if not rows:
        return ""
    columns = len(rows[0])
    widths = [int(Mm(_TEXT_MM * share / 100).twips) for share in block.widths or [100 / columns] * columns]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    drawn = "".join(_row(row, widths, block, number == 0) for number, row in enumerate(rows))
    form = (
        '<w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/>'
        '<w:tblLayout w:type="fixed"/></w:tblPr>'
    )
    return f"<w:tbl>{form}<w:tblGrid>{grid}</w:tblGrid>{drawn}</w:tbl>{_paragraph('')}"


def _row(row: tuple[str, ...], widths: list[int], block: Table, first: bool) -> str:
    """A head stands again on each page; a row that fits on a page is not torn."""
    head = first and bool(block.head)
    cells = []
    for column, (text, width) in enumerate(zip(row, widths, strict=True)):
        bold = "<w:b/>" if head or (not block.head and (column == 0 or (block.sign and column == 2))) else ""
        # 小五 (9 points, in halves): digests of 64 characters fit in three lines.
        inside = _paragraph(text, marks=f'{bold}<w:sz w:val="18"/>')
        cells.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{inside}</w:tc>')
    room = '<w:trHeight w:val="600"/>' if block.sign else ""  # twentieths of a point: a signature's height
    form = f"<w:trPr><w:cantSplit/>{room}{'<w:tblHeader/>' if head else ''}</w:trPr>"
    return f"<w:tr>{form}{''.join(cells)}</w:tr>"


def _add_picture(draft: Draft, block: Picture) -> None:
    paragraph = None
    for content in slices(block.path):
        paragraph = draft.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run().add_picture(io.BytesIO(content), width=Mm(_TEXT_MM))
    if paragraph is not None:
        paragraph.paragraph_format.keep_with_next = True  # a caption on another page belongs to no picture
    draft.add_paragraph(
        _clean(block.caption if paragraph is not None else f"{block.caption}（图片无法显示）")
    )


def _clean(text: str) -> str:
    """Without what XML cannot hold: a hostile title may carry control characters."""
    return _NO_XML.sub("", text)
