"""All pages: they call the same casework functions as the JSON routes."""

from __future__ import annotations

from fastapi import APIRouter

from api.web import (
    batch_pages,
    case_pages,
    change_pages,
    entry,
    export_pages,
    finding_pages,
    hold_pages,
    list_pages,
    run_pages,
    status_page,
)

router = APIRouter(include_in_schema=False)
for _part in (
    entry,
    list_pages,
    finding_pages,
    change_pages,
    hold_pages,
    batch_pages,
    case_pages,
    export_pages,
    run_pages,
    status_page,
):
    router.include_router(_part.router)
