"""Crawls one source of the little town with an intake that only writes down; prints JSON. A program, since a reactor
starts once in a process: `python fake_run.py PORT SOURCE DELAY JUDGE MEMORY`, JUDGE "slow" or "", MEMORY a file or ""."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from casework.retakes import Lacking
from core.model import Capture, Post
from core.settings import Settings
from core.source import Source
from crawler import browser, egress, gate, visit
from crawler.memory import Known, PageFile
from crawler.worker import outfit, run_spider


@dataclass(frozen=True)
class Taken:
    outcome: str = "flagged"
    finding_id: str | None = None
    needs_look: bool = True


@dataclass
class Notes:
    patient: Callable[[], bool] = lambda: True  # a post's judgement is over when this holds
    posts: list[dict[str, object]] = field(default_factory=list)
    looks: list[dict[str, object]] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    absent: list[list[object]] = field(default_factory=list)
    again: list[list[object]] = field(default_factory=list)

    async def take_in(self, post: Post, capture: Capture) -> Taken:
        while not self.patient():  # noqa: ASYNC110 - what others count is no event
            await asyncio.sleep(0.05)
        heads = [item.response_head.decode() for item in capture.exchanges]
        bodies = [item.body.hex() for item in capture.exchanges[-1:]]
        told = {"heads": heads, "bodies": bodies, "urls": [item.url for item in capture.exchanges]}
        told["all"] = [item.body.hex() for item in capture.exchanges]
        told["sheet"] = capture.provenance
        told["missing"] = [f"{item.role}: {item.cause}" for item in capture.missing]
        self.posts.append(json.loads(post.model_dump_json()) | told)
        return Taken(finding_id=post.id)

    async def gone(self, url: str, status: int, capture: Capture, finding_id: str = "") -> None:
        self.absent.append([url, status, finding_id, [item.role for item in capture.artifacts]])

    async def keep_again(self, finding_id: str, refers_to: str, capture: Capture) -> None:
        urls = [item.url for item in capture.exchanges]
        self.again.append([finding_id, refers_to, urls, [[item.url, item.cause] for item in capture.missing]])

    async def attach(self, finding_id: str, capture: Capture) -> None:
        told = {"url": capture.url, "roles": [item.role for item in capture.artifacts]}
        told["text"] = next((item.content.decode() for item in capture.artifacts if item.role == "text"), "")
        told["missing"] = [[item.role, item.cause] for item in capture.missing]
        told["sheet"] = capture.provenance
        told["sizes"] = [
            png_size(item.content) for item in capture.artifacts if item.role.endswith("screenshot")
        ]
        told["exchanges"] = [
            [item.url, item.response_head.decode(), item.body.hex()] for item in capture.exchanges
        ]
        self.looks.append(told)

    async def miss(self, finding_id: str, cause: str) -> None:
        self.missed.append(cause)

    async def pending_looks(self) -> list[tuple[str, str]]:
        return []


def png_size(content: bytes) -> list[int]:
    return [int.from_bytes(content[start : start + 4], "big") for start in (16, 20)]


class FakeMemory:
    """Believes whatever was remembered: what may be believed is tested with a store (test_memory.py)."""

    def __init__(self, path: Path) -> None:
        self._file = PageFile(path)

    async def known(self, url: str) -> Known | None:
        return self._file.recall(url)

    async def again(self, known: Known) -> None:
        assert known.posts

    async def remember(self, url: str, known: Known) -> None:
        self._file.remember(url, known)


def text(select: str, *clean: str) -> dict[str, object]:
    return {"select": select, "clean": list(clean or ("text",))}


HREF = text("a::attr(href)", "absolute_url")
OFFER = {"title": text("h1"), "body": text("div.body", "lines")}


def site(name: str, **post: object) -> dict[str, Any]:
    return {
        "start": [f"http://{name}.test/"],
        "list": {"items": "li", "link": HREF},
        "post": {"fields": OFFER, **post},
    }


ASK = {
    "address": "/ask?id={id}", "values": {"id": text("button::attr(data-id)")},
    "contacts": {"电话": text("tel"), "微信": text("wx")},
}  # fmt: skip
OWN = {"select": "img.own::attr(src)", "clean": ["absolute_url"], "many": True}
SOURCES: dict[str, dict[str, Any]] = {
    "secure": site("secure") | {"start": ["https://secure.example/"]},
    "shut": site("shut"),
    "heavy": site("secure") | {"start": ["https://secure.example/heavy"]},
    "hard": site("hard"), "again": site("hard"), "busy": site("busy"), "severed": site("severed"),
    "held": site("held"), "marking": site("marking"), "framed": site("framed"),
    "isolated": site("framed"), "hidden": site("hidden", reveal=ASK),
    "tagged": site("tagged"), "said": site("tagged"),
    "pictured": site("pictured", fields=OFFER | {"pictures": OWN}) | {"browser": {"pages": ["post"]}},
    "ads": {
        "start": ["http://ads.test/list/1"], "list": {"items": "li", "link": HREF, "next": text("a.next::attr(href)")},
        "post": {"fields": {"title": text("h1"), "body": text("div.body", "lines"), "published_at": text(".when", "chinese_date")}},
    },
    "drawn": {
        "start": ["http://drawn.test/feed"], "list": {"items": "a.card", "link": text("::attr(href)", "absolute_url")},
        "post": {"fields": {"title": text("h1"), "body": text("p.text", "lines")}},
        "browser": {"pages": ["list", "post"], "wait_for": ".note.ready", "scroll": 9},
    },
    "forum": {
        "start": ["http://forum.test/b/1"], "list": {"items": "li", "link": HREF},
        "post": {"posts": "div.floor", "fields": {"title": {"select": "h1", "whole_page": True}, "body": text("div.text", "lines"),
                 "anchor": text("::attr(id)"), "author": text("a.who")}},
    },
}  # fmt: skip


SOURCES["said"]["list"] = SOURCES["said"]["list"] | {"updated": text("i")}


def source(name: str, delay: float) -> Source:
    common = {"id": name, "title": name, "channel": "forum", "basis": "test", "pace": {"delay": delay}}
    return Source.model_validate_json(
        json.dumps(common | {"budget": {"body_bytes": 2_000_000}} | SOURCES[name])
    )


class Brief(visit.Wish):
    """The same wish with less time for it."""

    @property
    def seconds(self) -> float:
        return 20.0


async def prepare_briefly(self: visit.Visit, page: Any, request: Any) -> None:
    if request.url.endswith("/p/forever"):
        self.wish = Brief(**vars(self.wish))
    await prepare(self, page, request)


prepare = visit.Visit._prepare

if __name__ == "__main__":
    port, name, delay = sys.argv[1], sys.argv[2], float(sys.argv[3])
    notes = Notes()
    settings = Settings(town=f"127.0.0.1:{port}")
    kit = outfit(settings, source(name, delay), notes)
    if len(sys.argv) > 4 and sys.argv[4] == "slow":  # a judge that is slower than all the rest of the site
        notes.patient = lambda: kit.tally.counts["captcha"] > 0
    if len(sys.argv) > 5 and sys.argv[5]:
        kit = replace(kit, memory=FakeMemory(Path(sys.argv[5])))
    if name == "isolated":  # as if a Chromium ignored the flag: the record must say what it lacks
        kept = (flag for flag in browser._FLAGS if "site-isolation" not in flag)
        browser._FLAGS = (*kept, "--site-per-process")
    if name == "again":  # a run that only tries again what an earlier look lacked
        parts = {
            "first": ("http://hard.test/i/1", "http://gone.invalid/2.png"),
            "second": ("http://hard.test/i/2",),
        }
        lack = Lacking("finding", "http://hard.test/p/many", True, parts)
        kit = replace(kit, again=lack)
    dialled, resolved = list[str](), list[str]()
    if name == "heavy":  # 40 parts at half a second each, and ten seconds for the whole page
        visit.LOAD_SECONDS, visit.REQUISITES = 10, 0
    if (
        name == "hard"
    ):  # the page that never ends has used its budget up sooner; the others take what they need
        visit.Visit._prepare = prepare_briefly  # type: ignore[method-assign]
    if name == "busy":  # the budgets of a page in seconds instead of minutes
        visit.LOAD_SECONDS, visit.REQUISITES, visit._FOR_KEEPING = 10, 0, 5.0
    if name in ("secure", "heavy"):
        # The last inch is the test's own: the name resolves to a public address, which is dialled on loopback.
        async def resolve(host: str, asked: int) -> list[str]:
            resolved.append(f"{host}:{asked}")
            return ["93.184.216.34"]

        async def dial(address: str, asked: int) -> egress.Streams:
            dialled.append(f"{address}:{asked}")
            return await egress.dial("127.0.0.1", int(port))

        way_out = egress.Egress(gate.Gate(resolver=resolve), kit.pacer, 2_000_000, dial, strict=True)
        kit, settings = replace(kit, egress=way_out), Settings()
        trusted = os.environ.get("TRUSTED_KEY", "")
        browser._FLAGS = (*browser._FLAGS, f"--ignore-certificate-errors-spki-list={trusted}")
    reason = run_spider(settings, kit)
    troubles = [f"{item.text} {item.url}" for item in kit.tally.troubles]
    told: dict[str, Any] = {
        "reason": reason,
        "counts": dict(kit.tally.counts),
        "troubles": troubles,
        "missed": notes.missed,
        "absent": notes.absent,
        "again": notes.again,
    }
    told |= {"dialled": dialled, "resolved": resolved}
    print("RESULT" + json.dumps(told | {"posts": notes.posts, "looks": notes.looks}))
