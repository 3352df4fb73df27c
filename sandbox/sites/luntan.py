"""luntan.test: a forum; each floor of a thread is a post."""

from __future__ import annotations

import re
from html import escape
from random import Random
from types import MappingProxyType
from zlib import crc32

from sandbox.answers import Answer, Request, breaks, page
from sandbox.grammar import expand, no_details, shared
from sandbox.sites.base import Site, cut, number_in
from sandbox.town import Post

_SIZE = 10
_BOARDS = {7: "教育亲子", 3: "生活杂谈"}
_SIGNS = ["平平淡淡才是真", "签名：爱生活爱邻里", "发帖不易，且看且珍惜", "此人很懒，什么都没留下"]


class Luntan(Site):
    name = "luntan"
    title = "邻里论坛"
    tags = True
    robots = "User-agent: *\nDisallow: /space/\nDisallow: /*?action=print\nDisallow: /thread/*/reply\nDisallow: /inner/\n"
    links = MappingProxyType({"教育亲子": "/board/7", "生活杂谈": "/board/3", "个人空间": "/space/"})

    def other(self, request: Request) -> Answer | None:
        match = re.fullmatch(r"/board/(\d)", request.path)
        board = number_in(match[1]) if match else 0
        number = number_in(request.query.get("page", "1"))
        if board not in _BOARDS:
            return None
        entries, pages = cut([post for post in self.entries if post.slot.board == board], number, _SIZE)
        if not 1 <= number <= pages:
            return None
        return self.page(
            page(
                "luntan_list",
                board=_BOARDS[board],
                number=number,
                rows="\n".join(map(_row, entries)),
                pager=_pager(board, number, pages),
            )
        )

    def post_page(self, post: Post) -> str:
        floors = [
            other
            for other in self.posts
            if post.slot.number in (other.slot.thread, other.slot.number)
            and other.native_id.partition("-")[0] == post.native_id
        ]
        floors.sort(key=lambda floor: floor.floor or 0)
        return page(
            "luntan_thread",
            title=escape(post.draft.title),
            board=post.slot.board,
            id=post.native_id,
            floors="\n".join(map(_floor, floors)),
        )


def _row(post: Post) -> str:
    day = f"{post.published.year}-{post.published.month}-{post.published.day}"
    return (
        f'<tbody class="normalthread"><tr><th><a class="xst" href="{post.path}">{escape(post.draft.title)}</a></th>'
        f'<td class="by"><a href="/space/{_uid(post)}">{escape(post.draft.author)}</a><em>{day}</em></td></tr></tbody>'
    )


def _uid(post: Post) -> int:
    return crc32(post.draft.author.encode()) % 10**6


def _floor(post: Post) -> str:
    time = f"{post.published.year}-{post.published.month}-{post.published.day} {post.published:%H:%M}"
    return page(
        "luntan_floor",
        number=post.floor,
        uid=_uid(post),
        author=escape(post.draft.author),
        time=time,
        body=breaks(post.draft.text),
        extras=_extras(post),
    )


def _extras(post: Post) -> str:
    """Short comments, signatures and advertisements around a floor: none of them is a post."""
    random = Random(f"extras/{post.native_id}")
    comment = expand(random.choice(shared("luntan_dianping")), random, no_details)
    extras = ""
    if random.random() < 0.5:
        extras += f'<div class="dianping">点评：{comment}</div>'
    if random.random() < 0.4:
        extras += f'<div class="sign">{random.choice(_SIGNS)}</div>'
    if random.random() < 0.2:
        extras += '<div class="floor-ad"><img src="/static/ad1.png" width="160" height="90" alt="广告"> 赞助商链接</div>'
    return extras


def _pager(board: int, number: int, pages: int) -> str:
    after = f'<a class="nxt" href="/board/{board}?page={number + 1}">下一页</a>' if number < pages else ""
    return f"<strong>{number}</strong> / {pages} 页 {after}"
