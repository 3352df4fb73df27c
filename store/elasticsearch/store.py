"""The Store on a cluster. Requests are made in `query` and `writing`, sent by `client`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from core.errors import BadInput, NotFound, StoreAway, Unavailable
from core.model import Stored
from core.records import from_json
from store.base import COUNT_LIMIT, Page, Query, Save, Saved, check_query, check_text, fields_of
from store.cursors import Place, read_cursor, write_cursor
from store.elasticsearch import query as asking
from store.elasticsearch import schema
from store.elasticsearch.address import read_address
from store.elasticsearch.client import VIEW, Client
from store.elasticsearch.patience import Busy, Patience
from store.elasticsearch.writing import PAUSES, Writer
from store.moments import by_period

Plain = dict[str, Any]
Answer = TypeVar("Answer")


class ElasticsearchStore:
    """A Store on the cluster at `url` (store.elasticsearch.address); indices are made when first written to.

    Raises BadInput for an address that is none and for indices of another shape (`wangxun store migrate` mends it). A
    cluster that does not answer is said by the first call.
    """

    def __init__(self, url: str, api_key: str = "") -> None:
        self._address = read_address(url)
        self._aliases = schema.aliases(self._address.prefix)
        self._client = Client(self._address, api_key)
        self._closed = threading.Event()
        self._patience = Patience()
        self._shapes_seen = False
        try:
            self._check_shapes()
        except StoreAway:
            pass  # the site must come up all the same and say so: whoever asks first looks at the shapes
        except BaseException:
            self._client.close()
            raise
        self._writer = Writer(self._client, self._address.prefix, self._make, self._wait)

    def save(self, records: Sequence[Save]) -> list[Saved]:
        """See `Store.save`."""
        if self._closed.is_set():
            return [Saved(save.record.id, None, Unavailable("the store is closed")) for save in records]
        try:
            self._check_shapes()
        except (StoreAway, BadInput) as error:
            return [Saved(save.record.id, None, error) for save in records]
        return self._writer.save(records)

    def load(self, kind: str, id: str) -> tuple[Stored, int]:  # noqa: A002 - the word of the protocol
        """See `Store.load`."""
        self._check(kind)
        check_text(id)
        place = {"_index": self._aliases[kind], "_id": schema.key(id)}
        [found] = self._patiently(lambda: self._client.get([place], ["body"]))
        if not found.get("found"):
            raise NotFound(f"no {kind} {id!r}")
        return from_json(kind, found["_source"]["body"]), found["_version"]

    def search(self, kind: str, query: Query) -> Page:
        """See `Store.search`. From the second page on, a walk reads a view that later saves do not change."""
        self._check(kind)
        check_query(kind, query)
        after = read_cursor(query.cursor, query.order) if query.cursor is not None else None
        return self._patiently(lambda: self._search(kind, query, after))

    def _search(self, kind: str, query: Query, after: Place | None) -> Page:
        answer = self._page(kind, query, after)
        hits = answer["hits"]["hits"]
        shown, total = hits[: query.limit], answer["hits"]["total"]["value"]
        view = answer.get("pit_id", "")
        more = len(hits) > query.limit
        if view and not more:
            self._client.close_view(view)
        return Page(
            records=tuple(from_json(kind, hit["_source"]["body"]) for hit in shown),
            versions=tuple(hit["_version"] for hit in shown),
            total=min(total, COUNT_LIMIT),
            capped=total > COUNT_LIMIT,
            cursor=write_cursor(query.order, _here(shown[-1], view)) if more else None,
            facets=self._facets(kind, query, capped=total > COUNT_LIMIT),
            periods=self._periods(kind, query),
        )

    def delete(self, kind: str, id: str) -> None:  # noqa: A002
        """See `Store.delete`."""
        self._check(kind)
        check_text(id)
        self._writer.delete(kind, id)

    def flush(self) -> None:
        """See `Store.flush`."""
        self._check_open()
        self._patiently(lambda: self._client.refresh(list(self._aliases.values())))

    def close(self) -> None:
        """See `Store.close`."""
        if not self._closed.is_set():
            self._closed.set()
            self._writer.close()
            self._client.close()

    def _page(self, kind: str, query: Query, after: Place | None) -> Plain:
        body = asking.page(kind, query, after)
        if after is None:
            return self._client.search(body, self._aliases[kind])
        if after.view:
            try:
                return self._client.search({**body, "pit": {"id": after.view, "keep_alive": VIEW}})
            except NotFound:
                pass  # the view was given back after some minutes: the walk goes on in a new one
        view = self._client.open_view(self._aliases[kind])
        return self._client.search({**body, "pit": {"id": view, "keep_alive": VIEW}})

    def _facets(self, kind: str, query: Query, *, capped: bool) -> dict[str, dict[str, int]]:
        """Counted apart from the page: a second small request is cheaper than counting a million values."""
        if not query.facets:
            return {}
        index = self._aliases[kind]
        last = None
        if capped and (hits := self._client.search(asking.cut(kind, query), index)["hits"]["hits"]):
            last = asking.place_of(hits[0])
        counted = self._client.search(asking.facets(kind, query, last), index).get("aggregations", {})
        return {name: _counts(counted.get(name)) for name in query.facets}

    def _periods(self, kind: str, query: Query) -> dict[str, int]:
        if query.per is None:
            return {}
        answer = self._client.search(asking.days(query), self._aliases[kind])
        return by_period(asking.day_counts(answer), query.per)

    def _make(self, kind: str) -> None:
        index = schema.index_name(self._address.prefix, kind, 1)
        self._client.create(index, schema.creation(self._address, kind, index, live=True))

    def _check_shapes(self) -> None:
        """Refuse indices of another shape, once: a save would fail, or make what no search finds."""
        if self._shapes_seen:
            return
        for found in self._client.described(list(self._aliases.values())).values():
            kind = next((name for name, alias in self._aliases.items() if alias in found["aliases"]), "")
            if kind and found["mappings"].get("_meta", {}).get("shape") != schema.shape(kind):
                raise BadInput(
                    f"the indices of {self._address.prefix!r} have another shape: run wangxun store migrate"
                )
        self._shapes_seen = True

    def _patiently(self, ask: Callable[[], Answer]) -> Answer:
        """Ask again while the server is busy, or a shard is just being made or moved. Raises StoreAway."""
        for pause in self._patience.of(PAUSES[:-1]):  # 6.3 s or so at most: an officer waits for it
            try:
                answer = ask()
            except Busy:
                self._wait(pause)
            else:
                self._patience.answered()
                return answer
        answer = ask()
        self._patience.answered()
        return answer

    def _wait(self, seconds: float) -> None:
        if self._closed.wait(seconds):
            raise Unavailable("the store is closed")

    def _check(self, kind: str) -> None:
        fields_of(kind)
        self._check_open()

    def _check_open(self) -> None:
        if self._closed.is_set():
            raise Unavailable("the store is closed")
        self._check_shapes()


def _here(hit: Plain, view: str) -> Place:
    place = asking.place_of(hit)
    return Place(place.number, place.id, view)


def _counts(field: Plain | None) -> dict[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in field["buckets"]} if field else {}
