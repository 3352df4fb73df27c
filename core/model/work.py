"""Findings and the work on them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.model.holds import Hold
from core.model.post import Evidence, Post, Sighting, Verdict
from core.model.words import (
    Channel,
    Code,
    FindingStatus,
    Moment,
    OfficerRole,
    Record,
    RunKind,
    RunState,
    SecondLook,
    Stored,
)


class Review(Record):
    """An officer's decision on one version of a finding.

    `codes`: the violations that it shows, as he says; none where he did not say, and never with a rejection.
    """

    officer: str
    at: Moment
    outcome: Literal["confirmed", "rejected"]
    reason: str
    content_digest: str
    codes: tuple[Code, ...] = ()


class Version(Record):
    """One text of a post: what it said, how it was judged, what proves it."""

    content_digest: str
    post: Post
    verdict: Verdict
    evidence_ids: tuple[str, ...]
    seen_from: Moment
    seen_to: Moment


class Absence(Record):
    """The post's page was gone: the site's answer (HTTP 404 or 410), what proves it, and when it was back, if ever."""

    status: int
    seen_from: Moment
    seen_to: Moment
    evidence_ids: tuple[str, ...]
    back_at: Moment | None = None


class Finding(Stored):
    """A flagged or unsure post and all that happened to it; id is the post's. The last version is the present one.

    Schema 2: pictures carry what was read in them, verdicts carry notes. Schema 3: absences; verdicts carry the
    elements of the penalty clauses and the counter-evidence that was not found. Schema 4: decisions may name codes.
    """

    schema_number: int = 4
    source_id: str
    channel: Channel
    url: str
    versions: tuple[Version, ...]
    status: FindingStatus
    second_look: SecondLook = "pending"
    second_look_cause: str | None = None
    decisions: tuple[Review, ...] = ()
    contact_ids: tuple[str, ...] = ()
    absences: tuple[Absence, ...] = ()
    first_seen: Moment
    last_seen: Moment

    @property
    def latest(self) -> Version:
        """The present version."""
        return self.versions[-1]

    def naming(self, content_digest: str) -> Review | None:
        """The confirmation whose codes stand for the version with this digest: the last that named some.

        One that names none (many are confirmed at a time) takes nothing back; a rejection does.
        """
        for made in reversed(self.decisions):
            if made.content_digest == content_digest and (made.codes or made.outcome == "rejected"):
                return made if made.codes else None
        return None

    @property
    def codes(self) -> tuple[Code, ...]:
        """The violations that it counts for: as the officer who confirmed it says, else as the judge suspects."""
        made = self.naming(self.latest.content_digest)
        return made.codes if made else self.latest.verdict.codes

    @property
    def gone(self) -> Absence | None:
        """The absence that lasts, if the post was gone when it was last asked for."""
        return self.absences[-1] if self.absences and self.absences[-1].back_at is None else None


class Contact(Stored):
    """Something under which somebody offers: id is a keyed fingerprint; only the masked form is kept in clear."""

    kind: str
    masked: str
    finding_ids: tuple[str, ...] = ()


class Operator(Stored):
    """Who is behind posts."""

    names: tuple[str, ...] = ()
    contact_ids: tuple[str, ...] = ()
    finding_ids: tuple[str, ...] = ()


class Case(Stored):
    """Findings about one operator or matter."""

    title: str
    owner: str
    state: Literal["open", "closed"] = "open"
    finding_ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    opened_at: Moment


class Dispatch(Stored):
    """A case sent to a department."""

    case_id: str
    number: int
    department: str
    sent_at: Moment
    deadline: Moment | None = None
    receipt_at: Moment | None = None
    answer: str | None = None


class Lead(Stored):
    """A tip from a person."""

    text: str
    url: str | None = None
    received_at: Moment


class Trouble(Record):
    """One noteworthy event of a run."""

    level: Literal["info", "warning", "error"]
    text: str
    url: str | None = None
    at: Moment


class Run(Stored):
    """One piece of long work. `counts` are whole numbers by name (pages, posts, flagged, unsure, sealed …)."""

    kind: RunKind
    source_id: str | None = None
    target: str | None = None
    state: RunState
    planned_at: Moment
    started_at: Moment | None = None
    heartbeat_at: Moment | None = None
    ended_at: Moment | None = None
    counts: dict[str, int] = Field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()


class Lease(Stored):
    """Who may crawl a source now; id is the source's. Expires by itself, so a dead worker blocks nobody."""

    run_id: str
    expires_at: Moment


class AuditEntry(Stored):
    """Who did what to what, when and why; id is officer + day + number, `previous` the digest of the entry before."""

    officer: str
    day: str
    number: int
    at: Moment
    action: str
    target: str
    reason: str
    previous: str
    digest: str


class ListedHeads(Stored):
    """A piece of a daily list of custody heads, as the vault made it; id is `<number>:<piece>`, both from 1.

    `digest` is the SHA-256 of `header`, `lines` some of its lines in order; all pieces of one list carry the header.
    """

    number: int
    piece: int
    at: Moment
    digest: str
    header: str
    lines: str


class Officer(Stored):
    """Who may sign in; id is the account name, `region` the code of the division he may see (empty: all)."""

    name: str
    role: OfficerRole
    department: str
    region: str = ""
    password_hash: str
    active: bool = True


class Actor(Record):
    """On whose behalf something is done; what it may see is decided in `core/mask.py` and nowhere else."""

    officer: str
    role: OfficerRole
    region: str = ""
    reason: str = ""


SYSTEM = Actor(officer="system", role="system", reason="scheduled work")
KINDS: dict[str, type[Stored]] = {
    "sighting": Sighting, "evidence": Evidence, "finding": Finding, "contact": Contact, "operator": Operator,
    "case": Case, "dispatch": Dispatch, "lead": Lead, "run": Run, "lease": Lease, "audit": AuditEntry,
    "officer": Officer, "hold": Hold, "heads": ListedHeads,
}  # fmt: skip
