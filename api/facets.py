"""Counts beside the filters. A filter's own values are counted without it: they say what choosing another gives."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from api.filters import Filters
from casework import review
from casework.desk import Desk
from casework.labels import CHANNELS, CODES, ROLES, STATUSES
from casework.severities import at_least
from core.model import Actor
from core.regions import FILLERS, load_regions
from store.base import Query

# Field, heading, names of its values; in the order in which officers narrow down.
GROUPS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("status", "状态", STATUSES),
    ("code", "违规类型", CODES),
    ("channel", "频道", CHANNELS),
    ("role", "发帖人身份", ROLES),
)
REGIONS = 30  # divisions offered, the busiest; the search field takes any other
SHOWN = 8  # values of a field shown at once: all fields then fit one screen of 768 lines and a bit


@dataclass(frozen=True)
class Choice:
    """One value that may be chosen: `value` is empty for "take this filter away"."""

    value: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Group:
    """A field and its values, those that occur."""

    field: str
    title: str
    choices: tuple[Choice, ...]

    @property
    def first(self) -> tuple[Choice, ...]:
        """Those shown at once: the frequent ones and the chosen one."""
        return self.choices[:SHOWN]

    @property
    def more(self) -> tuple[Choice, ...]:
        """Those shown on demand."""
        return self.choices[SHOWN:]


def groups(desk: Desk, actor: Actor, filters: Filters, found: dict[str, dict[str, int]]) -> list[Group]:
    """All groups; `found` are the counts that came with the list. Raises what `review.search` raises."""
    rules = desk.catalog.violations.values()
    grave = at_least(filters.least, {}, rules)  # what is less grave could not be chosen beside it
    made = [
        _plain(
            field, title, {value: names[value] for value in names if value in grave.get(field, names)},
            getattr(filters, field), _counts(desk, actor, filters, field, found),
        )
        for field, title, names in GROUPS
    ]  # fmt: skip
    return [*made, _regions(filters.query(rules), found)]


def _counts(
    desk: Desk, actor: Actor, filters: Filters, field: str, found: dict[str, dict[str, int]]
) -> dict[str, int]:
    if not getattr(filters, field):
        return found.get(field, {})
    wider = replace(filters, **{field: ""}).query(desk.catalog.violations.values())
    asked = replace(wider, facets=(field,), per=None, limit=1, cursor=None)
    return review.counted(desk, actor, asked).facets[field]


def _plain(field: str, title: str, names: dict[str, str], chosen: str, counts: dict[str, int]) -> Group:
    choices = (
        Choice(value, name, counts.get(value, 0), value == chosen)
        for value, name in names.items()
        if counts.get(value) or value == chosen
    )
    return Group(field, title, tuple(sorted(choices, key=lambda item: (not item.chosen, -item.count))))


def _regions(query: Query, found: dict[str, dict[str, int]]) -> Group:
    """The divisions one step below the chosen one, and the chosen one itself."""
    here = load_regions().get(query.region).code if query.region else ""
    counts = found.get("region", {})
    below: Counter[str] = Counter()
    for code, count in counts.items():
        if step := _step(code, here):
            below[step] += count
    lower = [Choice(code, _own_name(code), count, False) for code, count in below.most_common(REGIONS)]
    above = [Choice(here, load_regions().full_name(here), sum(counts.values()), True)] if here else []
    return Group("region", "地区", (*above, *lower))


def _step(code: str, here: str) -> str:
    """The division of `code` one named step below `here`; "" when there is none."""
    lower = (part for part in load_regions().path(code) if len(part.code) > len(here))
    return next((part.code for part in lower if part.name not in FILLERS), "")


def _own_name(code: str) -> str:
    return load_regions().get(code).name
