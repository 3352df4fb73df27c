"""What earlier runs know of a page, so that an unchanged one need not be fetched again.

Only a cache: it may be deleted at any time, and it never decides by itself. A page is passed over only when the
store still holds a Sighting of each of its posts, with the text that was read then and judged by today's rules,
and when site or list says that nothing changed. No text of a post is kept here.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from casework import intake, pictures, shelf
from casework.desk import Desk
from core.errors import StoreAway
from core.model import Post, Sighting
from core.text import content_digest

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)
# Sites lie about changes by mistake (a template's date for the page's); once a week every page is read in full.
TRUST = timedelta(days=7)


@dataclass(frozen=True)
class Known:
    """A page as last read in full: its validators (RFC 9110, 8.8), the list's word on it, and its posts' digests."""

    read_at: str
    posts: dict[str, str]
    etag: str = ""
    last_modified: str = ""
    updated: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers that ask for the page only if it changed."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


def known_from(posts: tuple[Post, ...], read_at: datetime, etag: str, modified: str, updated: str) -> Known:
    """What to remember of a page that was read in full."""
    return Known(read_at.isoformat(), {post.id: digest(post) for post in posts}, etag, modified, updated)


def digest(post: Post) -> str:
    """The content digest by which casework tells an edit."""
    return content_digest(post.title, post.body, [item.sha256 for item in post.pictures if item.sha256])


def _opened(path: Path) -> sqlite3.Connection:
    rows = sqlite3.connect(path, isolation_level=None)
    try:
        rows.execute("CREATE TABLE IF NOT EXISTS page (url TEXT PRIMARY KEY, known TEXT NOT NULL)")
    except sqlite3.DatabaseError:
        rows.close()
        raise
    return rows


class PageFile:
    """Known pages of one source in a small SQLite file; used by one thread."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._rows = _opened(path)
        except sqlite3.DatabaseError as error:  # a full disk, a pulled plug: only a cache was lost
            log.warning("%s is begun anew: %s", path.name, error)
            path.unlink()
            self._rows = _opened(path)

    def recall(self, url: str) -> Known | None:
        """The page as last remembered."""
        row = self._rows.execute("SELECT known FROM page WHERE url = ?", (url,)).fetchone()
        return Known(**json.loads(row[0])) if row else None

    def remember(self, url: str, known: Known) -> None:
        """Takes the place of what was known."""
        plain = json.dumps(asdict(known))
        self._rows.execute("INSERT OR REPLACE INTO page VALUES (?, ?)", (url, plain))

    def close(self) -> None:
        """Nothing is pending: each line was written at once."""
        self._rows.close()


class Memory:
    """The spider's Memory, in a thread of its own: a slow judge must not keep the lists waiting."""

    def __init__(self, path: Path, desk: Desk) -> None:
        self._desk = desk
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="memory")
        # Opened in the thread that uses it: SQLite's connections belong to threads.
        self._file = self._pool.submit(PageFile, path).result()

    async def _later(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        return await asyncio.wrap_future(self._pool.submit(work, *arguments))

    async def known(self, url: str) -> Known | None:
        """What is known of the page, if it may be relied on now."""
        return await self._later(self._known, url)

    def _known(self, url: str) -> Known | None:
        found = self._file.recall(url)
        try:
            return found if found and is_current(self._desk, found, datetime.now(UTC)) else None
        except StoreAway:
            return None  # nobody can say whether it may be relied on: it is read in full

    async def again(self, known: Known) -> None:
        """The page's posts were met once more, unchanged."""
        await self._later(intake.meet_again, self._desk, tuple(known.posts), datetime.now(UTC))

    async def remember(self, url: str, known: Known) -> None:
        """To be called when the page has been read."""
        await self._later(self._file.remember, url, known)

    def close(self) -> None:
        """Ends the thread after what is queued."""
        self._pool.submit(self._file.close).result()
        self._pool.shutdown()


def is_current(desk: Desk, known: Known, now: datetime) -> bool:
    """Whether each post stands in the store as it was read then, judged by today's rules, and not too long ago."""
    if not known.posts or now - datetime.fromisoformat(known.read_at) > TRUST:
        return False
    models = pictures.model_versions(desk)
    for post_id, read in known.posts.items():
        sighting = shelf.find(desk.store, Sighting, post_id)
        if sighting is None or sighting.rule_version != desk.judge.rule_version:
            return False
        if sighting.model_version not in models:
            return False
        if sighting.content_digest != read:
            return False
    return True
