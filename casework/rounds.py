"""The timetable of looking again at what is sealed: each item within four weeks, a little at each call.

What is left of the day's share stands in a file of the data folder, so that a call reads only what it looks at.
The folder may be lost: then the round begins anew.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from evidence import reverify
from evidence.heads import BEIJING
from evidence.reverify import SPACE, Due, Problem
from evidence.storage import translated
from evidence.vault import Vault

# A fault is known within four weeks, while backups of that time still exist.
DAYS = 28
AT_ONCE = 200  # items a call: seconds of work, so that the patrol's next tick is not late
CALLS = 100  # a day has 144 of ten minutes each; the share is done with some to spare


@dataclass
class Timetable:
    """What was done today: `said` faults are not said twice a day, `listed` is the day of the newest whole list,
    `retired` that of the last retention.
    """

    day: str = ""
    listed: str = ""
    retired: str = ""
    end: int = 0  # where in SPACE the newest share ended
    count: int = 0  # things in it
    offset: int = 0  # bytes of the share's file that are done
    said: list[str] = field(default_factory=list)


class Rounds:
    """The timetable in the folder `upkeep` of the data folder. Raises Unavailable when it cannot be written."""

    def __init__(self, data: Path, now: datetime) -> None:
        self._folder = data / "upkeep"
        self._today = now.astimezone(BEIJING).date()
        with translated("reading the timetable"):
            self._folder.mkdir(parents=True, exist_ok=True)
            self.kept = _read(self._folder / "timetable.json")

    @property
    def today(self) -> str:
        """The Beijing day."""
        return self._today.isoformat()

    def save(self) -> None:
        """Keep what was done."""
        _write(self._folder / "timetable.json", json.dumps(asdict(self.kept), ensure_ascii=False))

    def first_time(self, told: str) -> bool:
        """Whether this was not said today yet; it is now."""
        fresh = told not in self.kept.said
        if fresh:
            self.kept.said.append(told)
        return fresh

    def look(self, vault: Vault) -> list[Problem]:
        """Look at the next few things, once a day at the daily lists as well. Raises Unavailable."""
        problems = self._plan(vault) if self.kept.day != self.today else []
        due = list(islice(self._left(), max(AT_ONCE, math.ceil(self.kept.count / CALLS))))
        problems += reverify.look(vault, (one for one, _ in due))
        self.kept.offset += sum(length for _, length in due)
        return problems

    def _plan(self, vault: Vault) -> list[Problem]:
        """Today's share, behind what yesterday left; days on which nobody looked are made up for."""
        missed = (self._today - date.fromisoformat(self.kept.day)).days if self.kept.day else 1
        length = SPACE * min(max(missed, 1), DAYS) // DAYS
        begin, end = self.kept.end % SPACE, self.kept.end % SPACE + length
        problems, due = reverify.share(vault, begin, min(end, SPACE))
        if end > SPACE:  # round the corner
            due += reverify.share(vault, 0, end - SPACE)[1]
        left = [one for one, _ in self._left()]
        whole = list({one.one: one for one in (*left, *due)}.values())  # the newer line of what is in both
        _write(self._folder / "share.jsonl", "".join(f"{one.written()}\n" for one in whole))
        self.kept = Timetable(self.today, self.kept.listed, self.kept.retired, end % SPACE, len(whole))
        return problems

    def _left(self) -> Iterator[tuple[Due, int]]:
        """What is still to be looked at, and how many bytes its line has."""
        path = self._folder / "share.jsonl"
        with translated("reading the timetable"):
            if not path.exists():
                return
            with path.open("rb") as file:
                file.seek(self.kept.offset)
                for line in file:
                    yield Due.read(line.decode()), len(line)


def _read(path: Path) -> Timetable:
    try:
        return Timetable(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return Timetable()  # none yet, or one that a crash or another version left


def _write(path: Path, text: str) -> None:
    with translated("writing the timetable"):
        fresh = path.with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
