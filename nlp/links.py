"""Web and e-mail addresses in folded text, as (kind, value, start, end)."""

from __future__ import annotations

import re
from collections.abc import Iterator

Found = tuple[str, str, int, int]

_GATE = re.compile(r"[a-z0-9]\.[a-z0-9]|://")
LINK = re.compile(
    r"(?:https?://|www\.)[^\s\u4e00-\u9fff,;、)】》\"'<>]{3,200}"
    r"|(?<![a-z0-9.\-@_])[a-z0-9][a-z0-9\-]{1,30}(?:\.[a-z0-9\-]{1,30}){0,2}\.(?:com|cn|net|org|top|vip|example|test)(?![a-z0-9.\-])(?:/[a-z0-9/_\-.?=&%#]{0,120})?"
)
_LOCAL_PART = re.compile(r"[a-z0-9][a-z0-9_.+\-]{0,62}$")
_MAIL_DOMAIN = re.compile(r"[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,4}")


def find_mails(text: str) -> Iterator[Found]:
    """E-mail addresses in folded text."""
    place = text.find("@")
    while place >= 0:
        local = _LOCAL_PART.search(text[max(0, place - 63) : place])
        domain = _MAIL_DOMAIN.match(text, place + 1)
        if local and domain:
            start, end = place - len(local[0]), place + 1 + len(domain[0].rstrip(".-"))
            yield "email", text[start:end], start, end
        place = text.find("@", place + 1)


def find_links(text: str) -> Iterator[Found]:
    """Web addresses in folded text."""
    if not _GATE.search(text):
        return
    for match in LINK.finditer(text):
        plain = match[0].rstrip(",.;:!?)")
        yield "url", plain, match.start(), match.start() + len(plain)
