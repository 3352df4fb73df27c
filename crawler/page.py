"""Pages to links and posts: pure functions of bytes, headers and the source's rules. No network, no clock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any
from urllib.parse import urldefrag, urlsplit

from parsel import Selector

from core.errors import PageChanged
from core.identity import post_id
from core.model import Picture, Post
from core.source import FieldRule, PostRule, Source
from crawler import clean
from crawler.charset import decode
from crawler.markup import parsed

# Fields that any of which makes a page a post when no field is marked as required.
_BODY = "body"
# Signs of a field; adverts have titles of 10 to 60 and bodies of 100 to 20,000. A page may hold millions, which would make
# each list of findings megabytes and the report of one post four thousand pages. The evidence keeps all of it.
_LONGEST_TITLE, _LONGEST_BODY, _LONGEST_FIELD = 300, 200_000, 300
# Contacts, pictures: a post that shows more shows a directory.
_MOST_VALUES = 200
# A list that promises more links than this on one page is a trap, not a list: the real ones show 10 to 100.
_MOST_LINKS = 1000


@dataclass(frozen=True)
class Page:
    """A fetched page: address, text, and the moment its relative dates are meant against."""

    url: str
    text: str
    now: datetime

    @property
    def setting(self) -> clean.Setting:
        """What cleaners may know."""
        return clean.Setting(self.url, self.now)

    @cached_property
    def html(self) -> Selector:
        """The text as mark-up, parsed once. Raises PageChanged when it is made to keep a parser busy."""
        return parsed(self.text, self.url)


@dataclass(frozen=True)
class Links:
    """What a list page leads to; `updated` is what the list says of the state of a post, where it does.

    `broken`: links that are meant as addresses of the web and are none (`http://host:abc/`).
    """

    posts: tuple[str, ...]
    next: str | None
    updated: Mapping[str, str] = field(default_factory=dict)
    broken: tuple[str, ...] = ()


def load(url: str, content_type: str, date: str, body: bytes, received_at: datetime) -> Page:
    """A Page from what was received; `date` is the Date header, which relative dates are meant against."""
    try:
        now = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        now = received_at
    # An "-0000" zone parses as naive: it means UTC (RFC 5322, 3.3).
    return Page(url, decode(content_type, body)[0], now if now.tzinfo else now.replace(tzinfo=UTC))


def visible_text(page: Page) -> str:
    """The text that a reader sees, a line a block."""
    if not page.text.strip():
        return ""
    return clean.lines(clean.element_text(page.html), page.setting)


def _path(value: Any, path: str) -> list[Any]:
    """What stands at a dotted path; lists on the way are walked through, and `.` alone is the value itself."""
    found = [value]
    for key in path.split(".") if path != "." else ():
        found = [inner for item in found for inner in _step(item, key)]
    return [inner for item in found for inner in (item if isinstance(item, list) else [item])]


def _step(item: Any, key: str) -> list[Any]:
    if isinstance(item, list):
        return [inner for each in item for inner in _step(each, key)]
    return [item[key]] if isinstance(item, dict) and item.get(key) is not None else []


def values(node: Any, rule: FieldRule, setting: clean.Setting) -> list[str]:
    """What a rule finds in an element (html) or a value (json), cleaned; empty ones are dropped."""
    if isinstance(node, Selector):
        raw = [clean.element_text(found) for found in node.css(rule.select)]
    else:
        raw = [str(found) for found in _path(node, rule.select) if not isinstance(found, dict | list)]
    cleaned = [clean.clean(value, tuple(rule.clean), setting) for value in raw]
    return [value for value in cleaned if value]


def _json(page: Page) -> Any:
    try:
        return json.loads(page.text)
    except (ValueError, RecursionError) as error:
        raise PageChanged(f"{page.url}: the answer is not JSON: {error}") from error


def _within(url: str, hosts: frozenset[str]) -> bool:
    host = (urlsplit(url).hostname or "").lower()
    return any(host == known or host.endswith("." + known) for known in hosts)


def hosts_of(source: Source) -> frozenset[str]:
    """Hosts that belong to the watched place; a list's links to elsewhere (advertisements) are not its posts."""
    return frozenset((urlsplit(url).hostname or "").lower() for url in source.start)


def belongs(url: str, source: Source) -> bool:
    """Whether an address lies in the watched place: a redirect may have led out of it."""
    return _within(url, hosts_of(source))


def _link(item: Any, rule: FieldRule, setting: clean.Setting, broken: list[str]) -> str:
    """The first address that the rule finds; what is meant as one of the web and is none goes to `broken`."""
    # Cleaned here, not by `values`: of an address that is none, the cleaner leaves nothing to tell of.
    for value in values(item, rule.model_copy(update={"clean": ()}), setting):
        cleaned = clean.clean(value, tuple(rule.clean), setting)
        if url := clean.absolute_url(cleaned, setting) if cleaned else "":
            return url
        if value.strip().startswith(("http:", "https:", "//")):
            broken.append(value.strip())
    return ""


def links(page: Page, source: Source) -> Links:
    """Addresses of posts on a list page, in order and once each, and of the next list page."""
    rule, hosts = source.list, hosts_of(source)
    root: Any = _json(page) if rule.format == "json" else page.html
    items = root.css(rule.items) if isinstance(root, Selector) else _path(root, rule.items)
    found: dict[str, str] = {}
    broken: list[str] = []
    for item in items[:_MOST_LINKS]:
        url = _link(item, rule.link, page.setting, broken)
        if url and _within(url, hosts):
            found[url] = "".join(values(item, rule.updated, page.setting)[:1]) if rule.updated else ""
    following = values(root, rule.next, page.setting)[:1] if rule.next else []
    target = clean.absolute_url(following[0], page.setting) if following else ""
    said = {url: updated for url, updated in found.items() if updated}
    return Links(tuple(found), target if target and _within(target, hosts) else None, said, tuple(broken))


def _linked_data(page: Page) -> dict[str, Any]:
    """The first JSON-LD object of a post's kind; objects without a title or description are menus and logos."""
    for script in page.html.css('script[type="application/ld+json"]::text').getall():
        try:
            value = json.loads(script, strict=False)
        except (ValueError, RecursionError):
            continue  # one broken block among several is common; none left is reported below
        for item in [value] if isinstance(value, dict) else value if isinstance(value, list) else []:
            for inner in [item, *_path(item, "@graph")]:
                if isinstance(inner, dict) and ("description" in inner or "articleBody" in inner):
                    return inner
    raise PageChanged(f"{page.url}: no JSON-LD of a post")


def nodes(page: Page, rule: PostRule) -> tuple[Any, list[Any]]:
    """The page as a whole and the element of each of its posts. Raises PageChanged."""
    if rule.format == "html":
        root: Any = page.html
        return root, list(root.css(rule.posts)) if rule.posts else [root]
    root = _linked_data(page) if rule.format == "json_ld" else _json(page)
    return root, _path(root, rule.posts) if rule.posts else [root]


def posts(page: Page, source: Source, seen_at: datetime) -> tuple[Post, ...]:
    """The posts of a post page. Raises PageChanged when it has none, or a required field is missing."""
    root, elements = nodes(page, source.post)
    if not elements:
        raise PageChanged(f"{page.url}: no element for posts ({source.post.posts})")
    return tuple(_post(page, source, seen_at, root, node, index) for index, node in enumerate(elements))


def _post(page: Page, source: Source, seen_at: datetime, root: Any, node: Any, index: int) -> Post:
    fields: dict[str, list[str]] = {}
    for name, rule in source.post.fields.items():
        if rule.whole_page and index:
            continue
        found = values(root if rule.whole_page else node, rule, page.setting)
        if not found and (rule.required or name == _BODY):
            raise PageChanged(f"{page.url}: field {name} is missing ({rule.select})")
        fields[name] = _kept(name, found if rule.many else found[:1])
    return _build(page, source, seen_at, fields, index)


def _kept(name: str, found: list[str]) -> list[str]:
    if name in ("title", _BODY):
        return found  # together, see _bounded
    # An address cut short would be another address.
    return [value[: None if name == "pictures" else _LONGEST_FIELD] for value in found[:_MOST_VALUES]]


def _bounded(title: str, body: str) -> tuple[str, str]:
    """Title and body of a length that people read; what a title has too much stands before the body and is judged."""
    if len(title) > _LONGEST_TITLE:
        title, body = title[:_LONGEST_TITLE], f"{title[_LONGEST_TITLE:]}\n{body}"
    if (more := len(body) - _LONGEST_BODY) > 0:
        body = f"{body[:_LONGEST_BODY]}\n（正文过长，其后 {more} 字未列出，全文见证据）"
    return title, body


def _build(page: Page, source: Source, seen_at: datetime, fields: dict[str, list[str]], index: int) -> Post:
    def first(name: str) -> str | None:
        return (fields.get(name) or [None])[0]  # type: ignore[list-item]  # a list of one None is the default

    # The first post of a page is the page; later ones are found by their anchor.
    url, anchor = urldefrag(page.url).url, first("anchor")
    url = f"{url}#{anchor}" if index and anchor else url
    shown = first("published_at")
    title, body = _bounded(first("title") or "", "\n".join(fields.get(_BODY, ())))
    return Post(
        id=post_id(source.id, first("native_id"), url),
        source_id=source.id, channel=source.channel, url=url, native_id=first("native_id"),
        title=title, body=body, author=first("author"),
        contacts=tuple(fields.get("contact", ())), price=first("price"), region=first("region"),
        pictures=tuple(Picture(url=picture) for picture in fields.get("pictures", ())),
        published_at=datetime.fromisoformat(shown) if shown else None, seen_at=seen_at,
    )  # fmt: skip
