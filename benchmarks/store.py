"""What the stores cost beside the bare libraries below them, in one run: both sides do the same work, in turns.

    .venv/bin/python benchmarks/store.py [--posts 100000] [--growth] [--only sqlite|elasticsearch]

SQLite's bare side is hand-written SQL over the same file and an `executemany` of the same rows and tokens.
Elasticsearch's is the client's own `parallel_bulk` with the same documents, and the same requests sent by the client.
The server is the one at WANGXUN_TEST_ELASTICSEARCH, or is started (tests/elasticsearch). Absolute times say
little on a shared machine; ratios within one run hold.

A million posts take half an hour: `--folder F --seconds 240` keeps everything in F, ends after so many seconds with exit
code 75, and goes on when called again with the same words (and the same server). `--plot FILE.svg` draws the growth.
"""

from __future__ import annotations

import sys
from pathlib import Path

# This file is called like the package that it measures: its own folder must not come first.
sys.path[0] = str(Path(__file__).resolve().parents[1])

import argparse  # noqa: E402 - see above
import hashlib  # noqa: E402
import os  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from contextlib import contextmanager  # noqa: E402

from benchmarks.store_parts import growth, plot  # noqa: E402
from benchmarks.store_parts.elastic import Elastic  # noqa: E402
from benchmarks.store_parts.lite import Lite  # noqa: E402
from benchmarks.store_parts.progress import Progress  # noqa: E402
from tests.elasticsearch import launcher  # noqa: E402
from tests.elasticsearch.distribution import NotHere  # noqa: E402

# A million small documents want more than a test's heap; two cores and their Python fit beside it.
HEAP = "1g"
SIZES = (10_000, 100_000, 300_000, 1_000_000)
AGAIN = 75  # sysexits.h: a temporary end, to be called again


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server without prefix."""
    if given := os.environ.get("WANGXUN_TEST_ELASTICSEARCH"):
        yield given.rstrip("/")
        return
    cluster = launcher.start(heap=HEAP, on_disk=True)
    try:
        yield cluster.url
    finally:
        cluster.stop()


def options() -> argparse.Namespace:
    """What the caller asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--only", choices=["sqlite", "elasticsearch"])
    parser.add_argument("--growth", action="store_true", help="figures from 10,000 up to --posts as well")
    parser.add_argument("--folder", type=Path, help="keep everything here, to go on later")
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="end after so long, to go on later"
    )
    parser.add_argument("--plot", type=Path, help="draw the growth into this SVG file")
    return parser.parse_args()


def measure(given: argparse.Namespace, folder: Path) -> dict[str, Progress] | None:
    """Both back-ends, one after the other; None when the time was up before."""
    end = time.monotonic() + given.seconds
    sizes = [size for size in SIZES if size < given.posts] if given.growth else []
    sizes.append(given.posts)
    done = {}
    for name, run in (("SQLite", _sqlite), ("Elasticsearch", _elasticsearch)):
        if given.only in (None, name.lower()):
            done[name] = Progress.read(folder / f"{name.lower()}.json")
            if not run(done[name], folder, sizes, lambda: time.monotonic() > end):
                print(f"{name}: {done[name].indexed:,} posts so far; call again to go on")
                return None
    return done


def _sqlite(progress: Progress, folder: Path, sizes: list[int], out_of_time: Callable[[], bool]) -> bool:
    if len(progress.results) == len(sizes):
        return True
    side = Lite(folder)
    done = False
    try:
        done = progress.grow(side, sizes, out_of_time)
    finally:
        side.close(remove=done)
    return done


def _elasticsearch(
    progress: Progress, folder: Path, sizes: list[int], out_of_time: Callable[[], bool]
) -> bool:
    if len(progress.results) == len(sizes):
        return True
    # The same folder means the same indices.
    prefix = f"bench-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]}"
    with server() as url:
        side = Elastic(f"{url}/{prefix}")
        done = False
        try:
            done = progress.grow(side, sizes, out_of_time)
        finally:
            side.close(remove=done)
    return done


def main() -> int:
    """Measure and print; exit code 1 when a promise was not kept, 3 without a server, 75 to be called again."""
    given = options()
    with tempfile.TemporaryDirectory(prefix="wangxun-bench-") as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            done = measure(given, folder)
        except NotHere as error:
            print(error)
            return 3
    if done is None:
        return AGAIN
    if given.plot:
        given.plot.write_text(plot.drawn({name: one.results for name, one in done.items()}), encoding="utf-8")
    kept = [growth.show(name, one.results) for name, one in done.items()]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    raise SystemExit(main())
