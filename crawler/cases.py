"""Saved pages with what was read from them: a source's tests, walked by one test (tests/sources).

A case is a folder: `case.json` (address, headers that matter, moment), `page.bin` and `reveal-N.bin` (the bytes as
received) and `expected.json` (what the source's rules make of them). Reading it needs no network and no clock.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from core.errors import BadInput, PageChanged
from core.source import Source
from crawler import page as pages
from crawler import reveal
from crawler.reading import Fetched, Kind, read_list, read_post

_ABOUT, _EXPECTED = "case.json", "expected.json"
# What a reader of the case cannot check, what only repeats the file's name, and what the judge reads in pictures later.
_LEFT_OUT: Any = {
    "id": True, "source_id": True, "channel": True, "seen_at": True, "pictures": {"__all__": {"lines", "unread"}},
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A list or post page, and the answers to what its clicks would ask."""

    page: Fetched
    reveals: tuple[Fetched, ...] = ()


def case_of(seen: Sequence[Fetched], kind: Kind) -> Case:
    """The first page of that kind among those that a trial saw. Raises PageChanged when none came."""
    main = next((fetched for fetched in seen if fetched.kind == kind), None)
    if main is None:
        raise PageChanged("no page came, so there is no case to save")
    reveals = tuple(fetched for fetched in seen if fetched.kind == "reveal") if kind == "post" else ()
    return Case(main, reveals)


def extract(case: Case, source: Source) -> dict[str, Any]:
    """What the source's rules make of the case, as plain JSON values."""
    page = case.page.page()
    try:
        if case.page.kind == "list":
            found: Any = read_list(page, source)
        else:
            found = read_post(page, source, case.page.received_at)
    except PageChanged as error:
        return {"unread": str(error)}
    if isinstance(found, str):
        return {"wall": found}
    if isinstance(found, pages.Links):
        return {"posts": list(found.posts), "next": found.next, "updated": dict(found.updated)}
    told: dict[str, Any] = {"posts": [json.loads(post.model_dump_json(exclude=_LEFT_OUT)) for post in found]}
    if rule := source.post.reveal:
        told["hidden_at"] = list(reveal.addresses(page, source))
        told["revealed"] = [list(reveal.contacts(answer.page(), rule)) for answer in case.reveals]
    return told


def save(folder: Path, case: Case, source: Source) -> None:
    """Writes the case and what is read from it today. Raises BadInput when the folder is there already."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError as error:
        raise BadInput(f"{folder} is there already: choose another name, or remove it first") from error
    parts = {"page.bin": case.page, **{f"reveal-{i}.bin": item for i, item in enumerate(case.reveals, 1)}}
    for name, fetched in parts.items():
        (folder / name).write_bytes(fetched.body)
    _write(folder / _ABOUT, {name: _about(fetched) for name, fetched in parts.items()})
    _write(folder / _EXPECTED, extract(case, source))


def load(folder: Path) -> tuple[Case, dict[str, Any]]:
    """A saved case, and what was read from it when it was saved."""
    about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
    parts = [_fetched(plain, (folder / name).read_bytes()) for name, plain in about.items()]
    expected: dict[str, Any] = json.loads((folder / _EXPECTED).read_text(encoding="utf-8"))
    return Case(parts[0], tuple(parts[1:])), expected


def _about(fetched: Fetched) -> dict[str, Any]:
    plain = {name: value for name, value in vars(fetched).items() if name != "body"}
    return plain | {"received_at": fetched.received_at.isoformat()}


def _fetched(plain: dict[str, Any], body: bytes) -> Fetched:
    fetched = Fetched(**plain, body=body)
    return replace(fetched, received_at=datetime.fromisoformat(plain["received_at"]))


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
