"""What a run is equipped with: its source, its way out, its pace, its tally, and what it needs of casework."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Protocol

from core.model import Capture, Post, Trouble
from core.source import Source
from crawler.egress import Egress
from crawler.politeness import Pacer

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

    async def pending_looks(self) -> Sequence[tuple[str, str]]:
        """Findings of this source that still wait for their second look, and their addresses."""
        ...


@dataclass
class Tally:
    """How a run goes: read by the heartbeat while the spider writes it."""

    counts: Counter[str] = field(default_factory=Counter)
    troubles: list[Trouble] = field(default_factory=list)

    def trouble(self, level: Literal["info", "warning", "error"], said: str, url: str | None = None) -> None:
        """Notes something for the run's record."""
        if len(self.troubles) < MOST_TROUBLES:
            self.troubles.append(Trouble(level=level, text=said, url=url, at=datetime.now(UTC)))


@dataclass(frozen=True)
class Outfit:
    """What a run is equipped with; `only` names the one post page of a visit."""

    source: Source
    intake: Intake
    egress: Egress
    pacer: Pacer
    agent: str
    tally: Tally
    only: tuple[str, ...] = ()
