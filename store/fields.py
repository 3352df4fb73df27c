"""The one table of what can be filtered, counted, sorted and searched; all back-ends index from it.

A change here needs a migration that indexes anew (`store.sqlite_schema.MIGRATIONS`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.model import Finding, Stored
from core.text import judged_text
from store.moments import microseconds

# Extractors take their own kind's record; that the table pairs them rightly is tested, mypy cannot see it.
Values = Callable[[Any], Sequence[str | None]]


@dataclass(frozen=True)
class Fields:
    """Extractors of one kind. `time` orders, and so do the whole numbers of `sorts`; `region` is a division's code;
    `texts` are searched.
    """

    filters: dict[str, Values] = field(default_factory=dict)
    time: Callable[[Any], datetime | None] = lambda _: None
    sorts: dict[str, Callable[[Any], int]] = field(default_factory=dict)
    region: Callable[[Any], str | None] = lambda _: None
    texts: Values = lambda _: ()

    def flat_terms(self, record: Stored) -> tuple[str, ...]:
        """Field, value, field, value ...: under which the record is found, each pair once; empty values are not indexed."""
        found: list[str] = []
        for name, values in self.filters.items():
            several = values(record)
            for value in several if len(several) == 1 else dict.fromkeys(several):
                if value:
                    found += (name, value)
        return tuple(found)

    def text(self, record: Stored) -> str:
        """All searched text, one line for each part so that no word runs across two."""
        return "\n".join([text for text in self.texts(record) if text])


def _one(name: str) -> Values:
    """The extractor of a plain attribute."""
    return lambda record: (getattr(record, name),)


def _many(name: str) -> Values:
    """The extractor of an attribute that holds several values."""
    return lambda record: getattr(record, name)


def _plain(*names: str) -> dict[str, Values]:
    return {name: _one(name) for name in names}


def _time(name: str) -> Callable[[Any], datetime | None]:
    def moment(record: Any) -> datetime | None:
        value: datetime | None = getattr(record, name)
        return value

    return moment


def _finding_region(finding: Finding) -> str | None:
    region = finding.latest.verdict.region
    return region.code if region else None


def _finding_texts(finding: Finding) -> Sequence[str | None]:
    """What the post says, and the plain meaning of its code words: the plain word finds the disguised one."""
    latest = finding.latest
    meanings = {reason.meaning: None for item in latest.verdict.suspicions for reason in item.reasons}
    return (judged_text(latest.post), *meanings)


FIELDS: dict[str, Fields] = {
    "finding": Fields(
        filters={
            **_plain("source_id", "channel", "status", "second_look"),
            "code": _many("codes"),
            "role": lambda finding: (finding.latest.verdict.role,),
            "category": lambda finding: (finding.latest.verdict.category,),
            "region": lambda finding: (_finding_region(finding),),
            "contact_id": _many("contact_ids"),
        },
        time=_time("last_seen"),
        sorts={
            "first_seen": lambda finding: microseconds(finding.first_seen),
            # Whole millionths: equal scores stay equal on every back-end.
            "score": lambda finding: round(finding.latest.verdict.score * 1_000_000),
        },
        region=_finding_region,
        texts=_finding_texts,
    ),
    "sighting": Fields(filters=_plain("source_id", "decision", "rule_version"), time=_time("last_seen")),
    "evidence": Fields(filters=_plain("post_id", "look"), time=_time("captured_at")),
    "contact": Fields(filters={"kind": _one("kind"), "finding_id": _many("finding_ids")}),
    "operator": Fields(
        filters={"contact_id": _many("contact_ids"), "finding_id": _many("finding_ids")}, texts=_many("names")
    ),
    "case": Fields(
        filters={**_plain("state", "owner"), "finding_id": _many("finding_ids")},
        time=_time("opened_at"),
        texts=_one("title"),
    ),
    "dispatch": Fields(filters=_plain("case_id", "department"), time=_time("sent_at")),
    "lead": Fields(time=_time("received_at"), texts=_one("text")),
    "run": Fields(filters=_plain("source_id", "state", "kind"), time=_time("planned_at")),
    "lease": Fields(filters=_plain("run_id"), time=_time("expires_at")),
    "audit": Fields(filters=_plain("officer", "target", "action", "day"), time=_time("at")),
    "officer": Fields(filters=_plain("role", "department"), texts=_one("name")),
    "hold": Fields(filters=_plain("state"), time=_time("changed_at")),
    "heads": Fields(
        filters={"digest": _one("digest"), "piece": lambda part: (str(part.piece),)}, time=_time("at")
    ),
}
