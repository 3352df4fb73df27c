"""Names, mappings and documents, made from the one field table. A document keeps the record as one line of JSON:
what is loaded is what was saved, and everything beside it serves finding only.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from core.model import KINDS
from store.elasticsearch.address import Address
from store.fields import FIELDS
from store.rows import Row

# To be counted up when folding, pairs or an extractor change without a change of the mapping.
SHAPE = 1
# Elasticsearch refuses ids over 512 bytes and index terms over 32,766; both keep room for a digest.
ID_BYTES = 512
TERM_BYTES = 32_000
SHORT = TERM_BYTES // 4  # characters that are sure to fit: none has more than four bytes
_DIGEST = "sha256:"


def alias(prefix: str, kind: str) -> str:
    """Under this name a kind is read and written; it stands on one index at a time."""
    return f"{prefix}-{kind}"


def index_name(prefix: str, kind: str, number: int) -> str:
    """The index of that number; a change of shape builds the next."""
    return f"{prefix}-{kind}-v{number}"


def write_alias(index: str) -> str:
    """A second name of one index alone. A write through a name that is gone fails; through the index's own name it
    would quietly make a new index.
    """
    return f"{index}-write"


def key(id_: str) -> str:
    """The document's id: the record's own, or its digest where Elasticsearch could not take it."""
    if id_ and _fits(id_, ID_BYTES) and not id_.startswith(_DIGEST):
        return id_
    return _DIGEST + hashlib.sha256(id_.encode()).hexdigest()


def term(value: str) -> str:
    """A filter value as indexed: itself, or its beginning and digest where it is too long for a term."""
    if _fits(value, TERM_BYTES):
        return value
    return f"{value[:1000]}…{_DIGEST}{hashlib.sha256(value.encode()).hexdigest()}"


def _fits(text: str, size: int) -> bool:
    # No character has more than four bytes: short texts need not be counted.
    return len(text) * 4 <= size or len(text.encode()) <= size


def mapping(kind: str) -> dict[str, Any]:
    """The strict mapping of a kind; `_meta` tells its shape."""
    plain = _mapping(kind)
    return {**plain, "_meta": {"shape": shape(kind)}}


def shape(kind: str) -> str:
    """Changes when an index must be built anew."""
    text = json.dumps([SHAPE, _mapping(kind)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _mapping(kind: str) -> dict[str, Any]:
    # body and token are only read back, never looked for.
    kept = {"type": "keyword", "index": False, "doc_values": False}
    names = sorted(FIELDS[kind].filters)
    sorts = {name: {"type": "long"} for name in sorted(FIELDS[kind].sorts)}
    return {
        "dynamic": "strict",
        "properties": {
            "body": kept,
            "token": kept,
            "key": {"type": "keyword"},
            "time": {"type": "long"},
            "region": {"type": "keyword"},
            # Tokens are pairs in hexadecimal already (core.pairs): cut at spaces, nothing else.
            "words": {"type": "text", "analyzer": "whitespace", "norms": False},
            "term": {"properties": {name: {"type": "keyword"} for name in names}},
            **({"sort": {"properties": sorts}} if sorts else {}),
        },
    }


def creation(address: Address, kind: str, index: str, *, live: bool) -> dict[str, Any]:
    """What an index is made with; `live`: reached under the kind's alias at once."""
    copies: dict[str, Any] = {"auto_expand_replicas": "0-1"}
    if address.replicas is not None:
        copies = {"number_of_replicas": address.replicas}
    aliases: dict[str, Any] = {write_alias(index): {}}
    if live:
        aliases[alias(address.prefix, kind)] = {}
    return {
        "settings": {"number_of_shards": address.shards, **copies},
        "mappings": mapping(kind),
        "aliases": aliases,
    }


def document(row: Row, token: str) -> dict[str, Any]:
    """The document of a row; `token` tells whose save it was, for a save whose answer got lost."""
    terms: dict[str, list[str]] = {}
    for name, value in row.terms:
        terms.setdefault(name, []).append(value if len(value) <= SHORT else term(value))
    return {
        "body": row.body,
        "token": token,
        "key": key(row.id),
        "time": row.time,
        "region": row.region,
        "words": row.tokens,
        "term": terms,
        **({"sort": row.sorts} if row.sorts else {}),
    }


def aliases(prefix: str) -> dict[str, str]:
    """Kind -> its alias."""
    return {kind: alias(prefix, kind) for kind in KINDS}
