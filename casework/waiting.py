"""What may have to wait in the spool: observations, not stored records, so that landing decides by what is true then."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from core.model import Actor, Capture, Evidence, Post, Run, RunState, Trouble, Verdict
from core.model.words import Moment, Record

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAME = re.compile(r"[0-9a-f]{32}\.([0-9]{20})\.[a-z]+")


class Observation(Record):
    """A post as it was met and judged. `evidence` is sealed already; without it `capture` has what to seal.

    A clear post has only its capture: texts of clear posts are not kept, but if it turns out to be the new text of a
    known finding, it must be proved. `seen_to` is the last time that this very text was met while it waits.
    """

    kind: Literal["post"] = "post"
    schema_number: Literal[1] = 1
    post: Post
    digest: str
    verdict: Verdict
    model_version: str
    contact_ids: tuple[str, ...] = ()
    evidence: Evidence | None = None
    capture: Capture | None = None
    seen_to: Moment

    @property
    def about(self) -> str:
        return self.post.id

    @property
    def moment(self) -> datetime:
        return self.post.seen_at

    def is_again(self, other: Observation) -> bool:
        """Whether both saw the same text and judged it by the same rules."""
        versions = (self.digest, self.verdict.rule_version, self.model_version)
        return versions == (other.digest, other.verdict.rule_version, other.model_version)


class Look(Record):
    """A second look at a finding that could not be loaded: whole, to be sealed with the finding's text."""

    kind: Literal["look"] = "look"
    schema_number: Literal[1] = 1
    finding_id: str
    capture: Capture

    @property
    def about(self) -> str:
        return self.finding_id

    @property
    def moment(self) -> datetime:
        return self.capture.started_at


class Parts(Record):
    """What was fetched again for an earlier evidence (`casework.retakes`)."""

    kind: Literal["parts"] = "parts"
    schema_number: Literal[1] = 1
    finding_id: str
    refers_to: str
    capture: Capture

    @property
    def about(self) -> str:
        return f"{self.finding_id} {self.refers_to}"

    @property
    def moment(self) -> datetime:
        return self.capture.started_at


class Absent(Record):
    """A page that answered that it is not there; whether a finding's post stood there is asked when it lands."""

    kind: Literal["gone"] = "gone"
    schema_number: Literal[1] = 1
    source_id: str
    url: str
    finding_id: str
    status: int
    capture: Capture

    @property
    def about(self) -> str:
        return f"{self.source_id} {self.url} {self.finding_id}"

    @property
    def moment(self) -> datetime:
        return self.capture.started_at


class Meeting(Record):
    """Posts that were met once more, unchanged."""

    kind: Literal["met"] = "met"
    schema_number: Literal[1] = 1
    post_ids: tuple[str, ...]
    at: Moment

    @property
    def about(self) -> str:
        return "\n".join(self.post_ids)

    @property
    def moment(self) -> datetime:
        return self.at


class Ending(Record):
    """The end of a run; `run` is the record as this worker began it, so that a later worker's run is not ended."""

    kind: Literal["end"] = "end"
    schema_number: Literal[1] = 1
    run: Run
    state: RunState
    counts: dict[str, int]
    troubles: tuple[Trouble, ...]
    at: Moment

    @property
    def about(self) -> str:
        return self.run.id

    @property
    def moment(self) -> datetime:
        return self.at


class Note(Record):
    """A line of the audit trail that could not be written, though what it tells of was done."""

    kind: Literal["audit"] = "audit"
    schema_number: Literal[1] = 1
    actor: Actor
    action: str
    target: str
    reason: str
    at: Moment

    @property
    def about(self) -> str:
        return f"{self.actor.officer} {self.action} {self.target}"

    @property
    def moment(self) -> datetime:
        return self.at


Waiting = Observation | Look | Parts | Absent | Meeting | Ending | Note
_ANY: TypeAdapter[Waiting] = TypeAdapter(Annotated[Waiting, Field(discriminator="kind")])


def to_bytes(record: Waiting) -> bytes:
    """As JSON."""
    return record.model_dump_json().encode()


def from_bytes(content: bytes) -> Waiting:
    """The record. Raises ValueError for what is none."""
    return _ANY.validate_json(content)


def key_of(about: str) -> str:
    """A file name's first part: all that waits of one post has the same. Half a SHA-256 never meets another."""
    return hashlib.sha256(about.encode()).hexdigest()[:32]


def name_of(record: Waiting) -> str:
    """The file name: what it is about, when it was seen (microseconds since 1970), what it is.

    The same record has the same name, so that putting it twice is putting it once.
    """
    return (
        f"{key_of(record.about)}.{(record.moment - _EPOCH) // timedelta(microseconds=1):020d}.{record.kind}"
    )


def seen_at(name: str) -> datetime | None:
    """The time in a file name; None in one that is not ours."""
    found = _NAME.fullmatch(name)
    return _EPOCH + timedelta(microseconds=int(found[1])) if found else None
