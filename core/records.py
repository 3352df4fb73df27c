"""Stored records to text and back, older shapes included."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from core.errors import BadInput
from core.model import KINDS, Stored

# (kind, schema number) -> function that turns such a record's plain form into the next number's.
UPGRADES: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {
    # Text of pictures and notes came with schema 2: older findings have none.
    ("finding", 1): lambda plain: plain | {"schema_number": 2},
    # Nobody wrote down before schema 3 that a post was gone, nor looked for elements and absent counter-evidence.
    ("finding", 2): lambda plain: plain | {"schema_number": 3},
    # Nobody could say with a decision, before schema 4, which violations the post shows.
    ("finding", 3): lambda plain: plain | {"schema_number": 4},
    # References to other evidence, and addresses of missing parts, came with schema 2.
    ("evidence", 1): lambda plain: plain | {"schema_number": 2},
}


_NAMES: dict[type[Stored], str] = {model: name for name, model in KINDS.items()}


def kind_of(record: Stored) -> str:
    """The name under which a Store keeps records of this type."""
    return _NAMES[type(record)]


def to_json(record: Stored) -> str:
    """One line of JSON."""
    return record.model_dump_json()


def from_json(kind: str, text: str) -> Stored:
    """The record of that kind, upgraded step by step to today's shape.

    Raises BadInput when the text is no such record, or was written by a newer version than this one.
    """
    model = KINDS[kind]
    newest = model.model_fields["schema_number"].default
    # Nearly all are of today's shape: read once, since every search reads a page of records.
    with suppress(ValueError):
        record = model.model_validate_json(text)
        if record.schema_number == newest and "schema_number" in record.model_fields_set:
            return record
    try:
        plain = json.loads(text)
        while plain.get("schema_number", 1) < newest:
            plain = UPGRADES[kind, plain.get("schema_number", 1)](plain)
        if plain.get("schema_number", 1) > newest:
            raise BadInput(
                f"{kind} was written by a newer version (schema {plain['schema_number']}): update first"
            )
        return model.model_validate_json(json.dumps(plain))
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise BadInput(f"not a {kind} record: {error}") from error
