"""The Elasticsearch back-end: the one suite on a real server, and what only a cluster can suffer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store import open_store
from store.base import Store
from tests.store.conformance import StoreConformance


class TestElasticsearch(StoreConformance):
    @pytest.fixture
    def store(self, elasticsearch_url: str) -> Iterator[Store]:
        store = open_store(elasticsearch_url)
        yield store
        store.close()
