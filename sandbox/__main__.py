"""`python -m sandbox`: start the town and say where it listens."""

from __future__ import annotations

import argparse
import os
import select
import signal
import sys
import threading
from pathlib import Path

from sandbox import pictures, truth
from sandbox.clock import Clock, parse_day
from sandbox.server import Log, TownServer
from sandbox.town import Town


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="A town of six pretend sites on one loopback port."
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other texts")
    parser.add_argument(
        "--day", type=_day, default=0, help="number of the day (0 = 2026-09-01) or an ISO date"
    )
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument(
        "--truth", type=Path, required=True, help="where to write the ground truth (JSON lines)"
    )
    parser.add_argument("--log", type=Path, required=True, help="where to append the access log (JSON lines)")
    parser.add_argument("--parent-pid", type=int, help="end when this process ends")
    return parser.parse_args()


def _day(text: str) -> int:
    try:
        return parse_day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"neither a day number nor a date from 2026-09-01 on: {text!r}"
        ) from error


def _end_with(pid: int, ended: threading.Event) -> None:
    """Set the event when that process has ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        ended.set()
        return

    def watch() -> None:
        select.select([handle], [], [])
        ended.set()

    threading.Thread(target=watch, daemon=True).start()


def main() -> int:
    """Serve until told to stop; 3 when the machine has no Chinese font."""
    arguments = _arguments()
    try:
        pictures.font_path()
    except pictures.NoChineseFont as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 3
    town = Town(arguments.seed, arguments.day)
    truth.write(town, arguments.truth)
    _serve(town, arguments)
    return 0


def _serve(town: Town, arguments: argparse.Namespace) -> None:
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    if arguments.parent_pid:
        _end_with(arguments.parent_pid, ended)
    log = Log(arguments.log)
    with TownServer(town, Clock(arguments.day), log, arguments.port) as server:
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        print(f"sandbox listening on 127.0.0.1:{server.server_port}", flush=True)
        ended.wait()
        server.shutdown()
    log.close()


if __name__ == "__main__":
    sys.exit(main())
