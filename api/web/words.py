"""Chinese for what only pages show: counts and troubles of runs, entries of the audit trail."""

from __future__ import annotations

from api.plain import CHINESE
from casework.labels import COUNTS

# What a run did not read, and why; shown together, apart from what it read.
UNREAD = {
    "disallowed": "网站规则不允许", "login_wall": "需要登录", "captcha": "要求验证码", "blocked": "被网站拦截",
    "turned_away": "网站拒绝", "gone": "已删除", "too_large": "页面过大", "page_changed": "页面改版",
    "failed": "读取失败", "broken": "程序出错", "looks_missed": "未能截图",
}  # fmt: skip
# Counts of what went as it should and tells an officer nothing.
QUIET = frozenset({"attempts", "revealed", "not_asked", "not_modified"})
# Libraries and servers say these in English.
TROUBLES = {
    "max redirections reached": "页面反复跳转，未能打开", "too_many_redirects": "页面反复跳转，未能打开",
    "is missing (": "页面改版，找不到规定的内容",
    "timeout": "网站超时没有回答", "timed out": "网站超时没有回答",
    "connection": "连接网站失败", "dns": "找不到这个网站", "name_not_resolved": "找不到这个网站", "robots": "网站规则不允许访问",
}  # fmt: skip
ACTIONS = {
    "retake": "要求补取证据", "open_case": "建立案件", "add_to_case": "归入线索", "remove_from_case": "移出线索", "note_case": "备注",
    "hold": "要求留存", "release": "解除留存", "delete": "到期删除",
    "close_case": "结案", "reopen_case": "重开", "export_case": "导出证据包", "export": "导出证据包",
}  # fmt: skip
LOOK_NOTES = {
    "first": "程序读取网页时收到的原始内容", "second": "用浏览器打开网页后留下的截图和内容",
    "again": "先前没有取到、后来补取的部分", "gone": "网页已不在时网站的应答",
}  # fmt: skip


def trouble(text: str) -> str:
    """A trouble of a run in Chinese; unknown foreign words stand in brackets for the engineer."""
    if CHINESE.search(text):
        return text
    folded = text.lower()
    known = next((words for part, words in TROUBLES.items() if part in folded), None)
    return known or f"没有读到（{text}）"


def unread(counts: dict[str, int]) -> list[tuple[str, int]]:
    """What a run could not or may not read: (why, how many)."""
    known = {*COUNTS, *QUIET}
    return [(UNREAD.get(name, "其他原因"), number) for name, number in counts.items() if name not in known]


def action(name: str) -> str:
    """What was done, of an audit entry."""
    return ACTIONS.get(name, "其他操作")
