"""What must be kept whatever its term: a legal hold, and how it came and went."""

from __future__ import annotations

from core.model.words import Moment, Record, Stored


class HoldChange(Record):
    """An officer set the hold (`held`) or lifted it, and why."""

    officer: str
    at: Moment
    reason: str
    held: bool


class Hold(Stored):
    """The hold on one finding or case: id is `finding:<id>` or `case:<id>`; the newest change counts."""

    changes: tuple[HoldChange, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether it must be kept now."""
        return bool(self.changes) and self.changes[-1].held

    @property
    def state(self) -> str:
        """What a search filters by: held or released."""
        return "held" if self.stands else "released"

    @property
    def changed_at(self) -> Moment | None:
        """When it was last set or lifted."""
        return self.changes[-1].at if self.changes else None
