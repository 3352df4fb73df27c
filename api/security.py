"""Headers on every answer, and refusal of changes sent from other sites."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse

# Own style sheet, script and pictures only; data: because Bootstrap's arrows and ticks are such pictures.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# A captured file gets no rights at all, even if a browser were talked into drawing it.
FILE_POLICY = "default-src 'none'; sandbox"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # same-origin, not no-referrer: with the latter browsers send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Middleware: foreign changes are refused, every answer carries the headers."""
    response: Response
    if request.method not in SAFE and _foreign(request):
        response = PlainTextResponse("请求来自其他网站，已拒绝", status_code=403)
    else:
        response = await call_next(request)
    return with_headers(response)


def with_headers(response: Response) -> Response:
    """The answer with every header that it does not set itself."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", POLICY)
    return response


def inside(address: str) -> str:
    """`address` when it is one of this site, else the list: "//evil" and "/\\\\evil" would leave it."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if plain else "/findings"


def came_from(request: Request) -> str:
    """The page of ours that led here; the list when there is none or it is this very page."""
    parts = urlsplit(request.headers.get("referer", ""))
    if parts.netloc != request.headers.get("host") or parts.path == request.url.path:
        return "/findings"
    return inside(parts.path + (f"?{parts.query}" if parts.query else ""))


def _foreign(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")
