"""Source: a watched place as data - where, how to read it, how politely, on what authority, what to expect."""

from __future__ import annotations

from string import Formatter
from typing import Annotated, Literal

from pydantic import Field, model_validator

from core.model import Channel, Record

Cleaner = Literal[
    "text", "lines", "chinese_date", "price", "absolute_url", "integer", "strip_label", "html", "contact"
]
FieldName = Literal[
    "title",
    "body",
    "author",
    "contact",
    "price",
    "region",
    "published_at",
    "native_id",
    "pictures",
    "anchor",
]


class FieldRule(Record):
    """How to read one field: `select` is a CSS selector (html) or dotted path (json); `clean` are named cleaners in order."""

    select: str
    clean: tuple[Cleaner, ...] = ("text",)
    required: bool = False
    many: bool = False
    whole_page: bool = Field(
        False, description="Looked up in the whole page, and only for the first of several posts."
    )


class ListRule(Record):
    """A list page: `items` selects one element for each post, `link` its address within; `next` the next page."""

    format: Literal["html", "json"] = "html"
    items: str
    link: FieldRule
    next: FieldRule | None = None
    updated: FieldRule | None = Field(
        None,
        description="Text of a list entry that changes with every edit of its post; unchanged, the post is not asked for.",
    )


class RevealRule(Record):
    """A contact behind a click, as the data call that the click makes; asked for once a post, like a page.

    `address` names its parts in braces, `values` says where in the post each stands (no such part: nothing to
    reveal), and `contacts` gives for each label (电话, 微信, ...) where its number stands in the answer.
    """

    address: str
    values: dict[str, FieldRule] = Field(default_factory=dict)
    format: Literal["html", "json"] = "json"
    contacts: dict[str, FieldRule] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_part_has_its_place(self) -> RevealRule:
        try:
            named = {name for _, name, _, _ in Formatter().parse(self.address) if name is not None}
        except ValueError as error:
            raise ValueError(f"bad address {self.address!r}: {error}") from error
        if named != self.values.keys():
            raise ValueError(
                f"address names {sorted(named)}, values are {sorted(self.values)}: make them the same"
            )
        return self


class PostRule(Record):
    """A post page; `posts` selects the elements when a page holds several (forum floors), else the page is the post."""

    format: Literal["html", "json", "json_ld"] = "html"
    posts: str | None = None
    fields: dict[FieldName, FieldRule]
    reveal: RevealRule | None = None
    picture: str | None = Field(None, description="Selector of the post alone, for its own picture.")


class BrowserRule(Record):
    """Only where a page needs it: what to wait for, how often to scroll, what to click. For which pages."""

    pages: tuple[Literal["list", "post"], ...]
    wait_for: str | None = None
    scroll: int = Field(0, ge=0, le=200, description="At most so many times to the end of the page.")
    click: str | None = None


class Pace(Record):
    """Seconds between any two requests to one host, page requisites included."""

    delay: float = Field(5.0, gt=0)
    reason: str | None = Field(None, description="Why the pace departs from the default.")


class Agreement(Record):
    """A written agreement of the site's owner to be patrolled."""

    reference: str
    date: str


class Budget(Record):
    """Bounds of one run: pages, bytes of one body, minutes."""

    pages: int = Field(500, gt=0)
    body_bytes: int = Field(
        8_000_000, gt=0, description="Real ad pages stay under 2 MB; 8 MB leaves room for pictures."
    )
    minutes: float = Field(60, gt=0)


class Schedule(Record):
    """Cron times in a named time zone."""

    cron: tuple[str, ...] = ()
    timezone: str = "Asia/Shanghai"


class Expect(Record):
    """What a healthy run yields: number of posts, and the least share (0 to 1) of posts that have a field."""

    posts: tuple[int, int] = (1, 1_000_000)
    fields: dict[FieldName, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)


class Source(Record):
    """A watched place; id is the file's name."""

    id: str
    title: str
    channel: Channel
    region: str | None = None
    basis: str
    access: Literal["public"] = "public"
    start: tuple[str, ...] = Field(min_length=1)
    pace: Pace = Pace()
    robots: Literal["obey"] | Agreement = "obey"
    budget: Budget = Budget()
    schedule: Schedule = Schedule()
    list: ListRule
    post: PostRule
    browser: BrowserRule | None = None
    expect: Expect = Expect()

    @model_validator(mode="after")
    def _expects_what_it_reads(self) -> Source:
        if unread := sorted(self.expect.fields.keys() - self.post.fields.keys()):
            raise ValueError(
                f"expect.fields names {unread}, which post.fields does not read: add or remove them"
            )
        return self
