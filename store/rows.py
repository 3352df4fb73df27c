"""A record made ready for any back-end: its body, its time and all under which it is to be found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.errors import BadInput
from core.model import Stored
from core.records import kind_of, to_json
from core.text import pair_text
from store.fields import FIELDS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """`body` is the record as one line of JSON; `time` whole microseconds since 1970; `tokens` character pairs."""

    kind: str
    id: str
    body: str
    time: int
    region: str
    terms: frozenset[tuple[str, str]]
    tokens: str


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
            region=fields.region(record) or "",
            terms=frozenset(fields.terms(record)),
            tokens=pair_text(fields.text(record)),
        )
        row.id.encode()
        "".join(value for _, value in row.terms).encode()
    except ValueError as error:
        raise BadInput(f"{record.id!r} cannot be stored: {error}") from error
    return row


def microseconds(moment: datetime | None) -> int:
    """Whole microseconds since 1970, exact (a float would round); 0 for kinds without a time."""
    return 0 if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)
