"""Templates with what every page needs: escaping on, Chinese labels, times in China."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from api import marks
from api.auth import Visitor
from api.filters import CHINA, region_name
from casework.labels import LABELS

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


def kilobytes(size: int) -> str:
    """A size in words; whole numbers, because nobody weighs files."""
    return f"{size} 字节" if size < 1024 else f"{size // 1024:,} KB"


_ENVIRONMENT.filters |= {"local": local, "kilobytes": kilobytes, "region_name": region_name}
_ENVIRONMENT.globals |= {"labels": LABELS, "marks": marks}


def page(
    request: Request, template: str, visitor: Visitor | None = None, status: int = 200, **facts: Any
) -> HTMLResponse:
    """One page drawn."""
    here = request.url.path
    text = _ENVIRONMENT.get_template(template).render(visitor=visitor, here=here, **facts)
    return HTMLResponse(text, status_code=status)
