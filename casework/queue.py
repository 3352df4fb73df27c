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

    def put(self, run_id: str) -> None:
        """Queue a run; one that waits already is not queued twice."""
        if run_id not in self.waiting():
            self._huey.enqueue(self._task.s(run_id))

    def waiting(self) -> list[str]:
        """Ids of the runs in the queue, next one first."""
        return [str(task.args[0]) for task in self._huey.pending()]

    def take(self) -> str | None:
        """The next run id, removed from the queue; None when it is empty."""
        task = self._huey.dequeue()
        return str(task.args[0]) if task else None

    def consume(self, handler: Callable[[str], None], stop: threading.Event) -> None:
        """Hand every run id to `handler`, one by one, until `stop` is set. Its errors are raised."""
        while not stop.is_set():
            run_id = self.take()
            if run_id is None:
                stop.wait(POLL)
            else:
                handler(run_id)

    def close(self) -> None:
        """Close the queue's file."""
        self._huey.storage.close()


def _nothing(run_id: str) -> None:
    """The name of the task; the work is the handler's."""
