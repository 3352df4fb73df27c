"""The provenance sheet as people read it. Sealed are the program's own short words, for whoever checks by program;
what this page does not know, such as a line of a later version, stays as it was sealed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial

from casework.labels import PROVENANCE
from evidence.bag import BEIJING

_WHOLE = {
    "clock_state": {"synchronised": "已与标准时间同步", "unsynchronised": "未与标准时间同步", "unknown": "不明"},
    "clock_reference": {"none configured": "没有设置"},
    "robots": {"obeyed": "遵守"},
    "robots_answer": {"not asked for": "没有取", "not asked for: by agreement": "按约定没有取"},
    "removed": {"none": "无"},
    "option_click": {"none": "无"},
}  # fmt: skip
# Pieces, in this order; each stands in one line only, so no order of lines matters.
_PIECES: dict[str, tuple[tuple[str, str], ...]] = {
    "robots": ((r"^agreement ", "按约定（不读取），文号："),),
    "robots_answer": ((r"(\d+) bytes", r"\1 字节"), (r"sha256 ", "SHA-256 ")),
    "rate_used": (
        (r": (\d+) requests since the run began", r"：本次巡查开始以来请求 \1 次"),
        (r", never nearer than ([\d.]+) s", r"，相邻两次至少相隔 \1 秒"),
    ),
    "dns": ((r": the sandbox town, no name server was asked", "：演示用的模拟网站，没有查询域名服务器"),),
    "option_waits": (
        (r"^load; ", "页面加载完毕；"),
        (r"idle ([\d.]+) s, at most ([\d.]+) s", r"静止 \1 秒，最多再等 \2 秒"),
    ),
    "option_scroll": (
        (r"^0\b", "不另外滚动"),
        (r"^(\d+)", r"滚动到底 \1 次"),
        (r"; read through once", "；自上而下浏览一遍"),
    ),
    "option_budget": (
        (r"^([\d.]+) s, (\d+) bytes a part, (\d+) px high", r"\1 秒；每个组成部分 \2 字节；页面高 \3 像素"),
    ),
    "tls": (
        (r"subject ", "持有人 "), (r", issuer ", "，签发人 "), (r", valid (\S+) to (\S+), ", r"，有效期 \1 至 \2，"),
        (r"sha256 ", "SHA-256 "), (r", (\d+) kept \(([^)]*)\)", r"，保存证书 \1 份（\2）"),
    ),
}  # fmt: skip
_UTC = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
# The same moment twice, in UTC and as Beijing's clocks show it: one line of the report.
_MOMENTS = {"started_utc": "开始", "ended_utc": "结束"}
_TWICE = frozenset({"started_beijing", "ended_beijing"})


def lines(told: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(name, value) in the order of the labels; what has none keeps its own name and comes last."""
    order = {name: place for place, name in enumerate(PROVENANCE)}
    for name in sorted(told, key=lambda name: (order.get(name, len(order)), name)):
        if name not in _TWICE:
            yield _MOMENTS.get(name) or PROVENANCE.get(name, name), value(name, told[name])


def value(name: str, text: str) -> str:
    """One line's value in Chinese."""
    known = _WHOLE.get(name, {}).get(text)
    if known:
        return known
    for pattern, words in _PIECES.get(name, ()):
        text = re.sub(pattern, words, text)
    return _UTC.sub(partial(_moment, exact=name in _MOMENTS), text)


def _moment(found: re.Match[str], exact: bool) -> str:
    """Beijing time; start and end of a look to the millisecond, and with the UTC time as it was sealed."""
    at = datetime.fromisoformat(found[0].replace("Z", "+00:00")).astimezone(BEIJING)
    if not exact:
        return at.strftime("%Y年%m月%d日 %H:%M:%S（北京时间）")
    return f"{at:%Y年%m月%d日 %H:%M:%S}.{at.microsecond // 1000:03d}（北京时间；UTC {found[0]}）"
