"""jiazheng.test: housekeeping and classified; relative dates, contacts behind a click."""

from __future__ import annotations

import re
from html import escape
from types import MappingProxyType
from zlib import crc32

from sandbox.answers import Answer, Request, data, page, paragraphs
from sandbox.clock import relative
from sandbox.sites.base import Site, cut, number_in
from sandbox.town import Post

_SIZE = 25
_FIELDS = {"phone": "tel", "wechat": "wx", "qq": "qq"}


class Jiazheng(Site):
    name = "jiazheng"
    title = "家政圈"
    robots = "User-agent: *\nDisallow: /ajax/\nAllow: /ajax/contact\nDisallow: /manage/\nDisallow: /hidden/\n"
    links = MappingProxyType({"全部服务": "/fuwu/", "商家后台": "/manage/"})

    def other(self, request: Request) -> Answer | None:
        if request.path == "/ajax/contact":
            return self._contact(request)
        match = re.fullmatch(r"/fuwu/(?:pn(\d+)/)?", request.path)
        number = number_in(match[1] or "1") if match else 0
        entries, pages = cut(self.entries, number, _SIZE)
        if not 1 <= number <= pages:
            return None
        rows = "\n".join(map(self._row, entries))
        return self.page(page("jiazheng_list", number=number, rows=rows, pager=_pager(number, pages)))

    def post_page(self, post: Post) -> str:
        draft = post.draft
        price = f"{draft.prices[0]['amount']}元" if draft.prices else "电议"
        guess = "".join(
            f'<a href="{other.path}">{escape(other.draft.title)}</a>' for other in self.posts[5:9]
        )
        return page(
            "jiazheng_post",
            title=escape(draft.title),
            time=self._when(post),
            price=price,
            author=escape(draft.author),
            area=f"{draft.city.removesuffix('市')} - {draft.district}",
            body=paragraphs(draft.text),
            guess=guess,
            button=_button(post),
            views=crc32(post.native_id.encode()) % 800,
        )

    def _when(self, post: Post) -> str:
        return relative(post.published, self.clock.now())

    def _row(self, post: Post) -> str:
        place = f"{post.draft.city} {post.draft.district}"
        return (
            f'<div class="list-item"><h3><a href="{post.path}">{escape(post.draft.title)}</a></h3>'
            f'<p><span class="area">{place}</span> <span class="time">{self._when(post)}</span></p></div>'
        )

    def _contact(self, request: Request) -> Answer:
        post = self._pages.get(f"/fuwu/{request.query.get('id', '')}.shtml")
        if post is None or request.query.get("k") != _key(post):
            return data({"status": 0, "message": "参数错误"}, 403)
        values: dict[str, object] = {"status": 1, "tel": None, "wx": None, "qq": None}
        return data(values | {_FIELDS[contact.kind]: contact.value for contact in post.draft.contacts})


def _key(post: Post) -> str:
    return f"{crc32(('key' + post.native_id).encode()):08x}"


def _button(post: Post) -> str:
    if not any(contact.hidden for contact in post.draft.contacts):
        return ""
    return (
        f'<button class="show-tel" data-id="{post.native_id}" data-k="{_key(post)}">点击查看电话</button>'
        '<span class="tel-number"></span>'
    )


def _pager(number: int, pages: int) -> str:
    after = f'<a class="pager-next" href="/fuwu/pn{number + 1}/">下一页</a>' if number < pages else ""
    return f'<span class="cur">{number}</span>{after}'
