"""Lines as found in a picture to the text as a reader reads it: in order, and wrapped sentences in one piece.

A poster breaks its sentences where the paper ends, in the middle of a word (一对一辅|导): judged line by line, such
a word would be missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

# A line that ends within one and a half letters of the right-hand edge of its block was broken by the edge.
_AT_EDGE = 1.5
# Lines of one paragraph begin at the same place and stand less than a letter apart (boxes overlap by up to half) ...
_INDENT, _GAP, _OVERLAP = 1.0, 1.0, 0.5
# ... and have letters of one size; the box of a line of two letters was seen to be half as high again.
_SMALLER, _LARGER = 0.7, 1.6
# Wrapped lines are long: below eight letters a line end is meant (a list of subjects, a price).
_SHORTEST = 8
_ENDS = "。！？!?；;：:…"
# Two letters that stand one upon the other are half as high again as broad, in the narrowest box; figures that lie on
# their side in a column are narrower still. 1、 of a list is neither.
_STANDS, _LIES_ON_ITS_SIDE = 1.5, 3.0


@dataclass(frozen=True)
class Line:
    """A line of words and where it stands, in pixels; `kind` is text or code."""

    text: str
    left: int
    top: int
    width: int
    height: int
    kind: str = "text"
    runs_on: bool = False

    @property
    def right(self) -> int:
        """The pixel after its last one."""
        return self.left + self.width

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.top + self.height / 2


def laid_out(lines: Iterable[Line]) -> tuple[Line, ...]:
    """In the order of reading, with `runs_on` where the edge broke a sentence; what codes say stands last."""
    found = list(lines)
    words = [line for line in found if line.kind == "text" and _says_something(line.text)]
    columns = [line for line in words if _stands(line)]
    flat = _joined([line for line in words if line not in columns])
    top = min((line.top for line in columns), default=0)
    # Columns are read together, after what stands above them.
    above = next((n for n, line in enumerate(flat) if line.middle > top and not line.runs_on), len(flat))
    codes = [line for line in found if line.kind != "text"]
    return (*flat[:above], *_in_columns(columns), *flat[above:], *codes)


def _joined(lines: Sequence[Line]) -> list[Line]:
    words = _in_rows(lines)
    edge = max((line.right for line in words), default=0)
    return [
        replace(line, runs_on=bool(place) and _wrapped(words[place - 1], line, edge))
        for place, line in enumerate(words)
    ]


def _stands(line: Line) -> bool:
    """Whether it is a column: letters one under the other, or a line of a page that lies on its side."""
    slender = line.height / line.width
    letters = sum(not letter.isascii() for letter in line.text)
    return (letters > 1 and slender >= _STANDS) or (len(line.text) > 1 and slender >= _LIES_ON_ITS_SIDE)


def _in_columns(columns: Sequence[Line]) -> list[Line]:
    """From right to left, as Chinese columns are read; from left to right where they begin at their lower ends.

    Columns begin at one height and end where their words do: those of a page on its left side begin below. They are
    turned until they lie as lines, put in order, and turned back.
    """
    if not columns:
        return []
    upper = [line.top for line in columns]
    lower = [line.top + line.height for line in columns]
    rising = max(lower) - min(lower) < max(upper) - min(upper)
    turned = [
        replace(
            line, left=-line.top - line.height if rising else line.top, top=line.left if rising else -line.right,
            width=line.height, height=line.width,
        )
        for line in columns
    ]  # fmt: skip
    return [
        replace(
            line, left=line.top if rising else -line.top - line.height, top=-line.right if rising else line.left,
            width=line.height, height=line.width,
        )
        for line in _joined(turned)
    ]  # fmt: skip


def _says_something(text: str) -> bool:
    """Circles and corners of a drawing are read as single letters; a single Chinese character is a word."""
    return len(text.strip()) > 1 or not text.isascii()


def _in_rows(lines: Sequence[Line]) -> list[Line]:
    """From top to bottom; what stands side by side, from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda item: item.middle):
        row = rows[-1] if rows else None
        if row and abs(row[0].middle - line.middle) < min(row[0].height, line.height) / 2:
            row.append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda item: item.left)]


def _wrapped(before: Line, line: Line, edge: int) -> bool:
    letter = before.height
    return (
        len(before.text) >= _SHORTEST
        and before.text[-1] not in _ENDS
        and abs(before.left - line.left) <= _INDENT * letter
        and _SMALLER * letter <= line.height <= _LARGER * letter
        and -_OVERLAP * letter <= line.top - before.top - before.height <= _GAP * letter
        and edge - before.right <= _AT_EDGE * letter
    )
