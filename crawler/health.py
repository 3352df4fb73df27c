"""Does a run still yield what its source expects? A field that stops coming means that the site's layout changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from core.model import Post
from core.source import FieldName, Source

# Below five posts a share says more of chance than of the layout; a trial (`sources try`) reads five.
LEAST_SAMPLE = 5
_SHOWN_AS: dict[str, str] = {"contact": "contacts"}  # the field's name in a Post, where it differs


class Yield:
    """Counts, for each field that the source expects, the posts that should have it and those that do."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._asked: Counter[FieldName] = Counter()
        self._had: Counter[FieldName] = Counter()

    def read(self, posts: Sequence[Post]) -> None:
        """The posts of one page."""
        for index, post in enumerate(posts):
            for name in self._source.expect.fields:
                # What is looked up in the whole page belongs to its first post only.
                if not (index and self._source.post.fields[name].whole_page):
                    self._asked[name] += 1
                    self._had[name] += _has(post, name, index)

    def unread(self) -> None:
        """A post page from which no post could be read: it lacks whatever was expected of it."""
        self._asked.update(self._source.expect.fields.keys())

    def shares(self) -> dict[FieldName, tuple[int, int]]:
        """For each expected field: posts that have it, and posts that should."""
        return {name: (self._had[name], self._asked[name]) for name in self._source.expect.fields}

    def faults(self, least_sample: int = LEAST_SAMPLE) -> list[str]:
        """What an officer must know, in Chinese; empty when every expected field comes as often as expected."""
        found = []
        for name, (had, asked) in self.shares().items():
            expected = self._source.expect.fields[name]
            if asked >= least_sample and had < expected * asked:
                found.append(
                    f"字段 {name} 只在 {asked} 条中的 {had} 条读到（预期 {expected:.0%}），页面结构变了？"
                )
        return found


def _has(post: Post, name: FieldName, index: int) -> bool:
    if name == "anchor":
        return not index or "#" in post.url
    return bool(getattr(post, _SHOWN_AS.get(name, name)))
