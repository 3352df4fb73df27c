"""What ends a crawl from outside its spider: another worker has its source, or what it brings can no longer be kept."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable

from casework import runs
from casework.desk import Desk
from core.errors import Conflict, NotFound, WangxunError
from core.model import RunState

log = logging.getLogger(__name__)
# A third of a minute: several beats in any sensible lease, and no load.
BEAT_SECONDS = 5.0


class Brake:
    """Ends the crawl as Ctrl-C does: what was asked for is still handed in. Only the first pull counts.

    A second signal would make Scrapy drop what it holds. `state` is the run's for that end, None when the run belongs
    to somebody else now; `why` is for officers. No signal is sent but while the spider runs (`with brake:`): nobody
    else would catch it.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._driving = False
        self.pulled, self.why = False, ""
        self.state: RunState | None = None

    def pull(self, state: RunState | None, why: str) -> None:
        """End the crawl, once."""
        with self._turn:
            if self.pulled:
                return
            self.pulled, self.state, self.why = True, state, why
            if self._driving:
                os.kill(os.getpid(), signal.SIGTERM)

    def __enter__(self) -> Brake:
        with self._turn:
            self._driving = True
        return self

    def __exit__(self, *_: object) -> None:
        with self._turn:
            self._driving = False


class Heartbeat:
    """Tells every few seconds that the run lives; its own thread, so that a slow judge is not taken for dead."""

    def __init__(self, desk: Desk, run_id: str, counts: Callable[[], dict[str, int]], brake: Brake) -> None:
        self._desk, self._run_id, self._counts, self._brake = desk, run_id, counts, brake
        self._stop = threading.Event()
        self._patience = (runs.lease(desk) - runs.MARGIN).total_seconds()
        self._sure_until = time.monotonic() + self._patience
        self._thread = threading.Thread(target=self._beats, name="heartbeat", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _beats(self) -> None:
        while not self._stop.wait(BEAT_SECONDS) and not self._brake.pulled:
            self._beat()

    def _beat(self) -> None:
        asked = time.monotonic()  # the lease runs from before the question: its answer may take long
        try:
            runs.beat(self._desk, self._run_id, self._counts())
            self._sure_until = asked + self._patience
        except (Conflict, NotFound) as error:
            # Somebody else has the source now: two would break its pace.
            self._brake.pull(None, str(error))
        except WangxunError as error:
            log.warning("heartbeat: %s", error)
            if time.monotonic() > self._sure_until:
                # Soon another machine may take the source over, as far as we can know.
                self._brake.pull("lost", f"资料库 {self._patience / 60:.0f} 分钟没有应答，恢复后续查")
