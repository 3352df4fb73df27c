"""The queue of run ids, on huey. Never the truth: huey drops a task when it hands it out; the Run stays."""

from __future__ import annotations

import threading
from collections.abc import Callable

from huey import SqliteHuey

from core.settings import Settings

POLL = 1.0  # seconds between looks at an empty queue: huey's SQLite storage cannot wake a reader


class Queue:
    """Run ids waiting for a worker, in `queue.sqlite3` of the data folder."""

    def __init__(self, settings: Settings) -> None:
        settings.data.mkdir(parents=True, exist_ok=True)
        self._huey = SqliteHuey("wangxun", filename=str(settings.data / "queue.sqlite3"), results=False)
        self._task = self._huey.task(name="run")(_nothing)
        self._turn = threading.Lock()
        self._in_hand: set[str] = set()

    def put(self, run_id: str) -> bool:
        """Queue a run; False when it waits already or is in the hands of a worker of this process."""
        with self._turn:
            if run_id in self._in_hand or run_id in self.waiting():
                return False
            self._huey.enqueue(self._task.s(run_id))
            return True

    def waiting(self) -> list[str]:
        """Ids of the runs in the queue, next one first."""
        return [str(task.args[0]) for task in self._huey.pending()]

    def take(self) -> str | None:
        """The next run id, removed from the queue and in hand; None when it is empty."""
        with self._turn:
            task = self._huey.dequeue()
            if task is None:
                return None
            run_id = str(task.args[0])
            self._in_hand.add(run_id)
            return run_id

    def consume(self, handler: Callable[[str], None], stop: threading.Event) -> None:
        """Hand every run id to `handler`, one by one, until `stop` is set. Its errors are raised."""
        while not stop.is_set():
            run_id = self.take()
            if run_id is None:
                stop.wait(POLL)
            else:
                self._hand_over(run_id, handler)

    def _hand_over(self, run_id: str, handler: Callable[[str], None]) -> None:
        try:
            handler(run_id)
        finally:
            with self._turn:
                self._in_hand.discard(run_id)

    def close(self) -> None:
        """Close the queue's file, once no thread uses it any more."""
        self._huey.storage.close()


def _nothing(run_id: str) -> None:
    """The name of the task; the work is the handler's."""
