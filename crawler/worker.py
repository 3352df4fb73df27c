"""Takes runs: one child process each, one run in it, nothing left behind when it dies.

In the child: Scrapy and browser on the reactor; the desk in one thread of its own, where all judging and
storing happens; the heartbeat in another.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from casework import clock, landing, retakes, runs
from casework.desk import open_desk
from casework.pictures import READ
from core.errors import Conflict, Unavailable, WangxunError
from core.model import Run, RunState
from core.settings import Settings
from core.source import Source
from crawler import supervision
from crawler.desk_thread import DeskThread
from crawler.egress import Egress
from crawler.gate import Gate
from crawler.health import Yield
from crawler.lifeline import Brake, Heartbeat
from crawler.memory import Memory
from crawler.outfit import Intake, Outfit, Tally
from crawler.politeness import Pacer
from crawler.settings import scrapy_settings, user_agent
from crawler.spider import PatrolSpider

log = logging.getLogger(__name__)
# For what waits from earlier outages, before a crawl and after it; the rest is the patrol's.
DRAIN_SECONDS = 60.0
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_DONE, _FAILED = 0, 1


def run_spider(settings: Settings, outfit: Outfit) -> str:
    """Runs the spider until it is done, and says why it ended (Scrapy's word: finished, shutdown, ...).

    Once in a process: Twisted's reactor does not start twice.
    """
    # These install the reactor when imported: a process that only starts children must stay without.
    from scrapy.crawler import AsyncCrawlerProcess

    class Crawls(AsyncCrawlerProcess):
        async def stop(self) -> None:
            outfit.ending.set()
            await super().stop()

    process = Crawls(scrapy_settings(settings, outfit.source, outfit.egress.url))
    crawler = process.create_crawler(PatrolSpider)
    supervision.watch(crawler, outfit)
    process.crawl(crawler, outfit=outfit)
    process.start()
    stats = crawler.stats
    assert stats is not None  # noqa: S101 - made by process.crawl; this tells the type checker
    return str(stats.get_value("finish_reason", "failed"))


def outfit(settings: Settings, source: Source, intake_: Intake, only: tuple[str, ...] = ()) -> Outfit:
    """The equipment of one run; without memory, so that every page is read in full."""
    pacer = Pacer(source.pace.delay)
    egress = Egress(Gate(settings.town), pacer, source.budget.body_bytes, strict=True)
    return Outfit(source, intake_, egress, pacer, user_agent(settings), Tally(Yield(source)), only)


def crawl(settings: Settings, source_id: str, run_id: str) -> int:
    """Crawls one source in this process; 0 unless the run failed. Raises Conflict when it is taken, StoreAway."""
    brake, memory = Brake(), None
    desk = DeskThread(settings, source_id, brake)
    try:
        run = desk.now(runs.start, run_id)
        source = desk.desk.catalog.source(source_id)
        kit = _kit(settings, source, desk, run)
        if not run.target:  # one address that somebody wants to have looked at is always read in full
            memory = Memory(settings.data / "pages" / f"{source_id}.sqlite3", desk.desk)
            kit = replace(kit, memory=memory)
        with Heartbeat(desk.desk, run_id, lambda: dict(kit.tally.counts), brake):
            _drain(desk)
            with brake:
                reason = "shutdown" if brake.pulled else run_spider(settings, kit)
            if (
                brake.pulled or reason != "shutdown"
            ):  # told to end: whoever waits kills it after half a minute
                _drain(desk)
        if brake.pulled and brake.state is None:
            raise Conflict(brake.why)
        _tell_pictures(kit.tally, desk.desk.pictures.counts)
        state = _braked(kit.tally, brake) or _state(source, run, kit.tally, reason)
        desk.now(runs.end, run, state, dict(kit.tally.counts), tuple(kit.tally.troubles))
    finally:
        if memory:
            memory.close()
        desk.close()
    return _FAILED if state == "failed" else _DONE


def _kit(settings: Settings, source: Source, desk: DeskThread, run: Run) -> Outfit:
    """The equipment by the run's kind: a whole source, one address, or what one finding lacks."""
    only = (run.target,) if run.target and run.kind != "retake" else ()
    again = desk.now(retakes.lacking, run.target or "") if run.kind == "retake" else None
    return replace(outfit(settings, source, desk, only), clock=clock.facts(settings.clock), again=again)


def _drain(desk: DeskThread) -> None:
    """What waits lands before newer news, and at the end what this crawl itself left waiting."""
    try:
        desk.now(landing.drain, DRAIN_SECONDS)
    except Unavailable as error:
        log.warning("the spool: %s", error)


def _braked(tally: Tally, brake: Brake) -> RunState | None:
    if waited := tally.counts["waiting"]:
        tally.trouble("warning", f"资料库中断过，{waited} 条先存在本机，恢复后自动入库", kept=True)
    if brake.pulled:
        tally.trouble("error", brake.why, kept=True)
    return brake.state


def _tell_pictures(tally: Tally, counts: Mapping[str, int]) -> None:
    """What became of the posts' pictures: how many were read, and why others were not."""
    for cause, number in counts.items():
        if cause in READ:
            tally.counts[f"pictures_{cause}"] = number
        else:
            tally.counts["pictures_unread"] += number
            tally.trouble("warning", f"{number} 张图片未识别：{cause}", kept=True)


def _state(source: Source, run: Run, tally: Tally, reason: str) -> RunState:
    if reason == "shutdown":
        return "cancelled"
    if not any(tally.counts[name] for name in ("pages", "looks", "parts")):
        tally.trouble("error", "一页也没有读到")
        return "failed"
    if reason != "finished":
        tally.trouble("warning", f"提前结束：{reason}")
        return "suspect"
    least, most = source.expect.posts
    faults = tally.fields.faults() if run.kind == "crawl" else []
    if broken := tally.counts["broken"]:
        faults.append(f"{broken} 页读取时程序出错，没有读成")
    if run.kind == "crawl" and not least <= tally.counts["posts"] <= most:
        faults.append(f"读到 {tally.counts['posts']} 条，预期 {least} 至 {most} 条")
    for fault in faults:
        tally.trouble("warning", fault, kept=True)
    return "suspect" if faults else "done"


def _environment(settings: Settings) -> dict[str, str]:
    """The settings for a child. Not by arguments: those are readable by everybody (ps)."""
    values = dict(os.environ)
    for name in type(settings).model_fields:
        value: Any = getattr(settings, name)
        plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
        if plain is not None and str(plain) != "":
            values[f"WANGXUN_{name.upper()}"] = str(plain)
    return values


def run_in_child(settings: Settings, run_id: str, niceness: int = 0) -> int:
    """Crawls in a child process; its exit code. The child and its browser die with this process.

    `niceness` (nice(2), 0 to 19) lets others go first where processors are few.
    """
    command = [sys.executable, "-m", "crawler.worker", run_id, str(os.getpid()), str(niceness)]
    child = subprocess.Popen(command, env=_environment(settings), process_group=0)
    try:
        return child.wait()
    finally:
        if child.poll() is None:
            # Interrupted here: let it end its run, then make sure of the whole group.
            os.killpg(child.pid, signal.SIGTERM)
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(timeout=30)  # long enough to hand in what is queued; the run is taken up again anyhow
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def die_with(parent: int) -> None:
    """This process gets SIGKILL when `parent` ends, also when that was killed itself."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the line above: nobody would tell us any more
        os._exit(_FAILED)


def main(arguments: Sequence[str]) -> int:
    """`python -m crawler.worker RUN_ID [PARENT_PID [NICENESS]]`: crawls that run's source."""
    if len(arguments) > 1:
        die_with(int(arguments[1]))
    os.nice(int(arguments[2]) if len(arguments) > 2 else 0)
    settings = Settings()
    try:
        return crawl(settings, _source_of(settings, arguments[0]), arguments[0])
    except WangxunError as error:
        print(error, file=sys.stderr)
        return _FAILED


def _source_of(settings: Settings, run_id: str) -> str:
    desk = open_desk(settings)
    try:
        return runs.load(desk, run_id).source_id or ""
    finally:
        desk.close()


if __name__ == "__main__":
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    for handler in logging.getLogger().handlers:
        handler.setLevel(logging.ERROR)  # at the handler, because Scrapy sets its own loggers to DEBUG
    sys.exit(main(sys.argv[1:]))
