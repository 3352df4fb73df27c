"""What was read, what we think of it, and what is kept of a look."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.model.words import Category, Channel, Code, Decision, LookKind, Moment, Record, Role, Stored, Text


class PictureLine(Record):
    """A line read in a picture: `left, top, width, height` in pixels of the picture as a reader sees it.

    `kind` is text (read by OCR) or code (what a QR or bar code says). `runs_on`: the sentence of the line before
    goes on here, so no break stands between them.
    """

    text: Text
    box: tuple[int, int, int, int]
    kind: Literal["text", "code"] = "text"
    runs_on: bool = False


class Picture(Record):
    """A picture of a post: its address and, once fetched, the SHA-256 of its bytes and what was read in it.

    `unread` says, in Chinese, why it was not read, or not all of it.
    """

    url: str
    sha256: str | None = None
    lines: tuple[PictureLine, ...] = ()
    unread: str | None = None

    @property
    def text(self) -> str:
        """The lines in the order of reading, a paragraph a line."""
        breaks = ("", *("" if line.runs_on else "\n" for line in self.lines[1:]))
        return "".join(gap + line.text for gap, line in zip(breaks, self.lines, strict=False))

    @property
    def worded(self) -> bool:
        """Whether a word or a number was read in it, and not only marks (as before 2026-11-22 was kept)."""
        return any(letter.isalnum() for line in self.lines for letter in line.text)


class Post(Record):
    """One advert as read. `contacts`, `price` and `region` are raw texts from fields of the page outside the body."""

    id: str
    source_id: str
    channel: Channel
    url: str
    native_id: str | None = None
    title: Text = ""
    body: Text
    author: Text | None = None
    contacts: tuple[Text, ...] = ()
    price: Text | None = None
    region: Text | None = None
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


class Element(Record):
    """One thing that a penalty clause asks for: `route` and `title` in Chinese, and where the text points to it.

    No `spans`: the text does not show it; `check` says, in Chinese, where an officer finds out.
    """

    route: str
    title: str
    spans: tuple[Span, ...] = ()
    check: str


class Entity(Record):
    """A thing named in the text. `value` is its plain form, `span` what stood there; `unit` is for prices.

    `kind` is an `EntityKind`; records of older versions may hold others.
    """

    kind: str
    value: str
    span: Span
    unit: str | None = None


class Region(Record):
    """An administrative division: 6-, 9- or 2-digit code as in `core/data/regions.csv.gz`, and its name."""

    code: str
    name: str


class Verdict(Record):
    """A suspicion with its reasons, never a fact. `counter` is counter-evidence found, `absent` what was looked for in vain.

    `elements` are those of the penalty clauses. `notes` say, in Chinese, what could not be taken into account (a
    picture that was not read) and why a post is left to people.
    """

    decision: Decision
    score: float
    suspicions: tuple[Suspicion, ...] = ()
    counter: tuple[Reason, ...] = ()
    absent: tuple[str, ...] = ()
    elements: tuple[Element, ...] = ()
    role: Role = "other"
    category: Category = "综合"
    subjects: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    region: Region | None = None
    entities: tuple[Entity, ...] = ()
    notes: tuple[str, ...] = ()
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
    """A file made by us from a look: `role` is a key of `casework.labels.ITEMS`, `how` one of `casework.labels.HOWS`."""

    role: str
    media_type: str
    content: bytes
    how: str


class Missing(Record):
    """A part that a look should have and has not, and why, in Chinese; `url` names a requisite that did not come."""

    role: str
    cause: str
    url: str | None = None


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
    """What is kept of one look; id is the SHA-256 of its canonical manifest in the vault.

    `look`: how the post was read first, the browser's look, parts fetched again, or the answer that it is gone.
    `refers_to` names the evidence whose missing parts were fetched again. Schema 2: `refers_to`, `Missing.url`.
    """

    schema_number: int = 2
    post_id: str
    url: str
    look: LookKind
    refers_to: str | None = None
    items: tuple[Item, ...]
    missing: tuple[Missing, ...] = ()
    captured_at: Moment
