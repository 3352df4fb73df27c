"""Where a page ended, as a text that a web page can carry."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from core.errors import BadInput

# SQLite's and Elasticsearch's whole numbers have 64 bits; a forged larger one would be a fault of the driver.
_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Place:
    """The last record's number in the order (its time, as a rule) and id; `view` names what a back-end holds open for the
    walk, if it does.
    """

    number: int
    id: str
    view: str = ""


def write_cursor(order: str, place: Place) -> str:
    """The place as a cursor of that order."""
    plain = json.dumps([order, place.number, place.id, place.view], ensure_ascii=True)
    return base64.urlsafe_b64encode(plain.encode()).decode()


def read_cursor(cursor: str, order: str) -> Place:
    """The place after which the next page begins. Raises BadInput for a forged or foreign cursor."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, RecursionError) as error:
        raise BadInput(f"not a cursor: {cursor!r}") from error
    if not isinstance(parts, list) or [type(part) for part in parts] != [str, int, str, str]:
        raise BadInput(f"not a cursor: {cursor!r}")
    if parts[0] != order or abs(parts[1]) > _LARGEST:
        raise BadInput(f"not a cursor for this order: {cursor!r}")
    return Place(*parts[1:])
