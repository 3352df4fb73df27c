"""A Query as Elasticsearch's request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from store.base import COUNT_LIMIT, Query, region_prefix, sorting
from store.cursors import Place
from store.elasticsearch.schema import term
from store.moments import AHEAD, DAY, microseconds
from store.words import Group, Phrase, read

# A value more than any page of facets has; counts are exact because no shard leaves one out.
FACET_VALUES = 65_000
# Pairs that begin with one character: Chinese has less than 30,000 characters in use.
_BEGINNINGS = 65_000

Plain = dict[str, Any]


def conditions(query: Query) -> Plain:
    """All conditions of the query but the cursor; nothing is scored."""
    must: list[Plain] = [_any_of(name, values) for name, values in query.where.items()]
    if groups := read(query.text):
        must.append(_one_of([_group(group) for group in groups]))
    bounds = {"gte": query.since, "lt": query.until}
    if limits := {name: microseconds(moment) for name, moment in bounds.items() if moment}:
        must.append({"range": {"time": limits}})
    if query.region:
        must.append(_below(query.region))
    if query.scope:
        must.append(_one_of([_below(query.scope), {"term": {"region": ""}}]))
    return {"bool": {"filter": must}} if must else {"match_all": {}}


def page(kind: str, query: Query, after: Place | None) -> Plain:
    """One page of documents, and one more that tells whether there is a next."""
    body = {
        "query": conditions(query),
        "sort": _order(kind, query),
        "size": query.limit + 1,
        "track_total_hits": COUNT_LIMIT + 1,
        "version": True,
        "_source": ["body"],
    }
    return body if after is None else {**body, "search_after": [after.number, after.id]}


def cut(kind: str, query: Query) -> Plain:
    """The last match that facets count when there are more than COUNT_LIMIT."""
    return {
        "query": conditions(query),
        "sort": _order(kind, query),
        "from": COUNT_LIMIT - 1,
        "size": 1,
        "track_total_hits": False,
        "_source": False,
    }


def facets(kind: str, query: Query, last: Place | None) -> Plain:
    """Counts of values, most frequent first; of the matches up to `last` in the query's order, or of all."""
    within = (
        conditions(query)
        if last is None
        else {"bool": {"filter": [conditions(query), _until(kind, query, last)]}}
    )
    fields = {name: {"terms": {"field": f"term.{name}", "size": FACET_VALUES}} for name in query.facets}
    return {"query": within, "size": 0, "track_total_hits": False, "aggs": fields}


def place_of(hit: Plain) -> Place:
    """Where a hit stands in the order."""
    number, id_ = hit["sort"]
    return Place(number, id_)


def days(query: Query) -> Plain:
    """Counts of all matches by their day in China."""
    # Times are whole microseconds, not Elasticsearch's dates (milliseconds); a day of China is as long as any other.
    buckets = {"field": "time", "interval": DAY, "offset": -AHEAD, "min_doc_count": 1}
    return {
        "query": conditions(query),
        "size": 0,
        "track_total_hits": False,
        "aggs": {"days": {"histogram": buckets}},
    }


def day_counts(answer: Plain) -> dict[int, int]:
    """Number of the day in China since 1970 -> matches."""
    buckets = answer["aggregations"]["days"]["buckets"] if "aggregations" in answer else []
    return {(int(bucket["key"]) + AHEAD) // DAY: bucket["doc_count"] for bucket in buckets}


def _field(kind: str, query: Query) -> str:
    named = sorting(kind, query.order).field
    return f"sort.{named}" if named else "time"


def _order(kind: str, query: Query) -> list[Plain]:
    direction = "desc" if sorting(kind, query.order).highest_first else "asc"
    return [{_field(kind, query): direction}, {"key": direction}]


def _until(kind: str, query: Query, last: Place) -> Plain:
    side = "g" if sorting(kind, query.order).highest_first else "l"
    name = _field(kind, query)
    same = {"bool": {"filter": [{"term": {name: last.number}}, {"range": {"key": {f"{side}te": last.id}}}]}}
    return _one_of([{"range": {name: {f"{side}t": last.number}}}, same])


def _any_of(name: str, values: Sequence[str]) -> Plain:
    return {"terms": {f"term.{name}": [term(value) for value in values]}}


def _one_of(parts: Sequence[Plain]) -> Plain:
    return parts[0] if len(parts) == 1 else {"bool": {"should": list(parts), "minimum_should_match": 1}}


def _below(code: str) -> Plain:
    return {"prefix": {"region": region_prefix(code)}}


def _group(group: Group) -> Plain:
    return {"bool": {"filter": [*map(_phrase, group.wanted)], "must_not": [*map(_phrase, group.unwanted)]}}


def _phrase(phrase: Phrase) -> Plain:
    if not phrase.last:
        return {"match_phrase": {"words": " ".join(phrase.tokens)}}
    return _one_of([_begun(phrase), _ended(phrase)])


def _begun(phrase: Phrase) -> Plain:
    """The single last character stands before another one."""
    if not phrase.tokens:
        return {"prefix": {"words": f"{phrase.last}x"}}
    text = " ".join([*phrase.tokens, f"{phrase.last}x"])
    return {"match_phrase_prefix": {"words": {"query": text, "max_expansions": _BEGINNINGS}}}


def _ended(phrase: Phrase) -> Plain:
    """The single last character stands at a word's end."""
    return {"match_phrase": {"words": " ".join([*phrase.tokens, f"{phrase.last}_"])}}
