"""zhipin.test: a job board, list by JSON, detail with JSON-LD."""

from __future__ import annotations

import json
from html import escape
from random import Random
from types import MappingProxyType
from typing import Any
from zlib import crc32

from sandbox.answers import Answer, Request, breaks, data, page
from sandbox.sites.base import Site, cut, number_in
from sandbox.town import Post

_MOST = 50


class Zhipin(Site):
    name = "zhipin"
    title = "直聘通"
    robots = "User-agent: *\nDisallow: /geek/\nDisallow: /api/private/\nAllow: /\n"
    links = MappingProxyType({"职位": "/jobs", "我的简历": "/geek/resume"})

    def other(self, request: Request) -> Answer | None:
        if request.path == "/jobs":
            return self.page(page("zhipin_jobs"))
        if request.path != "/api/jobs":
            return None
        number, size = number_in(request.query.get("page", "1")), number_in(request.query.get("size", "15"))
        if number < 1 or not 1 <= size <= _MOST:
            return data({"code": 1, "message": "参数错误"}, 400)
        entries, pages = cut(self.entries, number, size)
        more = number < pages
        return data(
            {
                "code": 0,
                "data": {
                    "total": len(self.entries),
                    "page": number,
                    "pages": pages,
                    "hasMore": more,
                    "next": f"/api/jobs?page={number + 1}&size={size}" if more else None,
                    "list": list(map(_item, entries)),
                },
            }
        )

    def post_page(self, post: Post) -> str:
        draft = post.draft
        # "</" would end the script element.
        linked = json.dumps(_linked(post), ensure_ascii=False).replace("</", "<\\/")
        return page(
            "zhipin_post",
            title=escape(draft.title),
            author=escape(draft.author),
            salary=_salary(post),
            area=f"{draft.city}·{draft.district}",
            time=f"{post.published:%Y-%m-%d %H:%M}",
            id=post.native_id,
            body=breaks(draft.text),
            jsonld=linked,
        )


def _range(post: Post) -> tuple[int, int]:
    random = Random(f"salary/{post.native_id}")
    low = random.randint(3, 9)
    return low, low + random.randint(2, 6)


def _salary(post: Post) -> str:
    low, high = _range(post)
    return f"{low}-{high}K"


def _item(post: Post) -> dict[str, Any]:
    draft = post.draft
    return {
        "jobId": post.native_id,
        "jobName": draft.title,
        "company": draft.author,
        "city": draft.city,
        "district": draft.district,
        "salaryText": _salary(post),
        "publishTime": f"{post.published:%Y-%m-%d %H:%M}",
        "version": f"{crc32(f'{draft.title}/{draft.text}'.encode()):08x}",
        "url": post.path,
    }


def _linked(post: Post) -> dict[str, Any]:
    draft = post.draft
    low, high = _range(post)
    value = {
        "@type": "QuantitativeValue",
        "minValue": low * 1000,
        "maxValue": high * 1000,
        "unitText": "MONTH",
    }
    return {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": draft.title,
        "description": breaks(draft.text),
        "datePosted": post.published.isoformat(),
        "identifier": post.native_id,
        "hiringOrganization": {"@type": "Organization", "name": draft.author},
        "jobLocation": {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "addressRegion": draft.city,
                "addressLocality": draft.district,
                "addressCountry": "CN",
            },
        },
        "baseSalary": {"@type": "MonetaryAmount", "currency": "CNY", "value": value},
    }
