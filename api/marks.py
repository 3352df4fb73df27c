"""Text cut into plain and marked pieces: never HTML, so that the template's escaping holds for all of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from core.model import Post, Reason, Verdict
from core.text import judged_text, written_text
from store.words import highlights

EXCERPT = 140  # characters in a list: two lines on an office screen
BEFORE = 40  # of them before the first hit, so that it is read in its sentence


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `notes` say why it is marked (empty: it is not), `kind` for or against."""

    text: str
    notes: tuple[str, ...] = ()
    kind: str = ""


def found(text: str, query: str) -> list[Piece]:
    """An excerpt of `text` with the query's words marked, in whatever dress they stand there."""
    spans = highlights(text, query)
    start = max(0, min((begin for begin, _ in spans), default=0) - BEFORE)
    end = min(len(text), start + EXCERPT)
    inside = [(begin, stop, "检索词", "hit") for begin, stop in spans if begin < end and stop > start]
    pieces = _cut(text, inside, start, end)
    return [*([Piece("…")] if start else []), *pieces, *([Piece("…")] if end < len(text) else [])]


def whole(text: str, query: str) -> list[Piece]:
    """All of `text` with the query's words marked."""
    return _cut(
        text, [(begin, stop, "检索词", "hit") for begin, stop in highlights(text, query)], 0, len(text)
    )


def reasoned(text: str, verdict: Verdict, names: dict[str, str]) -> list[Piece]:
    """The judged text with its reasons marked; `names` gives codes their Chinese names."""
    return _cut(text, _reasons(verdict, names), 0, len(text))


def pictured(post: Post, verdict: Verdict, names: dict[str, str]) -> list[Piece]:
    """What was read in the pictures, with its reasons marked; nothing when they say nothing."""
    text = judged_text(post)
    first = len(written_text(post)) + 1
    return _cut(text, _reasons(verdict, names), first, len(text)) if first < len(text) else []


def excerpt(post: Post, verdict: Verdict, names: dict[str, str], query: str) -> list[Piece]:
    """What a list shows of a body: where the query's words stand, or without a query where the reasons do."""
    if query.strip():
        return found(post.body, query)
    first = len(post.title) + 1 if post.title else 0  # the body's place in the judged text
    text = judged_text(post)
    spans = [span for span in _reasons(verdict, names) if span[1] > first]
    start = max(first, min((span[0] for span in spans), default=first) - BEFORE)
    end = min(len(text), start + EXCERPT)
    pieces = _cut(text, spans, start, end)
    return [*([Piece("…")] if start > first else []), *pieces, *([Piece("…")] if end < len(text) else [])]


def gathered(reasons: Iterable[Reason]) -> dict[tuple[str, float], list[str]]:
    """Quotations by what they mean and weigh, each once: ten words of one meaning are one line."""
    found: dict[tuple[str, float], list[str]] = {}
    for reason in reasons:
        quotations = found.setdefault((reason.meaning or "", reason.weight), [])
        if reason.span.text not in quotations:
            quotations.append(reason.span.text)
    return found


def _reasons(verdict: Verdict, names: dict[str, str]) -> list[tuple[int, int, str, str]]:
    spans = [
        (reason.span.start, reason.span.end, _note(reason, names.get(item.code, item.code)), "for")
        for item in verdict.suspicions
        for reason in item.reasons
    ]
    return spans + [
        (item.span.start, item.span.end, _note(item, "反证"), "against") for item in verdict.counter
    ]


def _note(reason: Reason, name: str) -> str:
    return f"{name}：{reason.meaning}" if reason.meaning else name


def _cut(text: str, spans: Iterable[tuple[int, int, str, str]], start: int, end: int) -> list[Piece]:
    """Cut at every border of a span; a piece carries the notes of all spans over it."""
    clipped = [(max(a, start), min(b, end), note, kind) for a, b, note, kind in spans]
    real = [span for span in clipped if span[0] < span[1]]
    borders = sorted({start, end, *(span[0] for span in real), *(span[1] for span in real)})
    pieces = []
    for left, right in itertools.pairwise(borders):
        over = [span for span in real if span[0] <= left and right <= span[1]]
        notes = tuple(dict.fromkeys(span[2] for span in over))
        kinds = {span[3] for span in over}
        kind = next((name for name in ("hit", "for", "against") if name in kinds), "")
        pieces.append(Piece(text[left:right], notes, kind))
    return pieces
