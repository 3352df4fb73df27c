"""A record made ready for any back-end: its body, its time and all under which it is to be found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from core.errors import BadInput
from core.model import Stored
from core.records import kind_of, to_json
from core.text import pair_text
from store.fields import FIELDS
from store.moments import microseconds


@dataclass(frozen=True, slots=True)  # slots: made by the million in an import
class Row:
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


def ready(record: Stored) -> Row:
    """The row of a record. Raises BadInput for half a character (a lone surrogate): no database can hold it."""
    kind = kind_of(record)
    fields = FIELDS[kind]
    try:
        row = Row(
            kind=kind,
            id=record.id,
            body=to_json(record),
            time=microseconds(fields.time(record)),
            sorts={name: number(record) for name, number in fields.sorts.items()},
            region=fields.region(record) or "",
            flat_terms=tuple(chain.from_iterable(fields.terms(record))),
            tokens=pair_text(fields.text(record)),
        )
        row.id.encode()
        "".join(row.flat_terms).encode()
    except ValueError as error:
        raise BadInput(f"{record.id!r} cannot be stored: {error}") from error
    return row
