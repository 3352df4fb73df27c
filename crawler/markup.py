"""Mark-up to elements, within bounds: what a page costs to parse is not for the page to choose."""

from __future__ import annotations

from typing import Any

from lxml import etree
from parsel import Selector

from core.errors import PageChanged

# libxml2 builds the attributes of one tag in quadratic time: 1,000 cost it 2 ms, 250,000 (2.4 MB of page) four minutes
# with the whole crawl standing still. Tags that people write have a few dozen.
MOST_ATTRIBUTES = 1000
# The shortest attribute takes three characters with its blank: a shorter page cannot hold ten times that many.
_WORTH_COUNTING = 30_000


class _TooMany(Exception):
    """The tag that was just read has more attributes than anybody writes."""


class _Counting:
    """A target for lxml's parser: the same tokens as for a tree, in linear time, and nothing is kept."""

    def start(self, _: str, attributes: Any) -> None:
        if len(attributes) > MOST_ATTRIBUTES:
            raise _TooMany

    def close(self) -> None:
        """Nothing to hand over."""


def parsed(text: str, url: str) -> Selector:
    """The page's elements. Raises PageChanged when one tag has more than MOST_ATTRIBUTES attributes.

    Never read as anything but HTML: parsel would take a page that is JSON by chance for JSON, and have no elements.
    """
    if len(text) > _WORTH_COUNTING:
        try:
            counting = etree.HTMLParser(target=_Counting(), encoding="utf-8")  # type: ignore[arg-type]  # its stubs want methods that lxml does not
            etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), counting)
        except _TooMany:
            raise PageChanged(f"{url}: a tag with more than {MOST_ATTRIBUTES} attributes") from None
    return Selector(text=text or " ", type="html")
