"""Ids, made from raw facts so that every step can be repeated."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from datetime import datetime

from w3lib.url import canonicalize_url


def _digest(*parts: str) -> str:
    # 32 hex digits = 128 bits: no collision to be feared, and short enough for an address.
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def post_id(source_id: str, native_id: str | None, url: str) -> str:
    """The id of a post: source and native id, or the canonical address (fragment kept: a reply has its own)."""
    return _digest(source_id, native_id or canonicalize_url(url, keep_fragments=True))


def run_id(kind: str, source_id: str, planned_at: datetime) -> str:
    """One run per source and planned time, so that two schedulers never make two."""
    return _digest("run", kind, source_id, planned_at.isoformat())


def contact_id(key: bytes, kind: str, value: str) -> str:
    """Keyed fingerprint (HMAC-SHA-256): without the key a list of telephone numbers does not open it.

    Case is folded: two spellings of one WeChat name are one operator.
    """
    return hmac.new(key, f"{kind}\x00{value.casefold()}".encode(), hashlib.sha256).hexdigest()[:32]


def content_mark(key: bytes, digest: str) -> str:
    """What stands for a content digest where contacts are masked: all but six digits of the text are to be read there,
    and a plain digest would say which of a million numbers is the right one.
    """
    return hmac.new(key, f"content\x00{digest}".encode(), hashlib.sha256).hexdigest()


def new_id() -> str:
    """A random id, for what no fact names."""
    return uuid.uuid4().hex
