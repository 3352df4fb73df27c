"""Templates with what every page needs: escaping on, Chinese labels, times in China, what waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from api import marks, neighbours
from api.auth import Visitor, the_desk
from api.filters import CHINA
from api.security import came_from
from api.web import words
from casework import officers
from casework.desk import Desk
from casework.labels import LABELS, UNQUOTED
from core.errors import WangxunError
from core.mask import may_decide
from core.regions import load_regions

_ENVIRONMENT = Environment(
    loader=PackageLoader("api.web", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def local(moment: datetime | None) -> str:
    """A time as an officer reads it, in China's time zone."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if moment else "—"


def clock(moment: datetime | None) -> str:
    """Its time of day alone."""
    return moment.astimezone(CHINA).strftime("%H:%M") if moment else "—"


def ended(moment: datetime | None, started: datetime | None) -> str:
    """When something ended: of the day on which it began the time alone, else with its day."""
    same_day = local(moment)[:10] == local(started)[:10]
    return clock(moment) if same_day else local(moment)


def kilobytes(size: int) -> str:
    """A size in words; whole numbers, because nobody weighs files."""
    if size < 1024:
        return f"{size} 字节"
    return f"{size // 1024:,} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:,.1f} MB"


def people(desk: Desk, accounts: Iterable[str]) -> dict[str, str]:
    """Names of accounts; a closed account keeps its account name."""
    known = {account: officers.current(desk, account) for account in set(accounts)}
    return {account: officer.name if officer else account for account, officer in known.items()}


_ENVIRONMENT.filters |= {
    "local": local, "clock": clock, "ended": ended, "kilobytes": kilobytes, "region_name": load_regions().full_name,
    "trouble": words.trouble, "action": words.action, "unread": words.unread,
}  # fmt: skip
_ENVIRONMENT.globals |= {
    "labels": LABELS,
    "marks": marks,
    "look_notes": words.LOOK_NOTES,
    "unquoted": UNQUOTED,
}


def page(
    request: Request,
    template: str,
    facts: Mapping[str, object],
    visitor: Visitor | None = None,
    status: int = 200,
) -> HTMLResponse:
    """One page drawn with these facts; what its head line says is added."""
    frame: dict[str, object] = {
        "visitor": visitor,
        "here": request.url.path,
        "again": _again(request),
        "now": datetime.now(UTC),
        "waiting": _waiting(request, visitor),
        "may_decide": visitor is not None and may_decide(visitor.actor),
    }
    text = _ENVIRONMENT.get_template(template).render(frame | dict(facts))
    return HTMLResponse(text, status_code=status)


def _again(request: Request) -> str:
    """This page with its filters; for the answer to a form, which cannot be asked for again, the page that sent it."""
    if request.method != "GET":
        return came_from(request)
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _waiting(request: Request, visitor: Visitor | None) -> int | None:
    """The length of the queue for the head line; None when nobody is signed in or the store is away."""
    if visitor is None:
        return None
    try:
        return neighbours.waiting(the_desk(request), visitor.actor, "unsure")
    except WangxunError:
        return None  # the page itself says what is wrong; its head line must not stand in the way
