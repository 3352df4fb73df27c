"""How long each kind of request is waited for."""

from __future__ import annotations

from typing import Any

import elastic_transport
import pytest

from store.elasticsearch.address import read_address
from store.elasticsearch.client import BULK_TIMES, WALK, Client


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that the transport is told to wait, one for each request; every answer is empty."""
    seconds: list[float] = []

    def answer(_: Any, method: str, target: str, **options: Any) -> elastic_transport.TransportApiResponse:
        seconds.append(options["request_timeout"])
        headers = elastic_transport.HttpHeaders({"X-Elastic-Product": "Elasticsearch"})
        node = elastic_transport.NodeConfig("http", "127.0.0.1", 9200)
        meta = elastic_transport.ApiResponseMeta(200, "1.1", headers, 0.0, node)
        return elastic_transport.TransportApiResponse(meta, {})

    monkeypatch.setattr(elastic_transport.Transport, "perform_request", answer)
    return seconds


def test_a_programs_walk_is_waited_for_longer_than_an_officers_page(waited: list[float]) -> None:
    client = Client(read_address("http://127.0.0.1:9200/prefix?timeout=7"))
    for size in (0, 20, WALK, WALK + 1):
        client.search({"query": {"match_all": {}}, "size": size}, "findings")
    client.close()
    assert waited == [7, 7, 7, 7 * BULK_TIMES]
