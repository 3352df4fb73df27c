"""Where records live. `open_store` chooses the back-end by the address's scheme."""

from __future__ import annotations

from pathlib import Path

from core.errors import BadInput
from store.base import Store


def open_store(url: str) -> Store:
    """The store at `url`: `sqlite:///relative/path` or `sqlite:////absolute/path`.

    Raises BadInput for another scheme, Unavailable when the place cannot be opened.
    """
    prefix = "sqlite:///"
    if not url.startswith(prefix) or len(url) == len(prefix):
        raise BadInput(f"store address {url!r} is not known; write sqlite:///path/to/file")
    from store.sqlite import SqliteStore  # a back-end is loaded only when chosen

    return SqliteStore(Path(url.removeprefix(prefix)))
