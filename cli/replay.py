"""`wangxun replay`: shows captured pages offline by an installed replay tool, from an origin of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import psutil
import typer

from casework import replay as replaying
from cli import serving
from cli.common import NOT_THERE, fail, opened_desk, operator, out, read_settings, translated
from cli.replay_guard import Guard, free_port
from core import browsers
from core.errors import Unavailable
from core.settings import Settings

# pywb imports for a second or two; a cold disk has been seen to need twenty.
_START_SECONDS = 60.0
_TRIES = 3  # free ports that somebody else was quicker to take: once is rare already
_LOOK_SECONDS = 0.5  # between looks whether the window was closed
_TOOL = "wayback"
_MISSING = (
    "没有找到回放程序 wayback（pywb）。它是独立的 GPL 软件，请另行安装：python3 -m venv pywb && pywb/bin/pip install pywb==2.10.0，"
    "再设 WANGXUN_REPLAY_TOOL=pywb/bin/wayback"
)


def replay(
    bundle: Annotated[Path | None, typer.Argument(help="A bundle: ZIP or unpacked.")] = None,
    finding: Annotated[str | None, typer.Option(help="Instead: a finding, out of the vault.")] = None,
    port: Annotated[int, typer.Option(help="Port of the replay; 0 takes any free one.")] = 0,
    window: Annotated[
        bool,
        typer.Option("--window/--no-window", help="Open a browser that has no way out; else script is off."),
    ] = True,
) -> None:
    """Show captured pages offline until Ctrl-C. Example: wangxun replay bundle.zip"""
    if (bundle is None) == (finding is None):
        raise typer.BadParameter("name either a bundle or a finding")
    settings = read_settings()
    with translated(), tempfile.TemporaryDirectory(prefix="wangxun-replay-") as folder:
        tool = found_tool(settings)
        captures = _captures(settings, bundle, finding, Path(folder))
        with running(tool, Path(folder)) as tool_port:
            program = browsers.windowed(settings.browser) if window and _has_screen() else None
            guard = Guard(captures, tool_port, port, scripts=program is not None)
            threading.Thread(target=guard.serve_forever, daemon=True).start()
            _stay(program, guard, len(captures), Path(folder) / "profile")
            guard.shutdown()
            guard.server_close()


def _has_screen() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _stay(program: str | None, guard: Guard, count: int, profile: Path) -> None:
    stop = serving.until_stopped()
    if program is None:
        out.print(f"共 {count} 次取证。请在本机浏览器打开 {guard.url}，页面脚本不运行。", highlight=False)
        out.print("按 Ctrl-C 结束。")
        stop.wait()
        return
    out.print(f"共 {count} 次取证，已在不连接网络的浏览器窗口打开 {guard.url}", highlight=False)
    out.print("关闭窗口或按 Ctrl-C 结束。")
    # A Chromium of the replay's own: it knows no session, and has no way out. Its own sandbox cannot be had by root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    command = [program, *guard.flags, *sandbox, f"--user-data-dir={profile}", guard.url]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not stop.wait(_LOOK_SECONDS):
            pass  # the window is open
        process.terminate()


def found_tool(settings: Settings) -> str:
    """The replay program: the configured one, or the one in PATH."""
    tool = settings.replay_tool or shutil.which(_TOOL)
    if not tool or not shutil.which(tool):
        fail(_MISSING, NOT_THERE)
    return str(Path(tool).absolute()) if "/" in tool else tool


def _captures(
    settings: Settings, bundle: Path | None, finding: str | None, folder: Path
) -> list[replaying.Capture]:
    if bundle is not None:
        return replaying.from_bundle(bundle, folder)
    with opened_desk(settings) as desk:
        return replaying.of_finding(desk, operator("command line replay"), str(finding), folder)


@contextmanager
def running(tool: str, folder: Path) -> Iterator[int]:
    """The tool on a port of this machine, over the collections in `folder`. Raises Unavailable.

    The tool does not tell which port it took of any (it listens on two), so it is given a free one, which another
    program may take before it does: then another.
    """
    for _ in range(_TRIES):
        port = free_port()
        with (folder / "log").open("wb") as log:
            command = [tool, "-b", "127.0.0.1", "-p", str(port)]
            process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            if _listens(process, port):
                yield port
                return
            if process.poll() is None:
                break  # it runs and does not listen: no other port helps
        finally:
            process.terminate()
            process.wait()
    said = (folder / "log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise Unavailable(f"回放程序没有启动：{said[-1] if said else '没有说明原因'}")


def _listens(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until the tool itself, not somebody else, answers at the port; False when it ended or takes too long."""
    end = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with suppress(psutil.Error):  # it ends at this moment
            family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
            if any(_has(one, port) for one in family):
                return True
        time.sleep(0.1)  # nothing to wait on: another program's port opens when it opens
    return False


def _has(process: psutil.Process, port: int) -> bool:
    sockets = process.net_connections("tcp")
    return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in sockets)
