"""How far a long measurement has come, kept in a file: it may be broken off and taken up again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from benchmarks.store_parts.timing import Ratio, Result
from core.model import Finding
from tests.store.posts import findings

SLICE = 10_000  # posts that each side indexes in its turn
LENGTH = 75  # words of a body: about 260 characters, as real posts have


class Side(Protocol):
    """A back-end and the bare library below it; both hold the same posts. LEAST: the promised ratio of indexing."""

    LEAST: float

    def index(self, first: int, records: list[Finding]) -> tuple[float, float]:
        """Save the records, which begin at that number; seconds of ours and of the bare side."""
        ...

    def steps(self) -> list[Callable[[Result], None]]:
        """Each adds some figures of what stands there now."""
        ...


@dataclass
class Progress:
    """Posts that stand in both, what indexing took since the last result, the results, and one that is being made."""

    path: Path
    indexed: int = 0
    ours: float = 0.0
    bare: float = 0.0
    since: int = 0
    results: list[Result] = field(default_factory=list)
    begun: Result | None = None
    steps: int = 0

    @classmethod
    def read(cls, path: Path) -> Progress:
        """As it was left, or the beginning."""
        if not path.exists():
            return cls(path)
        kept = json.loads(path.read_text(encoding="utf-8"))
        results = [_result(one) for one in kept.pop("results")]
        begun = kept.pop("begun")
        return cls(path, results=results, begun=_result(begun) if begun else None, **kept)

    def write(self) -> None:
        """Whole or not at all."""
        kept = {name: value for name, value in asdict(self).items() if name != "path"}
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        new.replace(self.path)

    def grow(self, side: Side, sizes: list[int], out_of_time: Callable[[], bool]) -> bool:
        """Index up to each size and measure there; False when the time was up before the end."""
        for size in sizes[len(self.results) :]:
            while self.indexed < size:
                if out_of_time():
                    return False
                self._index(side, min(SLICE, size - self.indexed))
            self.begun = self.begun or self._begin(side, size)
            for step in side.steps()[self.steps :]:
                if out_of_time():
                    return False
                step(self.begun)
                self.steps += 1
                self.write()
            self._end(self.begun)
        return True

    def _index(self, side: Side, count: int) -> None:
        records = list(islice(slices(self.indexed), count))
        ours, bare = side.index(self.indexed, records)
        self.indexed, self.ours, self.bare = self.indexed + count, self.ours + ours, self.bare + bare
        self.write()

    def _begin(self, side: Side, size: int) -> Result:
        count = size - self.since
        rates = Ratio("posts indexed a second", count / self.ours, count / self.bare, least=side.LEAST)
        return Result(size, [rates])

    def _end(self, result: Result) -> None:
        self.results.append(result)
        self.begun, self.steps = None, 0
        self.ours = self.bare = 0.0
        self.since = result.posts
        self.write()


def _result(kept: dict[str, Any]) -> Result:
    return Result(kept["posts"], [Ratio(**ratio) for ratio in kept["ratios"]], kept["facts"])


def slices(first: int) -> Iterator[Finding]:
    """Generated posts from that number on, the same whenever asked; it is a multiple of SLICE, or ends the row."""
    yield from findings(1_000 + first, SLICE, LENGTH)
