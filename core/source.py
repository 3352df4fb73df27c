"""Source: a watched place as data - where, how to read it, how politely, on what authority, what to expect."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.model import Channel, Record

Cleaner = Literal[
    "text", "lines", "chinese_date", "price", "absolute_url", "integer", "strip_label", "html", "contact"
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


class PostRule(Record):
    """A post page; `posts` selects the elements when a page holds several (forum floors), else the page is the post."""

    format: Literal["html", "json", "json_ld"] = "html"
    posts: str | None = None
    fields: dict[
        Literal[
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
        ],
        FieldRule,
    ]
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
    """What a healthy run yields: number of posts, and the least share of posts that have a field."""

    posts: tuple[int, int] = (1, 1_000_000)
    fields: dict[str, float] = Field(default_factory=dict)


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
