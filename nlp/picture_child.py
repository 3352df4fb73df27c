"""The program that reads pictures for `nlp.pictures`: a child of its own, so that a hostile file can only hurt it.

In: four bytes of length, big-endian, then the picture. Out: one line of JSON. It ends when its input ends, when
nothing came for a minute (the models hold 0.6 GB), when its parent dies, or when a limit of the system is reached.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
from dataclasses import asdict
from typing import Any, BinaryIO, NoReturn, Protocol

# CPU seconds for one picture: a dozen full tiles take 25, the models another two. The kernel ends what takes longer.
PICTURE_SECONDS = 45
# Address space. Models, OpenCV and a tile's layers were seen to take 1.2 GB; the largest picture adds 0.8 GB.
MEMORY = 3 << 30
IDLE_SECONDS = 60.0
LENGTH = struct.Struct(">I")
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def confine() -> None:
    """Gives up what reading needs not: priority, memory, the network, a life without its parent."""
    os.nice(5)  # the crawl goes first; at 10 a busy machine starved it, twenty seconds for one of work
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # rapidocr fetches models that it misses; ours travel in its package, and pictures must not cause traffic.
    socket.socket = _NoSocket  # type: ignore[assignment,misc]


class _NoSocket:
    def __init__(self, *_: object, **__: object) -> NoReturn:
        raise OSError("pictures are read without network")


def allow(seconds: int) -> None:
    """So many more seconds of CPU; then SIGXCPU ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    limit = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit if hard < 0 else min(limit, hard), hard))


def answer(content: bytes) -> dict[str, Any]:
    """What `nlp.image` reads in the picture, as plain values; `cpu` is what it cost, in seconds."""
    from nlp import image

    before = _cpu()
    reading = image.read(content)
    lines = [asdict(line) for line in reading.lines]
    return {"lines": lines, "unread": reading.unread, "settled": reading.settled, "cpu": _cpu() - before}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Pipe(Protocol):
    """Where pictures come from: a file that `select` can wait for."""

    def fileno(self) -> int:
        """Its number."""
        ...

    def read(self, size: int, /) -> bytes:
        """So many bytes, fewer only at the end."""
        ...


def serve(pictures: Pipe, answers: BinaryIO) -> None:
    """Reads picture after picture until none comes."""
    while select.select([pictures], [], [], IDLE_SECONDS)[0]:
        head = pictures.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return
        content = pictures.read(LENGTH.unpack(head)[0])
        allow(PICTURE_SECONDS)
        answers.write(json.dumps(answer(content)).encode() + b"\n")
        answers.flush()


def main() -> None:
    """Serves on what were stdin and stdout; whatever a library prints goes to stderr instead."""
    with os.fdopen(os.dup(1), "wb") as answers, os.fdopen(os.dup(0), "rb", buffering=0) as pictures:
        os.dup2(2, 1)
        confine()
        serve(_Whole(pictures), answers)


class _Whole:
    """A pipe without a buffer, so that `select` tells the truth, whose `read` brings all that was asked for."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe

    def fileno(self) -> int:
        """For select."""
        return self._pipe.fileno()

    def read(self, size: int) -> bytes:
        """`size` bytes, fewer only at the end."""
        parts, left = [], size
        while left and (part := self._pipe.read(left)):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)


if __name__ == "__main__":
    main()
