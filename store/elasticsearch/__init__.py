"""The back-end for many machines: the same promises as SQLite's, kept by an Elasticsearch cluster."""

from __future__ import annotations

from store.elasticsearch.store import ElasticsearchStore

__all__ = ["ElasticsearchStore"]
