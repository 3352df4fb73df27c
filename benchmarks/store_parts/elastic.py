"""The Elasticsearch back-end beside the bare client on the same server."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import elasticsearch
from elasticsearch import helpers

from benchmarks.store_parts.memory import walked
from benchmarks.store_parts.timing import Ratio, Result, in_turns, seconds, set_aside
from core.model import Finding
from store.base import COUNT_LIMIT, Query, Save
from store.elasticsearch import ElasticsearchStore, schema
from store.elasticsearch import query as asking
from store.elasticsearch.address import read_address
from store.rows import ready

SEARCHES = {
    "newest 20": Query(),
    "newest 20, status and channel": Query(where={"status": ("flagged",), "channel": ("forum",)}),
    "newest 20, contact": Query(where={"contact_id": ("contact7",)}),
    "newest 20, region": Query(region="330100"),
    "newest 20, word": Query(text="数学"),
    "newest 20, two words": Query(text="数学 一对一"),
}


class Elastic:
    """A store at `url`, and beside it an index of the same settings and mapping that the bare client fills."""

    LEAST = 0.8

    def __init__(self, url: str) -> None:
        self._url = url
        server, _, self._prefix = url.rpartition("/")
        self._store = ElasticsearchStore(url)
        self._bare = elasticsearch.Elasticsearch(server, request_timeout=300)
        self._other = f"{self._prefix}-bare"
        if not self._bare.indices.exists(index=self._other):
            made = schema.creation(read_address(url), "finding", self._other, live=False)
            self._bare.indices.create(index=self._other, settings=made["settings"], mappings=made["mappings"])

    def index(self, first: int, records: list[Finding]) -> tuple[float, float]:
        """See `progress.Side`; who begins changes, since each side leaves the server work to do."""
        saves = [Save(record, "create") for record in records]
        documents = [
            _action(self._other, schema.document(ready(record), secrets.token_hex(8))) for record in records
        ]
        calls: list[Callable[[], None]] = [
            lambda: _saved(self._store, saves),
            lambda: _bulked(self._bare, documents),
        ]
        with set_aside():
            if first // len(records) % 2:
                theirs, ours = seconds(calls[1]), seconds(calls[0])
            else:
                ours, theirs = seconds(calls[0]), seconds(calls[1])
        return ours, theirs

    def steps(self) -> list[Callable[[Result], None]]:
        """See `progress.Side`."""
        return [self._searches, self._walk]

    def _searches(self, result: Result) -> None:
        """The bare client asks the same index."""
        self._store.flush()
        index = f"{self._prefix}-finding"
        stats = self._bare.indices.stats(index=index)["_all"]["primaries"]
        result.facts["index, bytes a post"] = stats["store"]["size_in_bytes"] / result.posts
        result.ratios += [
            _search(self._store, self._bare, index, name, query) for name, query in SEARCHES.items()
        ]
        result.ratios.append(_facets(self._store, self._bare, index))

    def _walk(self, result: Result) -> None:
        result.facts |= walked(self._url)

    def close(self, *, remove: bool) -> None:
        """Close both; `remove`: the indices as well."""
        self._store.close()
        if remove:
            self._bare.indices.delete(index=",".join(self._bare.indices.get(index=f"{self._prefix}-*")))
        self._bare.close()


def _action(index: str, document: dict[str, Any]) -> dict[str, Any]:
    return {"_op_type": "create", "_index": index, "_id": document["key"], "_source": document}


def _saved(store: ElasticsearchStore, saves: list[Save]) -> None:
    assert all(answer.error is None for answer in store.save(saves))


def _bulked(bare: elasticsearch.Elasticsearch, documents: list[dict[str, Any]]) -> None:
    assert all(done for done, _ in helpers.parallel_bulk(bare, documents))


def _search(
    store: ElasticsearchStore, bare: elasticsearch.Elasticsearch, index: str, name: str, query: Query
) -> Ratio:
    body = _sent(asking.page("finding", query, None))
    assert len(bare.search(index=index, **body)["hits"]["hits"][:20]) == len(
        store.search("finding", query).records
    )
    return in_turns(
        f"{name}, ms",
        lambda: store.search("finding", query),
        lambda: bare.search(index=index, **body),
        most=1.3,
    )


def _facets(store: ElasticsearchStore, bare: elasticsearch.Elasticsearch, index: str) -> Ratio:
    """The same requests: a page, where the 10,000th match stands, and the counts up to there."""
    query = Query(facets=("channel", "status", "code"), limit=1)
    bodies = [_sent(asking.page("finding", query, None))]
    last = None
    if store.search("finding", query).total == COUNT_LIMIT:
        bodies.append(_sent(asking.cut("finding", query)))
        hits = bare.search(index=index, **bodies[-1])["hits"]["hits"]
        last = asking.place_of(hits[0])
    bodies.append(_sent(asking.facets("finding", query, last)))

    def plain() -> None:
        for body in bodies:
            bare.search(index=index, **body)

    return in_turns("facets of three fields, ms", lambda: store.search("finding", query), plain, most=1.3)


def _sent(body: dict[str, Any]) -> dict[str, Any]:
    return {{"from": "from_", "_source": "source"}.get(name, name): value for name, value in body.items()}
