"""Why a request brought no page: a word to count by, and a line to read."""

from __future__ import annotations

from collections.abc import Iterator

from OpenSSL.SSL import Error as TLSError
from playwright.async_api import Error as BrowserError
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError
from service_identity import VerificationError

from crawler.browsing import BrowserLost

GONE = (404, 410)
# What Chromium and Playwright say, and what an officer reads of it. First match counts.
_CHINESE = (
    ("ERR_CERT_", "安全连接失败，网站证书可能无效"), ("ERR_SSL_", "安全连接失败，网站证书可能无效"),
    ("ownload", "对方给出的是下载文件，不是网页"), ("ERR_ABORTED", "对方给出的不是网页"),
    ("ERR_BLOCKED_BY_CLIENT", "页面没有放行或在时限内没有传完"),
    ("ERR_NAME_NOT_RESOLVED", "找不到这个网站"), ("ERR_TUNNEL_CONNECTION_FAILED", "连接网站失败"),
    ("ERR_EMPTY_RESPONSE", "网站没有回答"), ("ERR_CONNECTION", "连接网站失败"), ("Timeout", "页面在时限内没有打开"),
)  # fmt: skip
# Nothing to tell anybody: the site said no in its robots.txt, or the post is not there any more.
QUIET = frozenset(("disallowed", "gone"))


def told(error: BaseException | None, body_bytes: int) -> tuple[str, str]:
    """The kind of failure and what happened; `body_bytes` is the bound that a page may have been over."""
    said = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
    if isinstance(error, HttpError):
        status = error.response.status
        return ("gone" if status in GONE else "refused"), f"HTTP {status}"
    if any(isinstance(cause, TLSError | VerificationError) for cause in _causes(error)):
        return "failed", f"安全连接失败，网站证书可能无效：{said}"
    if isinstance(error, BrowserLost):
        return "browser_lost", said
    if isinstance(error, DownloadCancelledError):
        return "too_large", f"页面超过大小上限 {body_bytes} 字节"
    if isinstance(error, IgnoreRequest):
        return ("disallowed" if "robots" in said else "turned_away"), said
    if isinstance(error, TimeoutError):
        return "failed", "页面脚本一直占用浏览器，时限内没有画出来"
    ours = isinstance(error, BrowserError | RuntimeError)  # others use the same words for other things
    known = next((words for part, words in _CHINESE if ours and part in said), None)
    return "failed", f"{known}（{said}）" if known else said


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from; Twisted keeps its causes as Failures in `reasons`."""
    waiting = [error]
    while waiting:
        found = waiting.pop()
        if found is not None:
            yield found
            waiting += [found.__cause__, *(reason.value for reason in getattr(found, "reasons", ()) or ())]
