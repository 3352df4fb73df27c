"""`wangxun serve`, `patrol` and the standing part of `demo`: what runs until Ctrl-C."""

from __future__ import annotations

import logging
import secrets
import shutil
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from api.app import create_app
from casework import audit, landing, officers
from casework.desk import Desk, open_desk
from cli.common import out, own_folder
from cli.demo import TOWN_SOURCES, crawl_town, keep_up, report, stamping
from cli.town import running_town
from core.errors import Unavailable
from core.model import SYSTEM
from core.settings import Settings

log = logging.getLogger(__name__)
DEMO_ACCOUNT = "demo"
LANDING_SECONDS = 15.0  # before the site comes up, and each time after
TEND_SECONDS = 20.0  # between looks into the spool, as often as the patrol's


def listening(host: str, port: int) -> socket.socket:
    """A bound socket. Raises Unavailable when the port is taken."""
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise Unavailable(
            f"port {port} on {host} cannot be had ({error.strerror}): name another in WANGXUN_PORT"
        ) from error
    return bound


def serve(desk: Desk) -> None:
    """The officers' site in the foreground, until Ctrl-C."""
    bound = listening(desk.settings.host, desk.settings.port)
    repaired = tend(desk, repaired=False)
    out.print(f"http://{desk.settings.host}:{bound.getsockname()[1]}/")
    server = uvicorn.Server(uvicorn.Config(create_app(desk), log_level="warning"))
    stop = _ended_by_signal(server)
    tending = threading.Thread(target=_tend_until, args=(desk, stop, repaired), name="tending")
    tending.start()
    try:
        server.run(sockets=[bound])
    finally:
        stop.set()
        tending.join()


def _ended_by_signal(server: uvicorn.Server) -> threading.Event:
    """Set by Ctrl-C or a polite kill, which the server hears by itself while it runs and hands on when it has ended.

    Handed on to nobody, it would end the process before what waits in memory is put away.
    """
    stop = threading.Event()

    def end(*_: object) -> None:
        server.should_exit = True  # a signal that comes before the server listens to signals
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    return stop


def tend(desk: Desk, repaired: bool) -> bool:
    """Let what waits land and, unless `repaired`, add entries of decisions that a crash left out; False: not yet done.

    The patrol does the same: a site may stand on a machine without one.
    """
    try:
        landing.drain(desk, LANDING_SECONDS)
        if not repaired:
            audit.repair(desk)
    except Unavailable as error:
        log.warning("what waits for the store waits on: %s", error)
        return repaired
    return True


def _tend_until(desk: Desk, stop: threading.Event, repaired: bool) -> None:
    while not stop.wait(TEND_SECONDS):
        if not repaired or desk.spool.look().records:
            repaired = tend(desk, repaired)


@contextmanager
def site(desk: Desk) -> Iterator[str]:
    """The officers' site in a thread for the time of the block; yields its address."""
    try:
        bound = listening(desk.settings.host, desk.settings.port)
    except Unavailable:
        bound = listening(desk.settings.host, 0)  # a demo takes any free port rather than fail
    server = uvicorn.Server(uvicorn.Config(create_app(desk), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, name="site")
    thread.start()
    try:
        yield f"http://{desk.settings.host}:{bound.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join()


def fresh(settings: Settings, name: str) -> Settings:
    """The demo's own data folder, emptied first, unless WANGXUN_DATA names one, which is never emptied."""
    if settings.data != type(settings).model_fields["data"].default:
        own_folder(settings.data)
        return settings
    folder = Path("var") / name
    shutil.rmtree(folder, ignore_errors=True)
    own_folder(folder)
    return settings.model_copy(update={"data": folder})


def _demo_officer(desk: Desk) -> tuple[str, str]:
    password = secrets.token_urlsafe(9)  # 72 bits: made anew each time, so no demo ever has a known password
    account = f"{DEMO_ACCOUNT}-{secrets.token_hex(2)}"  # a kept data folder may hold earlier demos' accounts
    officers.add_officer(desk, SYSTEM, account, "演示人员", password, "supervisor", department="网信办")
    return account, password


def demo(settings: Settings, seed: int, day: str) -> None:
    """Town, site and crawl at once; stays until Ctrl-C."""
    with running_town(settings.data / "town", seed, day) as town, stamping(settings) as stamped:
        desk = open_desk(stamped.model_copy(update={"town": town.address, "sources": TOWN_SOURCES}))
        try:
            account, password = _demo_officer(desk)
            with site(desk) as address:
                out.print(
                    f"Officers' site: {address}   account: {account}   password: {password}", highlight=False
                )
                report(desk, town, crawl_town(desk, "crawl"))
                for fault in keep_up(desk):
                    out.print(f"FAULT {fault}", style="red", highlight=False, markup=False)
                out.print(
                    f"Open {address} (account {account}, password {password}); Ctrl-C ends.", highlight=False
                )
                until_stopped().wait()
        finally:
            desk.close()


def until_stopped() -> threading.Event:
    """An event that is set by Ctrl-C or a polite kill."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
