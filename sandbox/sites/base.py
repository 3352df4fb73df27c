"""What all sites have in common: robots, furniture, traps, and the way to a post."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import ClassVar

from sandbox import pictures
from sandbox.answers import Answer, Request, file, html, page, plain, tagged
from sandbox.clock import Clock
from sandbox.town import Post, Town
from sandbox.traps import Busy, missing, too_many, trap_answer

# A header that lies names the other of the two charsets.
_OTHER = {"gbk": "utf-8", "utf-8": "gbk"}


class Site:
    """One site of the town. Subclasses draw lists and posts."""

    name: ClassVar[str]
    title: ClassVar[str]
    encoding: ClassVar[str] = "utf-8"
    robots: ClassVar[str]
    links: ClassVar[Mapping[str, str]]
    tags: ClassVar[bool] = False  # whether post pages carry an ETag

    def __init__(self, town: Town, clock: Clock) -> None:
        self.clock = clock
        self.posts = town.posts[self.name]
        self._busy = Busy()
        self._pages = {post.path: post for post in self.posts if post.floor in (None, 1)}
        self._hidden = {post.path: post for post in [*town.traps[self.name], *town.gone[self.name]]}
        entries = [*self._pages.values(), *town.traps[self.name]]
        self.entries = sorted(entries, key=lambda post: (post.published, post.native_id), reverse=True)

    def answer(self, request: Request) -> Answer:
        """The site's answer to a GET."""
        return (
            self._common(request)
            or self._trapped(request)
            or self._post(request)
            or self.other(request)
            or missing(self.encoding)
        )

    def other(self, request: Request) -> Answer | None:
        """Lists and data calls of the site; None when the path is none of them."""
        raise NotImplementedError

    def post_page(self, post: Post) -> str:
        """The page of a post as HTML."""
        raise NotImplementedError

    def sealed(self, post: Post) -> Answer:
        """What a page behind robots.txt shows to one who asks nevertheless."""
        return self.page(f"<html><body><h1>{escape(post.draft.title)}</h1><p>会员专享内容</p></body></html>")

    def page(self, text: str, lying: bool = False) -> Answer:
        return html(text, self.encoding, claimed=_OTHER[self.encoding] if lying else None)

    def _common(self, request: Request) -> Answer | None:
        path = request.path
        if path == "/robots.txt":
            return plain(self.robots)
        if path == "/login":
            return html(page("login", charset=self.encoding), self.encoding)
        if path == "/":
            menu = " ".join(f'<a href="{where}">{name}</a>' for name, where in self.links.items())
            return self.page(
                page("home", charset=self.encoding, title=self.title, site=self.name, links=menu)
            )
        return _furniture(path)

    def _trapped(self, request: Request) -> Answer | None:
        post = self._hidden.get(request.path)
        if post is None:
            return None
        if post.why_not == "disallowed":
            return self.sealed(post)
        return trap_answer(post, self.encoding, request.path, "again" in request.query)

    def _post(self, request: Request) -> Answer | None:
        post = self._pages.get(request.path)
        if post is None:
            return None
        if post.busy and self._busy.refuses(post.url):
            return too_many()
        answer = self.page(self.post_page(post), post.lying)
        return tagged(answer, request.known) if self.tags else answer


def _furniture(path: str) -> Answer | None:
    if path == "/favicon.ico":
        return Answer(200, pictures.furniture("favicon", "ICO") or b"", {"Content-Type": "image/x-icon"})
    name = path.removeprefix("/static/")
    if path == "/captcha.png" or (name != path and name.endswith(".png")):
        body = pictures.furniture(name.strip("/").removesuffix(".png"))
        return Answer(200, body, {"Content-Type": "image/png"}) if body else None
    return file(name) if name != path else None


def cut(entries: list[Post], number: int, size: int) -> tuple[list[Post], int]:
    """The entries of a page (from 1) and how many pages there are."""
    return entries[(number - 1) * size : number * size], -(-len(entries) // size)


def number_in(text: str) -> int:
    """A page number from an address; 0, which is no page, for anything else."""
    return int(text) if text.isascii() and text.isdigit() else 0
