"""Errors in the words of officers: what happened, and what to do next."""

from __future__ import annotations

import re

from core import errors

CHINESE = re.compile("[一-鿿]")
# For errors whose own text is meant for engineers: the same in an officer's words. First match counts.
PLAIN: tuple[tuple[type[errors.WangxunError], str], ...] = (
    (errors.NotFound, "没有找到这条记录，可能已到期删除，或者网址不完整。"),
    (errors.NotAllowed, "您的账号没有这项权限。"),
    (errors.Conflict, "刚才有人改动了这条记录，请刷新后再办。"),
    (errors.BadInput, "填写的内容无法识别，请检查后重试。"),
    (
        errors.ReadOnly,
        "资料库现在只能查看，不能保存（通常是它的磁盘快满了）。刚才的操作没有保存，请恢复后重办；检索和查看照常。",
    ),
    (
        errors.StoreAway,
        "资料库现在连不上，或者太忙，这一页暂时不能显示或保存。已入库的内容都在，巡查所得先存在本机，恢复后自动入库。",
    ),
    (errors.Unavailable, "系统暂时繁忙，请过一会儿再试。"),
    (errors.EvidenceBroken, "证据文件与封存时不一致，请立即告诉管理员，先不要使用这份证据。"),
    (errors.WangxunError, "系统没有完成这个操作，请告诉管理员。"),
)
TITLES = {
    400: "填写有误", 401: "请先登录", 403: "没有权限", 404: "没有找到", 405: "不支持这个操作",
    409: "内容有变化", 422: "填写有误", 429: "请稍等", 500: "系统出错", 503: "系统暂时不可用",
}  # fmt: skip


def said(error: errors.WangxunError) -> str:
    """The error's own text when it is Chinese, else the plain words for its kind."""
    text = str(error)
    return text if CHINESE.search(text) else next(words for kind, words in PLAIN if isinstance(error, kind))


def in_words(text: str) -> str:
    """A text kept of an error: itself when it is Chinese, else the plain words for any."""
    return text if not text or CHINESE.search(text) else PLAIN[-1][1]


def title(status: int) -> str:
    """A heading for a status."""
    return TITLES.get(status, "操作没有完成")
