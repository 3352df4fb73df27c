"""The pictures of a post on its way in: read once each, so that the judge sees what only they say.

Text of clear posts is not kept: what was read is remembered by digest as long as the run lives, and in the finding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from casework.desk import Desk
from core.model import Capture, Finding, Picture, Post

# The most that a post of 小红书 can show (微信 and 微博: nine).
MOST_PICTURES = 18
# CPU seconds for one post: eighteen full phone pictures take 35; a post made to keep us busy gets no more than this.
POST_SECONDS = 60.0
NOT_RECEIVED = "图片没有取得"
TOO_MANY = "图片太多或太费时"
# The reader's counts of pictures that were read; its other counts are reasons why not.
READ = frozenset({"read", "known"})
_RETRY = "retry"


def with_texts(desk: Desk, post: Post, capture: Capture, present: Finding | None) -> tuple[Post, bool]:
    """The post with what stands in its pictures; False when another try may find more."""
    if not post.pictures:
        return post, True
    known = {
        picture.sha256: picture
        for version in (present.versions if present else ())
        for picture in version.post.pictures
        if picture.lines and not picture.unread
    }
    wanted = {picture.sha256 for picture in post.pictures if picture.sha256} - known.keys()
    reader = _Reader(desk, known, dict(_bodies(capture, wanted)))
    read = tuple(map(reader.read, post.pictures))
    return post.model_copy(update={"pictures": read}), reader.settled


def model_version(desk: Desk, post: Post, settled: bool = True) -> str:
    """The version that a Sighting names: with received pictures, the reader's belongs to it.

    Where the reader is renewed or another try may find more, the post is judged again at its next visit.
    """
    if not any(picture.sha256 for picture in post.pictures):
        return desk.judge.model_version
    return f"{desk.judge.model_version}+{desk.pictures.version if settled else _RETRY}"


def model_versions(desk: Desk) -> frozenset[str]:
    """All that count as today's."""
    return frozenset(
        (desk.judge.model_version, f"{desk.judge.model_version}+{desk.pictures.version}")
    )  # fmt: skip


def _bodies(capture: Capture, wanted: set[str]) -> Iterator[tuple[str, bytes]]:
    """Received bodies by digest; the bytes are those the picture's digest was made of."""
    for exchange in capture.exchanges if wanted else ():
        digest = hashlib.sha256(exchange.body).hexdigest()
        if digest in wanted:
            yield digest, exchange.body


class _Reader:
    """Reads the pictures of one post within its budget."""

    def __init__(self, desk: Desk, known: dict[str | None, Picture], bodies: dict[str, bytes]) -> None:
        self._desk, self._known, self._bodies = desk, known, bodies
        self._left, self._seconds = MOST_PICTURES, POST_SECONDS
        self.settled = True

    def read(self, picture: Picture) -> Picture:
        """The picture with its lines, or why not."""
        digest = picture.sha256
        if same := self._known.get(digest) if digest else None:
            return picture.model_copy(update={"lines": same.lines})
        if digest is None or digest not in self._bodies:
            return picture.model_copy(update={"unread": NOT_RECEIVED})
        if self._left <= 0 or self._seconds <= 0:
            return picture.model_copy(update={"unread": TOO_MANY})
        found = self._desk.pictures.read(digest, self._bodies[digest])
        self._left, self._seconds = self._left - 1, self._seconds - found.cpu
        self.settled = self.settled and found.settled
        return picture.model_copy(update={"lines": found.lines, "unread": found.unread})
