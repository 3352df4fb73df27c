"""The Elasticsearch back-end beside the bare client on the same server."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import elasticsearch
from elasticsearch import helpers

from benchmarks.store_parts.lite import chunks
from benchmarks.store_parts.timing import Ratio, Result, in_turns, seconds
from store.base import COUNT_LIMIT, Query, Save
from store.elasticsearch import ElasticsearchStore, schema
from store.elasticsearch import query as asking
from store.rows import ready

SLICE = 10_000  # posts that each side indexes in its turn
SEARCHES = {
    "newest 20": Query(),
    "newest 20, status and channel": Query(where={"status": ("flagged",), "channel": ("forum",)}),
    "newest 20, contact": Query(where={"contact_id": ("contact7",)}),
    "newest 20, region": Query(region="330100"),
    "newest 20, word": Query(text="数学"),
    "newest 20, two words": Query(text="数学 一对一"),
}


def measure(url: str, posts: int) -> Result:
    """All figures of one size, on indices of their own."""
    url = f"{url}-{posts}"
    server, prefix = url.rpartition("/")[0], urlsplit(url).path[1:]
    result = Result(posts)
    store = ElasticsearchStore(url)
    with elasticsearch.Elasticsearch(server, request_timeout=300) as bare:
        result.ratios.append(_indexing(store, bare, prefix, posts))
        store.flush()
        index = f"{prefix}-finding"
        stats = bare.indices.stats(index=index)["_all"]["primaries"]
        result.notes.append(f"index: {stats['store']['size_in_bytes'] / posts:,.0f} bytes a post")
        result.ratios += [_search(store, bare, index, name, query) for name, query in SEARCHES.items()]
        result.ratios.append(_facets(store, bare, index))
        store.close()
        bare.indices.delete(index=",".join(bare.indices.get(index=f"{prefix}-*")))
    return result


def _indexing(store: ElasticsearchStore, bare: elasticsearch.Elasticsearch, prefix: str, posts: int) -> Ratio:
    other = f"{prefix}-bare"
    address = store._address  # the same settings and mapping for both
    made = schema.creation(address, "finding", other, live=False)
    bare.indices.create(index=other, settings=made["settings"], mappings=made["mappings"])
    ours = theirs = 0.0
    waiting: list[Any] = []
    for chunk in chunks(posts):
        waiting += chunk
        if len(waiting) < SLICE:
            continue
        saves = [Save(record, "create") for record in waiting]
        documents = [
            _action(other, schema.document(ready(record), secrets.token_hex(8))) for record in waiting
        ]
        waiting = []
        ours += seconds(lambda saves=saves: _saved(store, saves))  # type: ignore[misc]
        theirs += seconds(lambda documents=documents: _bulked(bare, documents))  # type: ignore[misc]
    bare.indices.delete(index=other)
    return Ratio("posts indexed a second", posts / ours, posts / theirs, least=0.8)


def _action(index: str, document: dict[str, Any]) -> dict[str, Any]:
    return {"_op_type": "create", "_index": index, "_id": document["key"], "_source": document}


def _saved(store: ElasticsearchStore, saves: list[Save]) -> None:
    assert all(answer.error is None for answer in store.save(saves))


def _bulked(bare: elasticsearch.Elasticsearch, documents: list[dict[str, Any]]) -> None:
    assert all(done for done, _ in helpers.parallel_bulk(bare, documents))


def _search(
    store: ElasticsearchStore, bare: elasticsearch.Elasticsearch, index: str, name: str, query: Query
) -> Ratio:
    body = _sent(asking.page(query, None))
    assert len(bare.search(index=index, **body)["hits"]["hits"][:20]) == len(
        store.search("finding", query).records
    )
    return Ratio(
        f"{name}, ms", *_milliseconds(lambda: store.search("finding", query), lambda: bare.search(index=index, **body)),
        most=1.3,
    )  # fmt: skip


def _facets(store: ElasticsearchStore, bare: elasticsearch.Elasticsearch, index: str) -> Ratio:
    """The same requests: a page, where the 10,000th match stands, and the counts up to there."""
    query = Query(facets=("channel", "status", "code"), limit=1)
    bodies = [_sent(asking.page(query, None))]
    last = None
    if store.search("finding", query).total == COUNT_LIMIT:
        bodies.append(_sent(asking.cut(query)))
        hits = bare.search(index=index, **bodies[-1])["hits"]["hits"]
        last = asking.place_of(hits[0])
    bodies.append(_sent(asking.facets(query, last)))

    def plain() -> None:
        for body in bodies:
            bare.search(index=index, **body)

    return Ratio(
        "facets of three fields, ms", *_milliseconds(lambda: store.search("finding", query), plain), most=1.3
    )  # fmt: skip


def _sent(body: dict[str, Any]) -> dict[str, Any]:
    return {{"from": "from_", "_source": "source"}.get(name, name): value for name, value in body.items()}


def _milliseconds(ours: Callable[[], object], bare: Callable[[], object]) -> tuple[float, float]:
    first, second = in_turns(ours, bare)
    return first * 1000, second * 1000
