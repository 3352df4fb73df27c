"""The one place that speaks with the driver: requests in, plain dictionaries out, every error one of ours."""

from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import elastic_transport
import elasticsearch
import orjson
from elasticsearch.serializer import OrjsonSerializer

from core.errors import BadInput, NotFound, ReadOnly, StoreAway, WangxunError
from store.elasticsearch.address import Address
from store.elasticsearch.patience import Breaker, Busy, Unanswered, Unreached

Plain = dict[str, Any]
# A line for each try that failed is noise where our errors are told once.
logging.getLogger("elastic_transport").setLevel(logging.ERROR)

# How much longer than others a large bulk request may take: it waits in the server's queue behind others, and cutting
# it off only makes it come again. A small one (a crawl's save) need not.
BULK_TIMES, SMALL = 4, 20
# Records on a page: an officer's pages have fewer. More are a program's walk through all, which nobody sits before; cut
# off, it would have to begin again.
WALK = 100
PROBE_SECONDS = 3.0  # for the small question whether somebody is there again
# How long a walk's view is kept open after its last page: an officer reads a page in less, a crashed walk
# keeps the server's files no longer than that.
VIEW = "5m"
# What we read of the answer to a bulk request; the rest is the longer part of it.
RESULTS = ("items.*.status", "items.*._version", "items.*.error")
# Statuses by which a server says that it cannot now: too many requests, or (503 ...) no node to do it.
BUSY = frozenset({429, 502, 503, 504})


class Blocked(Busy, ReadOnly):
    """The server takes nothing in for now: a full disk's watermark, or a migration's last step."""


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """No driver's error leaves the store; its cause is kept."""
    try:
        yield
    except elasticsearch.ApiError as error:
        raise refusal(error.status_code, _reason(error), doing) from error
    except elastic_transport.ConnectionTimeout as error:
        raise Unanswered(f"Elasticsearch does not answer in time while {doing}: {error}") from error
    except (elastic_transport.TransportError, OSError) as error:
        raise Unreached(f"Elasticsearch does not answer while {doing}: {error}") from error


def refusal(status: int, reason: str, doing: str) -> WangxunError:
    """Our error for a status and the server's own words."""
    said = f"Elasticsearch, while {doing}: {reason}"
    # Read-only (429, a full disk's), or closed for writing while it is migrated (403); a server that is still starting
    # blocks reading as well.
    if "cluster_block_exception" in reason and "SERVICE_UNAVAILABLE/" not in reason:
        return Blocked(said)
    if status in BUSY:
        return Busy(said)
    if status in (401, 403):
        return StoreAway(f"{said} (mend the user in WANGXUN_STORE, or WANGXUN_STORE_API_KEY)")
    if status == 404:
        return NotFound(said)
    if status in (400, 413):
        return BadInput(said)
    return StoreAway(said)


def _reason(error: elasticsearch.ApiError) -> str:
    return f"{error.status_code} {json.dumps(error.body, ensure_ascii=False, default=str)[:500]}"


def written(plain: Plain) -> bytes:
    """A line of a bulk request. The driver's own maker of lines knows only Python's json, which takes thrice as long."""
    return orjson.dumps(plain)


class Client:
    """Requests to one cluster. Every method raises StoreAway (Busy when it is worth waiting), BadInput, NotFound."""

    def __init__(self, address: Address, api_key: str = "") -> None:
        if api_key and address.user:
            raise BadInput("either a user in WANGXUN_STORE or WANGXUN_STORE_API_KEY, not both")
        given: Plain = {"api_key": api_key} if api_key else {}
        if address.user:
            given["basic_auth"] = (address.user, address.password)
        if address.ca:
            given["ssl_context"] = _trusting(address.ca)
        self._driver = elasticsearch.Elasticsearch(
            list(address.hosts),
            request_timeout=address.timeout,
            http_compress=False,
            serializer=OrjsonSerializer(),
            **given,
        )
        self._patient = self._driver.options(request_timeout=BULK_TIMES * address.timeout)
        self._breaker = Breaker()

    def close(self) -> None:
        """Close the connections."""
        self._driver.close()

    @contextmanager
    def _asking(self, doing: str) -> Iterator[None]:
        """Around each request: not sent while nobody answers, its errors made ours."""
        with self._breaker.asking(self._probe), translated(doing):
            yield

    def _probe(self) -> None:
        with translated("asking whether it is there"):
            self._driver.options(request_timeout=PROBE_SECONDS, max_retries=0).cluster.health()

    def bulk(self, operations: Iterable[Plain | bytes], alias: str | None = None) -> list[Plain]:
        """One result for each operation: `status`, `error`, `_version` (the name of the operation is left off).

        An operation that names no index goes to `alias`; all must go to aliases: an index that is not there would else
        be made quietly, without its mapping.
        """
        lines: list[Any] = [line if isinstance(line, bytes) else written(line) for line in operations]
        driver = self._driver if len(lines) <= SMALL else self._patient
        with self._asking("saving"):
            answer = driver.bulk(operations=lines, index=alias, require_alias=True, filter_path=RESULTS)
        return [next(iter(item.values())) for item in answer["items"]]

    def get(self, documents: Sequence[Plain], source: Sequence[str]) -> list[Plain]:
        """What stands there now (not only what a search sees), one answer each in order."""
        with self._asking("loading"):
            answer = self._driver.mget(docs=documents, source_includes=list(source))
        found: list[Plain] = answer["docs"]
        for document in found:
            error = document.get("error")
            # What could not be read is not what does not exist: a shard that is just being made, or moved.
            if error and error.get("type") != "index_not_found_exception":
                raise Busy(f"Elasticsearch, while loading: {error.get('reason')}")
        return found

    def search(self, body: Plain, index: str | None = None) -> Plain:
        """The answer to a search; without `index` the body names a view. A missing index holds nothing.

        Raises NotFound for a view that is gone.
        """
        options: Plain = {} if index is None else {"index": index, "ignore_unavailable": True}
        driver = self._driver if body.get("size", 0) <= WALK else self._patient
        try:
            with self._asking("searching"):
                # Without a shard that is away, a part of the answer would look like the whole.
                answer = driver.search(allow_partial_search_results=False, **options, **_keywords(body))
                return dict(answer)
        except NotFound as error:
            if index is None:
                raise
            # A node that was stopped just then: it had found the documents and is asked for them no more.
            raise Busy(str(error)) from error

    def open_view(self, index: str, shard: int | None = None) -> str:
        """Open a view of the index (of one shard of it) that later saves do not change."""
        preference = None if shard is None else f"_shards:{shard}"
        with self._asking("searching"):
            answer = self._driver.open_point_in_time(index=index, keep_alive=VIEW, preference=preference)
        name: str = answer["id"]
        return name

    def close_view(self, name: str) -> None:
        """Give the view back; one that is gone already is no error."""
        try:
            with self._asking("searching"):
                self._driver.close_point_in_time(id=name)
        except NotFound:
            return

    def refresh(self, indices: Sequence[str]) -> None:
        """Let searches see all that was saved."""
        with self._asking("refreshing"):
            self._patient.indices.refresh(index=",".join(indices), ignore_unavailable=True)

    def create(self, index: str, settings: Plain) -> None:
        """Make an index; one that is there already stays."""
        with self._asking("making an index"):
            try:
                self._patient.indices.create(index=index, **settings)
            except elasticsearch.BadRequestError as error:
                if error.error != "resource_already_exists_exception":
                    raise

    def described(self, names: Sequence[str]) -> Plain:
        """Index -> its `aliases`, `mappings` and `settings`, for those of the names that are there."""
        with self._asking("looking at the indices"):
            answer = self._driver.indices.get(index=",".join(names), ignore_unavailable=True)
        return dict(answer)

    def admin(self, ask: Callable[[elasticsearch.Elasticsearch], Any]) -> Any:
        """One of the rare requests of a migration, on the driver itself."""
        with translated("migrating"):
            answer = ask(self._patient)
        return answer.body


def _trusting(ca: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca)
    except OSError as error:
        raise BadInput(f"the authority's certificate {ca!r} cannot be read: {error}") from error


def _keywords(body: Plain) -> Plain:
    """The driver's names for parts of a body."""
    renamed = {"from": "from_", "_source": "source"}
    return {renamed.get(name, name): value for name, value in body.items()}
