"""Exports for officers: asked for here, made one after the other beside the pages, kept for an hour."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

from api.auth import Visitor
from casework import orders
from casework.desk import Desk
from casework.handing import Bench
from casework.orders import Job, Wish
from core.errors import Conflict, NotFound

# Seconds that the answer to a form waits: a few findings are done by then, and nobody sees a page that says "wait".
PATIENCE = 2.0


def bench_of(app: FastAPI) -> Bench:
    """The application's one bench."""
    bench: Bench = app.state.bench
    return bench


def ask(app: FastAPI, desk: Desk, visitor: Visitor, wish: Wish) -> Job:
    """Ask for a bundle, and wait a little for it. Raises BadInput, NotAllowed, NotFound, Unavailable."""
    job = orders.ask(desk, visitor.officer, wish)
    bench = bench_of(app)
    bench.put(job.name)
    bench.wait(PATIENCE)
    return orders.find(desk, visitor.officer.id, job.name)


def find(desk: Desk, visitor: Visitor, name: str) -> Job:
    """How an export of this officer's stands. Raises NotFound: gone after its hour, or another's."""
    return orders.find(desk, visitor.officer.id, name)


def file_of(desk: Desk, visitor: Visitor, name: str) -> tuple[Job, Path]:
    """A bundle of this officer's and its file. Raises NotFound, Conflict while it is being made."""
    job = find(desk, visitor, name)
    if not job.ended:
        raise Conflict("证据包还在制作，请稍候再下载")
    if not job.ready:
        raise NotFound("证据包没有制作成，请回到导出页面查看原因")
    return job, orders.output(desk, job)
