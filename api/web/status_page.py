"""How the system stands: a page and an answer for monitors that need neither store nor sign-in."""

from __future__ import annotations

import threading
import time

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from api.auth import TheDesk
from api.web.render import page
from casework import standing
from casework.desk import Desk

router = APIRouter()
# Everybody may ask, also without an account: for so many seconds the same answer is given.
FRESH_SECONDS = 5.0


class Board:
    """The last look at how things stand; one looks, the others read."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._turn = desk, threading.Lock()
        self._last: tuple[float, standing.Standing] | None = None

    def read(self) -> standing.Standing:
        """How things stand, not older than FRESH_SECONDS."""
        with self._turn:
            now = time.monotonic()
            if self._last is None or now - self._last[0] > FRESH_SECONDS:
                self._last = (now, standing.look(self._desk))
            return self._last[1]


def _board(request: Request, desk: Desk) -> Board:
    state = request.app.state
    if not hasattr(state, "board"):
        state.board = Board(desk)
    board: Board = state.board
    return board


@router.get("/status")
def status(request: Request, desk: TheDesk) -> HTMLResponse:
    """In plain words: what works, what does not, and that nothing is lost."""
    return page(request, "status.html", {"standing": _board(request, desk).read()})


@router.get("/api/status")
def status_for_monitors(request: Request, desk: TheDesk) -> JSONResponse:
    """200 while the site can be worked with, 503 while the store is away; how many records wait, and since when."""
    seen = _board(request, desk).read()
    oldest = seen.waits.oldest.isoformat() if seen.waits and seen.waits.oldest else None
    facts = {
        "store": seen.store,
        "waiting": seen.waits.records if seen.waits else None,
        "waiting_since": oldest,
        "put_aside": len(seen.waits.aside) if seen.waits else None,
    }
    return JSONResponse(facts, status_code=503 if seen.store == "away" else 200)
