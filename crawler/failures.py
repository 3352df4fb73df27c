"""Why a request brought no page: a word to count by, and a line to read."""

from __future__ import annotations

from collections.abc import Iterator

from OpenSSL.SSL import Error as TLSError
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError
from service_identity import VerificationError

from crawler.fetch import BrowserLost

_GONE = (404, 410)
# Nothing to tell anybody: the site said no in its robots.txt, or the post is not there any more.
QUIET = frozenset(("disallowed", "gone"))


def told(error: BaseException | None, body_bytes: int) -> tuple[str, str]:
    """The kind of failure and what happened; `body_bytes` is the bound that a page may have been over."""
    said = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
    if isinstance(error, HttpError):
        status = error.response.status
        return ("gone" if status in _GONE else "refused"), f"HTTP {status}"
    if any(isinstance(cause, TLSError | VerificationError) for cause in _causes(error)):
        return "failed", f"安全连接失败，网站证书可能无效：{said}"
    if isinstance(error, BrowserLost):
        return "browser_lost", said
    if isinstance(error, DownloadCancelledError):
        return "too_large", f"页面超过大小上限 {body_bytes} 字节"
    if isinstance(error, IgnoreRequest):
        return ("disallowed" if "robots" in said else "turned_away"), said
    return "failed", said


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from; Twisted keeps its causes as Failures in `reasons`."""
    waiting = [error]
    while waiting:
        found = waiting.pop()
        if found is not None:
            yield found
            waiting += [found.__cause__, *(reason.value for reason in getattr(found, "reasons", ()) or ())]
