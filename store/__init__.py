"""Where records live. `open_store` chooses the back-end by the address's scheme."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.errors import BadInput
from store.base import Store


def open_store(url: str, api_key: str = "") -> Store:
    """The store at `url`: `sqlite:///relative/path`, `sqlite:////absolute/path`, or a cluster's address.

    A cluster's: `http://host:9200/prefix`, `https://user:password@host:9200,host:9200/prefix` (with options, see
    `store.elasticsearch.address`); `api_key` signs in there instead of a user. Raises BadInput for another address,
    StoreAway when a file cannot be opened; a cluster that is away is said by the first call.
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


def migrate_store(url: str, api_key: str, tell: Callable[[str], None]) -> None:
    """Give the store at `url` the shape that this version needs; told step by step. May be stopped and called again.

    SQLite's file takes its few steps whenever it is opened. Raises BadInput, Unavailable.
    """
    if url.startswith(("http://", "https://")):
        from store.elasticsearch.address import read_address
        from store.elasticsearch.migrate import migrate

        moved = migrate(read_address(url), api_key, tell)
        tell("; ".join(f"{kind}: {count} records moved" for kind, count in moved.items()) or "nothing to do")
        return
    open_store(url).close()
    tell("nothing more to do: a file is brought up to date whenever it is opened")
