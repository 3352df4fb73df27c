"""The town's ground truth, one JSON line an address."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from sandbox import clock
from sandbox.census import HOSTS, SITES
from sandbox.town import Post, Town


def write(town: Town, path: Path) -> None:
    """Write the truth at once: a reader sees the whole file or none."""
    first = {
        "town": {
            "seed": town.seed,
            "day": town.day,
            "hosts": list(HOSTS),
            "date": clock.opening(town.day).date().isoformat(),
        }
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        for line in [first, *records(town)]:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    Path(file.name).replace(path)


def records(town: Town) -> list[dict[str, Any]]:
    """The truth about each address of the town."""
    posts = [post for site in SITES for group in (town.posts, town.traps, town.gone) for post in group[site]]
    return [_record(post) for post in posts]


def _record(post: Post) -> dict[str, Any]:
    record = _address(post)
    if post.why_not is None:
        record |= _content(post)
    return record


def _address(post: Post) -> dict[str, Any]:
    return {
        "url": post.url,
        "site": post.site,
        "native_id": post.native_id,
        "crawlable": post.why_not is None,
        "why_not": post.why_not,
        "violation": False,
        "codes": [],
        "role": "other",
        "category": "综合",
        "contacts": [],
        "region": None,
        "prices": [],
        "title": post.draft.title,
        "text": "",
        "picture_text": None,
        "disguised": False,
        "text_in_picture": False,
        "duplicate_of": None,
        "published": post.published.isoformat(),
        "edited": False,
    }


def _content(post: Post) -> dict[str, Any]:
    draft = post.draft
    contacts = [
        {"kind": contact.kind, "value": contact.value, "hidden": contact.hidden} for contact in draft.contacts
    ]
    return {
        "violation": bool(draft.codes),
        "codes": list(draft.codes),
        "role": draft.role,
        "category": draft.category,
        "contacts": contacts,
        "region": draft.region,
        "prices": list(draft.prices),
        "title": draft.title,
        "text": draft.text,
        "picture_text": draft.picture_text,
        "disguised": draft.disguised,
        "text_in_picture": draft.picture_text is not None,
        "duplicate_of": post.duplicate_of,
        "edited": post.edited,
    }
