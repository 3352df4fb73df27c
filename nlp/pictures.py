"""What stands in a post's pictures: words by OCR, QR codes. Works without network, in a child process of its own.

The models load in the child, once, at the first picture. A picture that was read already is known by its digest.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
import signal
import struct
import subprocess
import sys
import threading
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.model import PictureLine
from nlp.picture_child import LENGTH

# Larger files are no adverts; the source's own budget (8 MB a body) is usually lower.
MOST_BYTES = 20_000_000
# Texts remembered: a run meets a logo or a poster again and again; a few kilobytes each.
_REMEMBERED = 2000
# By the clock, for a child that hangs without using its CPU seconds. A machine with eight times the work that it
# can do was seen to stretch a second to fifteen.
_CLOCK_SECONDS = 600.0
# A child that dies three times in a row is asked for BLANK: two pictures made to kill it must not end the reading of all
# that come after them. Of BLANK it dies of this machine, not of the pictures.
_MOST_DEATHS = 3
_SIDE = 32  # pixels: large enough that the models are loaded for it, see nlp.raster
# A white BMP of 24 bits a pixel, with the shortest header there is.
_WHITE = b"\xff" * (3 * _SIDE**2)
BLANK = struct.pack("<2sIIIIHHHH", b"BM", 26 + len(_WHITE), 0, 26, 12, _SIDE, _SIDE, 1, 24) + _WHITE
# -P: whatever lies in the present folder is not imported.
COMMAND = (sys.executable, "-P", "-m", "nlp.picture_child")
_PACKAGES = ("rapidocr", "onnxruntime", "zxing-cpp")
TOO_LARGE = "图片文件太大"
TOO_LONG = "识别用时过长"
CRASHED = "图片使识别程序中断"
NOT_STARTED = "识别程序不能启动"


@dataclass(frozen=True)
class PictureText:
    """What was read; `unread` says in Chinese why not all of it. Another try may find more unless `settled`."""

    lines: tuple[PictureLine, ...] = ()
    unread: str | None = None
    settled: bool = True
    cpu: float = 0.0


def missing_packages() -> tuple[str, ...]:
    """Packages of the extra `pictures` that are not installed; without loading the others."""
    return tuple(name for name in _PACKAGES if not _installed(name))


def _installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


class PictureReader:
    """Reads pictures one after the other; thread-safe. Starts nothing before the first one. Call `close`."""

    def __init__(self, command: Sequence[str] = COMMAND, clock_seconds: float = _CLOCK_SECONDS) -> None:
        """`command` starts the child, which has `clock_seconds` for each picture."""
        self._command, self._clock_seconds = command, clock_seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._read: OrderedDict[str, PictureText] = OrderedDict()
        self._deaths = 0
        self._killed = self._broken = False
        self.counts: Counter[str] = Counter()
        """Pictures by what became of them: `read`, `known` (by their digest), and each reason for `unread`."""

    @property
    def version(self) -> str:
        """By what pictures are read; "unread" where they cannot be."""
        return "unread" if missing_packages() else f"rapidocr {importlib.metadata.version('rapidocr')}"

    def read(self, digest: str, content: bytes) -> PictureText:
        """The lines of a picture, `digest` being its SHA-256. Never raises for what a picture holds."""
        with self._lock:
            if known := self._read.get(digest):
                self.counts["known"] += 1
                self._read.move_to_end(digest)
                return replace(known, cpu=0.0)
            found = self._fresh(content)
            self.counts[found.unread or "read"] += 1
            if found.settled:
                self._read[digest] = found
                if len(self._read) > _REMEMBERED:
                    self._read.popitem(last=False)
            return found

    def close(self) -> None:
        """Ends the child, if there is one."""
        with self._lock:
            self._end()

    def _fresh(self, content: bytes) -> PictureText:
        if missing := missing_packages():
            return PictureText(unread=f"没有安装 {'、'.join(missing)}", settled=False)
        if len(content) > MOST_BYTES:
            return PictureText(unread=TOO_LARGE)
        if self._broken:
            return PictureText(unread=NOT_STARTED, settled=False)
        # Twice: the first child may have ended its idle life just now, or have died of something else.
        return self._ask(content) or self._ask(content) or self._given_up()

    def _given_up(self) -> PictureText:
        """A picture that two children died of is at fault itself, unless they die of anything."""
        settled = not self._killed
        self._broken = self._deaths >= _MOST_DEATHS and not self._ask(BLANK)
        if self._broken:
            return PictureText(unread=NOT_STARTED, settled=False)
        return PictureText(unread=CRASHED, settled=settled)

    def _ask(self, content: bytes) -> PictureText | None:
        """One try; None when the child died of it."""
        child = self._running()
        late = threading.Event()
        timer = threading.Timer(self._clock_seconds, _kill, (child, late))
        timer.start()
        line = b""
        try:
            if child.stdin and child.stdout:
                child.stdin.write(LENGTH.pack(len(content)) + content)
                child.stdin.flush()
                line = child.stdout.readline()
        except BrokenPipeError:
            line = b""  # it died before it had the whole picture: told below
        finally:
            timer.cancel()
        if line.endswith(b"\n"):
            self._deaths = 0
            return _text(json.loads(line))
        return self._dead(late.is_set())

    def _dead(self, late: bool) -> PictureText | None:
        code = self._end()
        if code == -signal.SIGXCPU or late:
            # By the clock only this machine may be slow today; by its own CPU seconds the picture is at fault.
            return PictureText(unread=TOO_LONG, settled=not late)
        self._deaths += 1
        self._killed = code == -signal.SIGKILL  # by the system, when memory ran out: not the picture's fault
        return None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child and self._child.poll() is not None:
            self._end()  # idle too long: it left by itself
        if self._child is None:
            # The child has no use for our secrets.
            kept = {name: value for name, value in os.environ.items() if not name.startswith("WANGXUN_")}
            few = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
            self._child = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env={**kept, **few},
            )  # fmt: skip
        return self._child

    def _end(self) -> int | None:
        """Ends the child and says how it ended."""
        child, self._child = self._child, None
        if child is None:
            return None
        if child.stdout and child.stdin:
            child.stdout.close()
            with contextlib.suppress(BrokenPipeError):  # what was not sent, it will not read
                child.stdin.close()
        try:
            return child.wait(timeout=1)  # at the end of its input it leaves by itself ...
        except subprocess.TimeoutExpired:
            child.kill()  # ... unless it is at work on something that nobody waits for
            return child.wait()


def _kill(child: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    child.kill()


def _text(plain: dict[str, object]) -> PictureText:
    lines = plain["lines"]
    assert isinstance(lines, list)  # noqa: S101 - our own child's words; this tells the type checker
    return PictureText(
        lines=tuple(
            PictureLine(
                text=line["text"], box=(line["left"], line["top"], line["width"], line["height"]),
                kind=line["kind"], runs_on=line["runs_on"],
            )
            for line in lines
        ),
        unread=str(plain["unread"]) if plain["unread"] else None,
        settled=bool(plain["settled"]),
        cpu=float(str(plain["cpu"])),
    )  # fmt: skip
