"""The nouns of the system, frozen and strict: unknown fields are refused, times are timezone-aware UTC.

Stored kinds carry `schema_number`; `core.records` reads older ones. Ids are made from raw facts (`core.identity`),
never from cleaned text, because cleaning changes and ids must not.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

Channel = Literal[
    "tutor_site", "job_board", "housekeeping", "classified", "secondhand", "social", "forum", "chat_group",
    "short_video", "live", "life_service", "online_school", "online_course", "portal", "search", "navigation",
    "popup_ad", "consulting", "news", "gov", "message", "other",
]  # fmt: skip
Code = Literal[
    "ONE_TO_ONE", "CROWDFUNDED_TUTOR", "LIVE_IN_TUTOR", "HOME_TUTOR", "JOB_AD", "DISGUISED_NAME",
    "DAYCARE_TUTORING", "CAMP_TUTORING", "PRESCHOOL", "HIGH_SCHOOL", "IN_SERVICE_TEACHER", "UNLICENSED_ONLINE",
    "GHOST_INSTITUTION", "FALSE_PROMOTION", "FEE_VIOLATION", "COMPETITION", "OFF_SYLLABUS", "ADVERTISING",
    "VENUE", "ADMISSION_CONSULTING",
]  # fmt: skip
Decision = Literal["flagged", "unsure", "clear"]
Role = Literal["provider", "intermediary", "seeker", "other"]
Category = Literal["学科", "文化艺术", "体育", "科技", "综合"]
FindingStatus = Literal["flagged", "unsure", "confirmed", "rejected"]
SecondLook = Literal["pending", "done", "missing"]
RunKind = Literal["crawl", "visit", "lookback", "rejudge", "export", "import"]
RunState = Literal["queued", "running", "done", "suspect", "failed", "cancelled", "lost"]
OfficerRole = Literal["viewer", "reviewer", "supervisor", "administrator", "system"]


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]


class Record(BaseModel):
    """A frozen, strict value."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Stored(Record):
    """A record that a Store keeps: `id` is unique in its kind, `schema_number` tells its shape."""

    id: str
    schema_number: int = 1


class Picture(Record):
    """A picture of a post: its address and, once fetched, the SHA-256 of its bytes."""

    url: str
    sha256: str | None = None


class Post(Record):
    """One advert as read. `contacts`, `price` and `region` are raw texts from fields of the page outside the body."""

    id: str
    source_id: str
    channel: Channel
    url: str
    native_id: str | None = None
    title: str = ""
    body: str
    author: str | None = None
    contacts: tuple[str, ...] = ()
    price: str | None = None
    region: str | None = None
    pictures: tuple[Picture, ...] = ()
    published_at: Moment | None = None
    seen_at: Moment


class Span(Record):
    """Characters [start, end) of a post's judged text (`core.text.judged_text`), and what stands there."""

    start: int
    end: int
    text: str


class Reason(Record):
    """Why a code is suspected: signal name, quoted span, weight, plain meaning of code words, clause of law."""

    signal: str
    span: Span
    weight: float
    meaning: str | None = None
    clause: str | None = None


class Suspicion(Record):
    """One suspected violation with its probability-like score in [0, 1]."""

    code: Code
    score: float
    reasons: tuple[Reason, ...]


class Entity(Record):
    """A thing named in the text. `value` is its plain form, `span` what stood there; `unit` is for prices."""

    kind: str
    value: str
    span: Span
    unit: str | None = None


class Region(Record):
    """An administrative division: 6-, 9- or 2-digit code as in `core/data/regions.csv.gz`, and its name."""

    code: str
    name: str


class Verdict(Record):
    """A suspicion with its reasons, never a fact. `counter` is counter-evidence found."""

    decision: Decision
    score: float
    suspicions: tuple[Suspicion, ...] = ()
    counter: tuple[Reason, ...] = ()
    role: Role = "other"
    category: Category = "综合"
    subjects: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    region: Region | None = None
    entities: tuple[Entity, ...] = ()
    rule_version: str
    model_version: str

    @property
    def codes(self) -> tuple[Code, ...]:
        """Codes suspected, strongest first."""
        return tuple(item.code for item in self.suspicions)


class Sighting(Stored):
    """All that is kept of a clear post: id is the post's."""

    source_id: str
    url: str
    first_seen: Moment
    last_seen: Moment
    content_digest: str
    decision: Decision
    rule_version: str
    model_version: str


class Exchange(Record):
    """One request and its answer as received (Scrapy) or as rebuilt from DevTools (`rebuilt` says what was lost).

    `request_head` and `response_head` are raw HTTP/1.1 head bytes; `body` is as received, before unpacking.
    """

    url: str
    at: Moment
    request_head: bytes
    response_head: bytes
    body: bytes
    address: str | None = None
    rebuilt: str | None = None


class Artifact(Record):
    """A file made by us from a look: `role` is dom, screenshot, text, post_picture or provenance."""

    role: str
    media_type: str
    content: bytes
    how: str


class Missing(Record):
    """A part that a look should have and has not, and why."""

    role: str
    cause: str


class Capture(Record):
    """One look at a post, passing through: never stored whole."""

    url: str
    started_at: Moment
    ended_at: Moment
    exchanges: tuple[Exchange, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    missing: tuple[Missing, ...] = ()
    provenance: dict[str, str] = Field(default_factory=dict)


class Item(Record):
    """One kept file: digests in lower-case hex, size in bytes; `origin` is original or derived."""

    role: str
    sha256: str
    sm3: str | None
    size: int
    media_type: str
    origin: Literal["original", "derived", "redacted"]
    made_at: Moment
    how: str


class Evidence(Stored):
    """What is kept of one look; id is the SHA-256 of its canonical manifest in the vault."""

    post_id: str
    url: str
    look: Literal["first", "second"]
    items: tuple[Item, ...]
    missing: tuple[Missing, ...] = ()
    captured_at: Moment


class Review(Record):
    """An officer's decision on one version of a finding."""

    officer: str
    at: Moment
    outcome: Literal["confirmed", "rejected"]
    reason: str
    content_digest: str


class Version(Record):
    """One text of a post: what it said, how it was judged, what proves it."""

    content_digest: str
    post: Post
    verdict: Verdict
    evidence_ids: tuple[str, ...]
    seen_from: Moment
    seen_to: Moment


class Finding(Stored):
    """A flagged or unsure post and all that happened to it; id is the post's. The last version is the present one."""

    source_id: str
    channel: Channel
    url: str
    versions: tuple[Version, ...]
    status: FindingStatus
    second_look: SecondLook = "pending"
    second_look_cause: str | None = None
    decisions: tuple[Review, ...] = ()
    contact_ids: tuple[str, ...] = ()
    first_seen: Moment
    last_seen: Moment

    @property
    def latest(self) -> Version:
        """The present version."""
        return self.versions[-1]


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
    "officer": Officer,
}  # fmt: skip
