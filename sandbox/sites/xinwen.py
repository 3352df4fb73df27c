"""xinwen.test: news and notices; nothing to flag."""

from __future__ import annotations

import re
from email.utils import format_datetime
from html import escape
from types import MappingProxyType

from sandbox.answers import Answer, Request, page, paragraphs
from sandbox.sites.base import Site, cut, number_in
from sandbox.town import Post

_SIZE = 20


class Xinwen(Site):
    name = "xinwen"
    title = "教育资讯网"
    tags = True
    robots = "User-agent: *\nDisallow: /internal/\nDisallow: /print/\nSitemap: http://xinwen.test/rss.xml\n"
    links = MappingProxyType({"新闻公告": "/news/index.html", "内部办公": "/internal/"})

    def other(self, request: Request) -> Answer | None:
        if request.path == "/rss.xml":
            return self._feed()
        match = re.fullmatch(r"/news/index(?:_(\d+))?\.html", request.path)
        number = number_in(match[1] or "1") if match else 0
        entries, pages = cut(self.entries, number, _SIZE)
        if not 1 <= number <= pages:
            return None
        after = (
            f'<a class="next-page" href="/news/index_{number + 1}.html">下一页</a>' if number < pages else ""
        )
        return self.page(
            page("xinwen_list", rows="\n".join(map(_row, entries)), pager=f"共{pages}页 {after}")
        )

    def post_page(self, post: Post) -> str:
        draft = post.draft
        return page(
            "xinwen_post",
            title=escape(draft.title),
            iso=post.published.isoformat(),
            author=escape(draft.author),
            time=f"{post.published:%Y年%m月%d日 %H:%M}",
            id=post.native_id,
            body=paragraphs(draft.text),
        )

    def _feed(self) -> Answer:
        items = "".join(
            f"<item><title>{escape(post.draft.title)}</title><link>{post.url}</link><guid>{post.url}</guid>"
            f"<pubDate>{format_datetime(post.published)}</pubDate></item>"
            for post in self.posts[:_SIZE]
        )
        text = (
            f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{self.title}</title>'
            f"<link>http://xinwen.test/</link><description>新闻公告</description>{items}</channel></rss>"
        )
        return Answer(200, text.encode(), {"Content-Type": "application/rss+xml; charset=utf-8"})


def _row(post: Post) -> str:
    return (
        f'<li><a href="{post.path}">{escape(post.draft.title)}</a>'
        f'<span class="date">{post.published:%Y-%m-%d}</span></li>'
    )
