"""Query parameters that a JSON route does not know are refused: a misspelt filter would answer with everything."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant

from core.errors import BadInput


def only_known(request: Request) -> None:
    """A dependency of all JSON routes. Raises BadInput, in words for officers, naming what is known."""
    known = set(_names(request.scope["route"].dependant))
    if unknown := sorted(request.query_params.keys() - known):
        offered = f"可用的有：{'、'.join(sorted(known))}" if known else "这里没有参数"
        raise BadInput(f"没有“{unknown[0][:40]}”这个参数；{offered}")


def _names(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for below in dependant.dependencies:
        yield from _names(below)
