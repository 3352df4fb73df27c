"""What a run is equipped with: its source, its way out, its pace, its tally, and what it needs of casework."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Protocol

from core.model import Capture, Post, Trouble
from core.source import Source
from crawler.egress import Egress
from crawler.health import Yield
from crawler.memory import Known
from crawler.politeness import Pacer
from crawler.reading import Fetched

# Troubles kept in a run's record: the first hundred tell what is wrong, a hundred thousand only fill it.
MOST_TROUBLES = 100


class Taken(Protocol):
    """What became of a post (casework.intake.Taken)."""

    @property
    def outcome(self) -> str: ...
    @property
    def finding_id(self) -> str | None: ...
    @property
    def needs_look(self) -> bool: ...


class Intake(Protocol):
    """What the spider needs of casework; every call waits without holding up the reactor."""

    async def take_in(self, post: Post, capture: Capture) -> Taken:
        """Judge and keep one post."""
        ...

    async def attach(self, finding_id: str, capture: Capture) -> None:
        """Add the second look."""
        ...

    async def miss(self, finding_id: str, cause: str) -> None:
        """The second look could not be had."""
        ...

    async def gone(self, url: str, status: int, capture: Capture, finding_id: str = "") -> None:
        """The page answered that it is not there: written down if a finding's post stood there."""
        ...

    async def keep_again(self, finding_id: str, refers_to: str, capture: Capture) -> None:
        """Seal what was fetched again for an earlier evidence."""
        ...

    async def pending_looks(self) -> Sequence[tuple[str, str]]:
        """Findings of this source that still wait for their second look, and their addresses."""
        ...


class Again(Protocol):
    """What a finding lacks and this run tries to get, alone (casework.retakes.Lacking)."""

    @property
    def finding_id(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def look(self) -> bool: ...
    @property
    def parts(self) -> Mapping[str, Sequence[str]]: ...


class Memory(Protocol):
    """What earlier runs know of pages (crawler.memory.Memory); a run without one reads every page in full."""

    async def known(self, url: str) -> Known | None:
        """What may be relied on now."""
        ...

    async def again(self, known: Known) -> None:
        """The page's posts were met once more, unchanged."""
        ...

    async def remember(self, url: str, known: Known) -> None:
        """The page has been read in full."""
        ...


@dataclass
class Tally:
    """How a run goes: read by the heartbeat while the spider writes it. `fields`: do the expected ones still come?"""

    fields: Yield
    counts: Counter[str] = field(default_factory=Counter)
    troubles: list[Trouble] = field(default_factory=list)

    def trouble(
        self,
        level: Literal["info", "warning", "error"],
        said: str,
        url: str | None = None,
        kept: bool = False,
    ) -> None:
        """Notes something for the run's record; `kept` stands for what is said of the whole run, last of all."""
        if kept or len(self.troubles) < MOST_TROUBLES:
            self.troubles.append(Trouble(level=level, text=said, url=url, at=datetime.now(UTC)))


@dataclass(frozen=True)
class Outfit:
    """What a run is equipped with; `witness` is shown every page.

    `clock`: how far this machine's clock may be trusted (`casework.clock.facts`), for the provenance sheet.
    `ending` is set when the run is told to end before it is done.
    `again` says what this run fetches and nothing else; `only` names the one post page of a visit, `lists` the list pages to begin with instead of all of the source's.
    """

    source: Source
    intake: Intake
    egress: Egress
    pacer: Pacer
    agent: str
    tally: Tally
    only: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    memory: Memory | None = None
    witness: Callable[[Fetched], None] | None = None
    clock: Mapping[str, str] = field(default_factory=dict)
    again: Again | None = None
    ending: asyncio.Event = field(default_factory=asyncio.Event)
