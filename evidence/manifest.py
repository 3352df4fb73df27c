"""What is kept of one look, when, how, what is missing and why: canonical JSON, named by its SHA-256."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from cryptography.hazmat.primitives import hashes

from core.errors import EvidenceBroken
from core.model import Capture, Evidence, Item, Post

# The checker (`evidence.verify`) reads these names; a change of shape is a new schema number there, too.
FORMAT = "wangxun-evidence"
SCHEMA = 1
# A SHA-256 in lower-case hex.
DIGEST = re.compile("[0-9a-f]{64}")


def canonical(value: Any) -> bytes:
    """One spelling for one value: keys sorted, no spaces, UTF-8. Equal values have equal digests."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        errors="backslashreplace"  # half a character from a hostile page becomes JSON's own \\udxxx
    )


def sha256(content: bytes) -> str:
    """SHA-256 in lower-case hex."""
    return hashlib.sha256(content).hexdigest()


def sm3(content: bytes) -> str:
    """SM3 (GB/T 32905) in lower-case hex, by this machine's OpenSSL or by the one that `cryptography` brings."""
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3", content).hexdigest()
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize().hex()


def build(evidence: Evidence, post: Post, capture: Capture) -> bytes:
    """The manifest's bytes. `evidence.id` is left out: it is the digest of these bytes."""
    plain = evidence.model_dump(mode="json", exclude={"id", "schema_number"})
    if evidence.refers_to is None:
        del plain["refers_to"]
    return canonical(
        {
            **plain,
            "format": FORMAT,
            "schema": SCHEMA,
            "source_id": post.source_id,
            "capture": {
                "url": capture.url,
                "started_at": plain_time(capture.started_at),
                "ended_at": plain_time(capture.ended_at),
            },
            "provenance": dict(capture.provenance),
        }
    )


def plain_time(moment: Any) -> str:
    """A UTC time as RFC 3339 text."""
    text: str = moment.isoformat().replace("+00:00", "Z")
    return text


def read(content: bytes) -> Evidence:
    """The Evidence that a manifest describes. Raises EvidenceBroken when it is none of ours."""
    try:
        plain = json.loads(content)
        if plain["format"] != FORMAT or plain["schema"] != SCHEMA:
            raise EvidenceBroken(f"not a manifest of schema {SCHEMA}")
        own = {name: plain[name] for name in ("post_id", "url", "look", "items", "missing", "captured_at")}
        own |= {"id": sha256(content), "refers_to": plain.get("refers_to")}
        return Evidence.model_validate_json(json.dumps(own))
    except (ValueError, KeyError, TypeError) as error:
        raise EvidenceBroken(f"the manifest cannot be read: {error}") from error


def item(capture: Capture, role: str, media_type: str, content: bytes, how: str, original: bool) -> Item:
    """The manifest's line for one kept file. The time is the capture's: sealing twice is sealing once."""
    return Item(
        role=role,
        sha256=sha256(content),
        sm3=sm3(content),
        size=len(content),
        media_type=media_type,
        origin="original" if original else "derived",
        made_at=capture.ended_at,
        how=how,
    )
