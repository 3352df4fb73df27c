"""Real store and vault, a tiny judge of the same protocol, and posts for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from casework.desk import Desk, keep_rules, open_desk
from core.catalog import Catalog, load_catalog
from core.model import (
    Actor,
    Artifact,
    Capture,
    Element,
    Entity,
    Exchange,
    Post,
    Reason,
    Region,
    Span,
    Suspicion,
    Verdict,
)  # fmt: skip
from core.rules import Violation
from core.settings import Settings
from core.text import judged_text
from evidence.vault import Vault
from store import open_store

SEEN = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
PHONE = "13812345678"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)


class TinyJudge:
    """Flags texts with 家教, is unsure of 托管, clears the rest."""

    rule_version = "rules-1"
    model_version = "model-1"

    def judge(self, post: Post) -> Verdict:
        text = judged_text(post)
        decision = "flagged" if "家教" in text else "unsure" if "托管" in text else "clear"
        place = text.find("家教")
        reasons = (Reason(signal="word", span=Span(start=place, end=place + 2, text="家教"), weight=1.0),)
        suspicions = (Suspicion(code="HOME_TUTOR", score=0.9, reasons=(*reasons, *self._quotes(text))),)
        return Verdict(
            decision=decision,  # type: ignore[arg-type]
            score=0.9,
            suspicions=suspicions if place >= 0 else (),
            region=Region(code="330106", name="西湖区") if "西湖" in text else None,
            entities=self._entities(text),
            absent=("面向成人",) if place >= 0 else (),
            elements=self._elements(text) if place >= 0 else (),
            rule_version=self.rule_version,
            model_version=self.model_version,
        )

    def _quotes(self, text: str) -> tuple[Reason, ...]:
        return tuple(Reason(signal="contact", span=item.span, weight=0.1) for item in self._entities(text))

    def _elements(self, text: str) -> tuple[Element, ...]:
        # A telephone number in a quotation must be masked like everywhere else.
        shown = tuple(item.span for item in self._entities(text))
        return (
            Element(route="擅自举办（第十七条）", title="未经审批", check="对照白名单"),
            Element(route="变相开展（第十八条）", title="一对一、一对多", spans=shown, check="核对排课表"),
        )

    def _entities(self, text: str) -> tuple[Entity, ...]:
        start = text.find(PHONE)
        if start < 0:
            return ()
        span = Span(start=start, end=start + len(PHONE), text=PHONE)
        return (Entity(kind="phone", value=PHONE, span=span),)


def make_post(body: str = f"上门家教，电话{PHONE}", native_id: str = "1", **changes: object) -> Post:
    fields: dict[str, object] = {
        "id": f"post{native_id}", "source_id": "town", "channel": "tutor_site", "native_id": native_id,
        "url": f"http://tutor.test/{native_id}", "title": "数学辅导", "body": body, "seen_at": SEEN,
    }  # fmt: skip
    return Post.model_validate(fields | changes)


def make_capture(picture: bool = False, url: str = "http://tutor.test/1") -> Capture:
    exchange = Exchange(
        url=url,
        at=SEEN,
        request_head=b"GET /1 HTTP/1.1\r\nHost: tutor.test\r\n\r\n",
        response_head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
        body=b"<script>alert(1)</script>",
    )
    shot = Artifact(role="screenshot", media_type="image/png", content=PNG, how="chromium")
    dom = Artifact(role="dom", media_type="text/html", content=b"<script>alert(2)</script>", how="chromium")
    return Capture(
        url=url,
        started_at=SEEN,
        ended_at=SEEN,
        exchanges=(exchange,),
        artifacts=(shot, dom) if picture else (),
    )


def actor(role: str = "reviewer", reason: str = "核查线索", region: str = "", officer: str = "wang") -> Actor:
    return Actor.model_validate({"officer": officer, "role": role, "reason": reason, "region": region})


@cache
def _violations() -> Mapping[str, Violation]:
    """The rules as they are shipped: they say how grave a code is."""
    return load_catalog(Path(__file__).resolve().parents[2] / "config").violations


def make_desk(data: Path, config: Path, store_url: str = "") -> Desk:
    """Without `store_url` on a file in `data`."""
    vault = Vault(data / "vault")
    settings = Settings(data=data, config=config, store=store_url)
    return Desk(
        store=open_store(settings.store_url),
        judge=TinyJudge(),
        vault=vault,
        catalog=Catalog(sources={}, violations=dict(_violations()), words=config / "words"),
        settings=settings,
        key=b"key",
        rules=keep_rules(vault, config),
    )


def today() -> str:
    return datetime.now(UTC).date().isoformat()


@contextmanager
def desk_of(settings: Settings) -> Iterator[Desk]:
    """The desk that a command opens by these settings, with the real judge."""
    desk = open_desk(settings)
    try:
        yield desk
    finally:
        desk.close()
