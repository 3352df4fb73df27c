"""Turns at sites that are held from asking until the answer begins."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack

Turn = Callable[[str], "AbstractAsyncContextManager[None] | None"]
# As at the egress: a site that does not begin to answer within a minute is no longer waited for.
_LONGEST_TURN = 60.0


class Turns:
    """The turns of one page's requests, by the id that each request keeps."""

    def __init__(self, turn: Turn) -> None:
        """`turn(url)` gives the site's turn, or None where nobody need wait."""
        self._turn = turn
        self._held: dict[str, AsyncExitStack] = {}
        self._endings: set[asyncio.Future[None]] = set()
        self._closed = False

    async def begin(self, request: str, url: str) -> None:
        """Waits for the turn and holds it."""
        if (turn := self._turn(url)) is None:
            return
        held = AsyncExitStack()
        await held.enter_async_context(turn)
        if self._closed:  # nobody would end it
            await held.aclose()
            return
        self._held[request] = held
        asyncio.get_running_loop().call_later(_LONGEST_TURN, self.end, request, held)

    def end(self, request: str, held: AsyncExitStack | None = None) -> None:
        """Lets the next one go; the watchdog (`held`) only when it is still that same turn."""
        if held is None or self._held.get(request) is held:
            turn = self._held.pop(request, None)
            if turn is not None:
                self.keep(asyncio.ensure_future(turn.aclose()))

    def keep(self, ending: asyncio.Future[None]) -> None:
        """Until it is done: the loop itself holds tasks only weakly."""
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    def close(self) -> None:
        """No turn begins any more."""
        self._closed = True

    def end_all(self) -> None:
        """The page was closed: what it still asked for will not be answered any more."""
        self.close()
        for request in list(self._held):
            self.end(request)
