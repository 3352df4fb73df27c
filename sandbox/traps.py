"""The town's traps: busy pages, walls, loops, the endless page, what has gone."""

from __future__ import annotations

import threading
import time

from sandbox.answers import Answer, endless, html, page, redirect
from sandbox.town import Post

RETRY_AFTER = 2
# Where the login wall is a redirect, and where it is a page of status 200.
_REDIRECTING_WALLS = {"jiajiao", "zhipin", "luntan"}
_FRAMING = {
    "jiajiao": "chunked",
    "luntan": "chunked",
    "xinwen": "chunked",
    "jiazheng": "close",
    "tuwen": "close",
    "zhipin": "length",
}
_GONE_STATUS = {"jiajiao": 410, "zhipin": 410, "xinwen": 410}
LOOP_SUFFIX = "?again=1"


class Busy:
    """Answers 429 to the first request for an address and until the wait is over."""

    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def refuses(self, url: str) -> bool:
        with self._lock:
            now = time.monotonic()
            return now < self._free_at.setdefault(url, now + RETRY_AFTER)


def too_many() -> Answer:
    answer = html(page("busy"), status=429)
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def missing(encoding: str, status: int = 404) -> Answer:
    return html(page("missing", charset=encoding), encoding, status)


def trap_answer(post: Post, encoding: str, path: str, again: bool) -> Answer:
    """What the address of a trap answers."""
    if post.why_not == "gone":
        return missing(encoding, _GONE_STATUS.get(post.site, 404))
    if post.why_not == "not_found":
        return missing(encoding)
    if post.why_not == "redirect_loop":
        return redirect(path if again else path + LOOP_SUFFIX)
    if post.why_not == "too_large":
        return endless(post.draft.title, _FRAMING[post.site])
    if post.why_not == "captcha":
        return html(page("captcha", charset=encoding), encoding)
    return _wall(post, encoding, path)


def _wall(post: Post, encoding: str, path: str) -> Answer:
    if post.site in _REDIRECTING_WALLS:
        return redirect(f"/login?next={path}")
    return html(page("login", charset=encoding), encoding)
