"""Says of a verdict what comes from a picture, and what pictures could not tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from core.meanings import IN_PICTURE
from core.model import Post, Reason, Verdict
from core.text import written_text

NOT_READ = "图片未识别"


def marked(verdict: Verdict, post: Post) -> Verdict:
    """The verdict with 图中文字 in each reason that quotes a picture, and a note for pictures that were not read."""
    if not post.pictures:
        return verdict
    written = len(written_text(post))

    def mark(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
        return tuple(_said(reason) if reason.span.start >= written else reason for reason in reasons)

    found = tuple(item.model_copy(update={"reasons": mark(item.reasons)}) for item in verdict.suspicions)
    changes = {
        "suspicions": found,
        "counter": mark(verdict.counter),
        "notes": (*verdict.notes, *_notes(post)),
    }
    return verdict.model_copy(update=changes)


def _said(reason: Reason) -> Reason:
    meaning = f"{IN_PICTURE}：{reason.meaning}" if reason.meaning else IN_PICTURE
    return reason.model_copy(update={"meaning": meaning})


def _notes(post: Post) -> Iterator[str]:
    """A line for each cause: an officer then knows where to look with his own eyes."""
    for cause, count in Counter(picture.unread for picture in post.pictures if picture.unread).items():
        yield f"{NOT_READ}（{count} 张）：{cause}"
