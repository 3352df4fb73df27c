"""Where records live. `open_store` chooses the back-end by the address's scheme."""

from __future__ import annotations

from pathlib import Path

from core.errors import BadInput
from store.base import Store


def open_store(url: str, api_key: str = "") -> Store:
    """The store at `url`: `sqlite:///relative/path`, `sqlite:////absolute/path`, or a cluster's address.

    A cluster's: `http://host:9200/prefix`, `https://user:password@host:9200,host:9200/prefix` (with options, see
    `store.elasticsearch.address`); `api_key` signs in there instead of a user. Raises BadInput for another address,
    Unavailable when the place cannot be opened.
    """
    # A back-end is loaded only when chosen.
    if url.startswith(("http://", "https://")):
        from store.elasticsearch import ElasticsearchStore

        return ElasticsearchStore(url, api_key)
    prefix = "sqlite:///"
    if not url.startswith(prefix) or len(url) == len(prefix):
        raise BadInput(
            f"store address {url.rpartition('@')[2]!r} is not known; write sqlite:///path/to/file or http://host:9200/prefix"
        )
    from store.sqlite import SqliteStore

    return SqliteStore(Path(url.removeprefix(prefix)))
