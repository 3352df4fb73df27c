"""What is left of a faulty file when its faulty parts are taken out, so that all other faults are found in the same go."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)
MISSING = "-"  # a name that stands in for a missing one
# What stands in for a missing part: it fits the form and has no fault of its own.
_STAND_IN: dict[str, Any] = {
    "title": "-", "channel": "other", "basis": "-", "start": ["http://x/"], "select": "*", "items": "*",
    "link": {"select": "*"}, "list": {"items": "*", "link": {"select": "*"}}, "name": MISSING, "law": [{"instrument": "-",
    "article": "-"}], "instrument": "-", "article": "-", "severity": 1, "department": "-", "address": "-", "id": "-",
    "post": {"fields": {"body": {"select": "*"}}}, "fields": {"body": {"select": "*"}}, "signals": [{"name": MISSING,
    "words": ["-"]}], "examples": {"flagged": ["-"] * 3, "clear": ["-"] * 3}, "pages": ["post"],
}  # fmt: skip
_ROUNDS = 8  # a part that is taken out may leave its holder wanting; forms are no deeper than this


def without_faults(plain: dict[str, Any], model: type[Model]) -> tuple[Model | None, set[str]]:
    """The rest as a record, or None; and the top fields in which something stands in for what was missing."""
    rest, invented = copy.deepcopy(plain), set[str]()
    for _ in range(_ROUNDS):
        try:
            return model.model_validate_json(json.dumps(rest, default=str)), invented
        except ValidationError as error:
            for item in error.errors():
                if not item["loc"]:
                    return None, invented
                if item["type"] == "missing":
                    invented.add(str(item["loc"][0]))
                _mend(rest, item["loc"], item["type"] == "missing")
    return None, invented


def _mend(rest: Any, where: Sequence[int | str], missing: bool) -> None:
    """Fill in the missing part, or take out the faulty one: the nearest key above, since lists must keep their places."""
    path = [holder for holder in _holders(rest, where) if isinstance(holder[0], dict)]
    if missing and path and path[-1][1] == where[-1]:
        holder, key = path[-1]
        holder[key] = _STAND_IN.get(str(key), "-")
    elif path:
        holder, key = path[-1]
        holder.pop(key, None)


def _holders(rest: Any, where: Sequence[int | str]) -> list[tuple[Any, int | str]]:
    """Each (holder, key) on the way; the way ends where the tree does (pydantic adds names of its own to a path)."""
    found: list[tuple[Any, int | str]] = []
    for key in where:
        if isinstance(rest, dict):
            found.append((rest, key))
            rest = rest.get(str(key))
        elif isinstance(rest, list) and isinstance(key, int) and key < len(rest):
            rest = rest[key]
        else:
            break
    return found
