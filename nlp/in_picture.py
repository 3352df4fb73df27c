"""Says of a verdict what comes from a picture, and what pictures could not tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from core.meanings import IN_PICTURE
from core.model import Post, Reason, Span, Verdict
from core.text import written_text

NOT_READ = "图片未识别"


def marked(verdict: Verdict, post: Post) -> Verdict:
    """The verdict with 图中文字 in each reason that quotes a picture, and a note for pictures that were not read."""
    if not post.pictures:
        return verdict

    def mark(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
        return tuple(_said(reason) if stands_in_picture(reason.span, post) else reason for reason in reasons)

    found = tuple(item.model_copy(update={"reasons": mark(item.reasons)}) for item in verdict.suspicions)
    changes = {
        "suspicions": found,
        "counter": mark(verdict.counter),
        "notes": (*verdict.notes, *_notes(post)),
    }
    return verdict.model_copy(update=changes)


def stands_in_picture(span: Span, post: Post) -> bool:
    """Whether the quotation was read in a picture: what pictures say follows what is written."""
    return span.start >= len(written_text(post))


def _said(reason: Reason) -> Reason:
    meaning = f"{IN_PICTURE}：{reason.meaning}" if reason.meaning else IN_PICTURE
    return reason.model_copy(update={"meaning": meaning})


def _notes(post: Post) -> Iterator[str]:
    """A line for each cause: an officer then knows where to look with his own eyes."""
    for cause, count in Counter(picture.unread for picture in post.pictures if picture.unread).items():
        yield f"{NOT_READ}（{count} 张）：{cause}"
