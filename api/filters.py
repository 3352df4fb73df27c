"""What an officer fills in above a list, as a Query. Dates are days in China."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Query as Parameter

from casework.labels import CHANNELS, CODES, ROLES, STATUSES
from casework.severities import MOST, at_least
from core.errors import BadInput
from core.regions import load_regions
from core.rules import LEAST_SEVERITY, Violation
from store.base import Query
from store.moments import Period

CHINA = ZoneInfo("Asia/Shanghai")
PAGE = 20  # findings on a page: what fits two screens
FACETS = ("status", "code", "channel", "role", "region")  # counted beside the list
# Orders of the list, in the order in which they are offered.
ORDERS = {
    "newest": "最近看到在前", "oldest": "最早看到在前", "-first_seen": "新发现在前", "-score": "可疑程度高的在前",
}  # fmt: skip
SEVERITIES = {
    str(least): f"{least} 级" + ("及以上" if least < MOST else "")
    for least in range(LEAST_SEVERITY + 1, MOST + 1)
}
PERIOD_NAMES: dict[str, str] = {"day": "按天", "week": "按周", "month": "按月"}


@dataclass(frozen=True)
class Filters:
    """The fields of the search form, as typed; empty fields do not filter."""

    q: Annotated[str, Parameter(max_length=200, description="文字，空格表示同时包含")] = ""
    channel: Annotated[str, Parameter(description="频道")] = ""
    code: Annotated[str, Parameter(description="违规类型")] = ""
    status: Annotated[str, Parameter(description="状态")] = ""
    role: Annotated[str, Parameter(description="发帖人身份")] = ""
    severity: Annotated[str, Parameter(description="严重程度，2 至 5：该级及以上")] = ""
    region: Annotated[str, Parameter(max_length=40, description="地区名称或行政区划代码")] = ""
    since: Annotated[str, Parameter(description="起始日期，如 2026-09-01")] = ""
    until: Annotated[str, Parameter(description="截止日期（含）")] = ""
    contact: Annotated[str, Parameter(max_length=400, description="联系方式指纹，多个用逗号隔开")] = ""
    order: Annotated[str, Parameter(description="newest、oldest、-first_seen 或 -score")] = "newest"
    per: Annotated[str, Parameter(description="另按 day、week 或 month 统计末次看到的时间")] = ""
    cursor: Annotated[str, Parameter(description="上一页给出的位置")] = ""

    def query(self, rules: Iterable[Violation]) -> Query:
        """The query; `rules` say how grave each code is. Raises BadInput, in words for officers."""
        known = (
            ("channel", self.channel, CHANNELS),
            ("code", self.code, CODES),
            ("status", self.status, STATUSES),
            ("role", self.role, ROLES),
            ("severity", self.severity, SEVERITIES),
            ("order", self.order, ORDERS),
            ("per", self.per, PERIOD_NAMES),
        )
        for _, value, names in known:
            if value and value not in names:
                raise BadInput(f"没有“{value}”这个选项")
        where: dict[str, tuple[str, ...]] = {name: (value,) for name, value, _ in known[:4] if value}
        if contacts := tuple(part for part in self.contact.split(",") if part):
            where["contact_id"] = contacts
        return Query(
            text=self.q,
            where=at_least(self.least, where, rules),
            since=_day(self.since) if self.since else None,
            until=_day(self.until) + timedelta(days=1) if self.until else None,
            region=region_code(self.region.strip()),
            order=self.order,
            limit=PAGE,
            cursor=self.cursor or None,
            facets=FACETS,
            per=cast("Period | None", self.per or None),  # looked up above
        )

    @property
    def least(self) -> int:
        """The least severity that is shown."""
        return int(self.severity or LEAST_SEVERITY)

    def address(self, **changes: str) -> str:
        """The query part of an address with these filters and changes; a change leads to the first page."""
        fields = {name: value for name, value in vars(self).items() if name != "cursor"} | changes
        plain = {
            name: value for name, value in fields.items() if value and (name, value) != ("order", "newest")
        }
        return "?" + urlencode(plain)

    @property
    def chosen(self) -> bool:
        """Whether anything is filtered."""
        return self.address(order="", per="") != "?"


def region_code(typed: str) -> str:
    """The code of a division typed as code or name; "" for nothing.

    Raises BadInput, with the names to choose from when several are meant.
    """
    if not typed:
        return ""
    regions = load_regions()
    codes = regions.meant(typed)
    if not codes:
        raise BadInput(f"没有找到地区“{typed}”，请填全称或行政区划代码")
    if len(codes) > 1:
        # Eight are enough to see which is meant; some names occur a hundred times.
        several = "、".join(map(regions.full_name, codes[:8]))
        raise BadInput(f"叫“{typed}”的地区不止一个，请连同上级一起填写：{several}")
    return codes[0]


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=CHINA).astimezone(UTC)
    except ValueError as error:
        raise BadInput(f"日期“{text}”无法识别，请按 2026-09-01 的样子填写") from error
