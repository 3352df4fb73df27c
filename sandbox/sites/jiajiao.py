"""jiajiao.test: a tutor-ad site, GBK, tables, drawn by the server."""

from __future__ import annotations

import re
from html import escape
from types import MappingProxyType

from sandbox.answers import Answer, Request, breaks, page
from sandbox.sites.base import Site, cut, number_in
from sandbox.town import Post

_SIZE = 20


class Jiajiao(Site):
    name = "jiajiao"
    title = "佳教信息网"
    encoding = "gbk"
    robots = "User-agent: *\nDisallow: /vip/\nDisallow: /member/\nDisallow: /search.php\n"
    links = MappingProxyType({"全部信息": "/list/1.html", "会员中心": "/member/login.php"})

    def other(self, request: Request) -> Answer | None:
        match = re.fullmatch(r"/list/(\d+)\.html", request.path)
        number = number_in(match[1]) if match else 0
        entries, pages = cut(self.entries, number, _SIZE)
        if not 1 <= number <= pages:
            return None
        rows = "\n".join(map(_row, entries))
        return self.page(page("jiajiao_list", number=number, rows=rows, pager=_pager(number, pages)))

    def post_page(self, post: Post) -> str:
        draft = post.draft
        fee = f"{draft.prices[0]['amount']}元" if draft.prices else "面议"
        related = "".join(
            f'<li><a href="{other.path}">{escape(other.draft.title)}</a></li>' for other in self.posts[:5]
        )
        return page(
            "jiajiao_post",
            title=escape(draft.title),
            author=escape(draft.author),
            fee=fee,
            time=f"{post.published:%Y-%m-%d %H:%M}",
            area=f"{draft.city} {draft.district}",
            body=breaks(draft.text),
            related=related,
        )


def _row(post: Post) -> str:
    return (
        f'<tr class="item"><td class="t"><a href="{post.path}" target="_blank">{escape(post.draft.title)}</a></td>'
        f'<td class="area">{post.draft.city} {post.draft.district}</td><td class="d">{post.published:%m-%d}</td></tr>'
    )


def _pager(number: int, pages: int) -> str:
    before = f'<a href="/list/{number - 1}.html">上一页</a> ' if number > 1 else ""
    after = f' <a class="next" href="/list/{number + 1}.html">下一页</a>' if number < pages else ""
    return f"{before}<b>{number}</b>/{pages}{after}"
