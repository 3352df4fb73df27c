"""Pages met before: which need not be asked for, which only if they changed, and what to remember of them."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapy.http import Response
from w3lib.url import canonicalize_url

from core.model import Post
from crawler import reading as read
from crawler.memory import Known, digest, known_from
from crawler.outfit import Outfit

NOT_MODIFIED = 304


class Revisits:
    """The spider's dealings with its Memory; without one, every page is new."""

    def __init__(self, outfit: Outfit) -> None:
        self._memory, self._counts = outfit.memory, outfit.tally.counts

    async def known(self, url: str) -> Known | None:
        """The page as remembered, if that may be relied on."""
        return await self._memory.known(canonicalize_url(url)) if self._memory else None

    async def unchanged(self, known: Known, how: str) -> None:
        """The page's posts count as met; `how` names the count that says why they were not read."""
        if self._memory:
            await self._memory.again(known)
        self._counts[how] += 1
        self._counts["posts"] += len(known.posts)
        self._counts["unchanged"] += len(known.posts)

    async def has_read(self, url: str, post: Post) -> bool:
        """Whether this very text was read before, with all that was hidden in it."""
        known = await self.known(url)
        return known is not None and known.posts.get(post.id) == digest(post)

    async def remember(self, response: Response, posts: tuple[Post, ...], hidden: bool = False) -> None:
        """A page that has been read in full; `hidden`: with what stands behind its clicks."""
        if self._memory is None or (page := canonicalize_url(response.url)) != response.meta["asked"]:
            return  # what stands elsewhere now says nothing of what the list names
        # A drawn page cannot be asked for conditionally: only the list's word counts.
        drawn = "playwright" in response.flags
        etag, modified = (
            ("", "") if drawn else (read.header(response, "ETag"), read.header(response, "Last-Modified"))
        )
        known = known_from(posts, datetime.now(UTC), etag, modified, response.meta["updated"])
        if known.headers or known.updated or hidden:
            await self._memory.remember(page, known)
