"""tuwen.test: a social platform drawn by JavaScript from data calls."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any
from zlib import crc32

from sandbox import pictures
from sandbox.answers import Answer, Request, data, page
from sandbox.sites.base import Site, number_in
from sandbox.town import Post

_MOST = 30


class Tuwen(Site):
    name = "tuwen"
    title = "图文社区"
    robots = (
        "User-agent: *\nDisallow: /user/\nDisallow: /vip/\nDisallow: /api/sns/private/\nAllow: /api/sns/\n"
    )
    links = MappingProxyType({"发现": "/explore", "我": "/user/me"})

    def other(self, request: Request) -> Answer | None:
        if request.path == "/explore":
            return self.page(page("tuwen", page="feed", note=""))
        if request.path == "/api/sns/feed":
            return self._feed(request)
        if request.path.startswith("/api/sns/note/"):
            return self._note(request.path.removeprefix("/api/sns/note/"))
        if request.path.startswith("/img/"):
            return self._picture(request.path.removeprefix("/img/").removesuffix(".png"))
        return None

    def post_page(self, post: Post) -> str:
        return page("tuwen", page="note", note=post.native_id)

    def _feed(self, request: Request) -> Answer:
        start, count = number_in(request.query.get("cursor", "0")), number_in(request.query.get("num", "12"))
        end = start + min(max(count, 1), _MOST)
        items = [_item(post) for post in self.entries[start:end]]
        return data(
            {
                "success": True,
                "data": {"items": items, "cursor": str(end), "has_more": end < len(self.entries)},
            }
        )

    def _note(self, native_id: str) -> Answer | None:
        post = self._pages.get(f"/explore/{native_id}")
        if post is None:
            return data({"success": False, "msg": "笔记不存在"}, 404)
        draft = post.draft
        return data(
            {
                "success": True,
                "data": {
                    "id": native_id,
                    "title": draft.title,
                    "desc": draft.text,
                    "user": _user(post),
                    "time": f"{post.published:%Y-%m-%d %H:%M}",
                    "ip": draft.city.removesuffix("市"),
                    "tags": list(draft.tags),
                    "images": [f"/img/{native_id}-1.png"],
                },
            }
        )

    def _picture(self, name: str) -> Answer | None:
        native_id = name.partition("-")[0]
        post = self._pages.get(f"/explore/{native_id}")
        words = post.draft.picture_text if post else None
        body = pictures.poster(words) if words else pictures.scene(name)
        return Answer(200, body, {"Content-Type": "image/png", "Cache-Control": "max-age=600"})


def _user(post: Post) -> dict[str, str]:
    return {"id": f"{crc32(post.draft.author.encode()):08x}", "name": post.draft.author}


def _item(post: Post) -> dict[str, Any]:
    return {
        "id": post.native_id,
        "url": post.path,
        "title": post.draft.title,
        "user": _user(post),
        "cover": f"/img/{post.native_id}-1.png",
        "likes": crc32(post.native_id.encode()) % 900,
    }
