"""Records made ready for any back-end: body, time and all under which they are to be found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from core.errors import BadInput
from core.model import Stored
from core.pairs import TOGETHER, pair_texts
from core.records import kind_of, to_json
from store.fields import FIELDS
from store.moments import microseconds


class Row(NamedTuple):
    """`body` is the record as one line of JSON; `time` whole microseconds since 1970; `sorts` the other numbers that
    records are ordered by; `tokens` character pairs; `flat_terms` field, value, field, value: rows are made by the million,
    and what holds few objects is cheap to collect.
    """

    kind: str
    id: str
    body: str
    time: int
    sorts: dict[str, int]
    region: str
    flat_terms: tuple[str, ...]
    tokens: str

    @property
    def terms(self) -> Iterator[tuple[str, str]]:
        """(field, value) pairs under which the record is found, each once."""
        each = iter(self.flat_terms)
        return zip(each, each, strict=True)


# Records whose texts are paired together: enough of short ones to fill `core.pairs.TOGETHER`, and a crowd of empty ones
# does not wait.
TOGETHER_RECORDS = 64


def ready(record: Stored) -> Row:
    """The row of a record. Raises BadInput for half a character (a lone surrogate): no database can hold it."""
    [row] = each_ready([record])
    if isinstance(row, BadInput):
        raise row
    return row


def each_ready(records: Iterable[Stored]) -> Iterator[Row | BadInput]:
    """The row of each, or why it has none; records are taken as rows are asked for, a few ahead."""
    begun: list[Row | BadInput] = []
    size = 0
    for record in records:
        one = _begun(record)
        begun.append(one)
        size += 0 if isinstance(one, BadInput) else len(one.tokens)
        if len(begun) == TOGETHER_RECORDS or size >= TOGETHER:
            yield from _paired(begun)
            begun, size = [], 0
    yield from _paired(begun)


def _begun(record: Stored) -> Row | BadInput:
    """All but the pairs: `tokens` is still the text."""
    kind = kind_of(record)
    fields = FIELDS[kind]
    try:
        row = Row(
            kind,
            record.id,
            to_json(record),
            microseconds(fields.time(record)),
            {name: number(record) for name, number in fields.sorts.items()},
            fields.region(record) or "",
            fields.flat_terms(record),
            fields.text(record),
        )
        row.id.encode()
        "".join(row.flat_terms).encode()
    except ValueError as error:
        return BadInput(f"{record.id!r} cannot be stored: {error}")
    return row


def _paired(begun: Sequence[Row | BadInput]) -> Iterator[Row | BadInput]:
    tokens = iter(pair_texts([row.tokens for row in begun if isinstance(row, Row)]))
    for row in begun:
        yield row._replace(tokens=next(tokens)) if isinstance(row, Row) else row
