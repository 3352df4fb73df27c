"""Leading on after a form, so that a reload never sends it twice."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi.responses import RedirectResponse


def go(address: str, **fields: str) -> RedirectResponse:
    """Lead on to an address of ours, with these fields behind it; empty ones are left out."""
    query = urlencode({name: value for name, value in fields.items() if value})
    return RedirectResponse(f"{address}?{query}" if query else address, status_code=303)


def list_address(back: str) -> str:
    """The list that an officer came from. `back` is the query part of the findings' address, or the address of the
    queue or of a case; whatever else is refused."""
    if not back.isprintable():
        return "/findings"
    if back.startswith(("/queue", "/cases/")):
        return back
    return f"/findings{back}" if back.startswith("?") else "/findings"
