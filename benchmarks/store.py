"""What the stores cost beside the bare libraries below them, in one run: both sides do the same work, in turns.

    .venv/bin/python benchmarks/store.py [--posts 100000] [--growth] [--only sqlite|elasticsearch]

SQLite's bare side is hand-written SQL over the same file and an `executemany` of the same rows and tokens.
Elasticsearch's is the client's own `parallel_bulk` with the same documents, and the same requests sent by the client.
The server is the one at WANGXUN_TEST_ELASTICSEARCH, or is started (tests/elasticsearch). Absolute times say
little on a shared machine; ratios within one run hold.
"""

from __future__ import annotations

import sys
from pathlib import Path

# This file is called like the package that it measures: its own folder must not come first.
sys.path[0] = str(Path(__file__).resolve().parents[1])

import argparse  # noqa: E402 - see above
import os  # noqa: E402
import secrets  # noqa: E402
import tempfile  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from contextlib import contextmanager  # noqa: E402

from benchmarks.store_parts import growth  # noqa: E402
from benchmarks.store_parts.elastic import measure as measure_elasticsearch  # noqa: E402
from benchmarks.store_parts.lite import measure as measure_sqlite  # noqa: E402
from tests.elasticsearch import launcher  # noqa: E402
from tests.elasticsearch.distribution import NotHere  # noqa: E402

# A million small documents want more than a test's heap; two cores and their Python fit beside it.
HEAP = "1g"


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


def main() -> int:
    """Measure and print; exit code 1 when a promise was not kept, 3 without a server."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--only", choices=["sqlite", "elasticsearch"])
    parser.add_argument("--growth", action="store_true", help="search times from 10,000 to --posts as well")
    given = parser.parse_args()
    sizes = [size for size in (10_000, 100_000, 1_000_000) if size < given.posts] if given.growth else []
    sizes.append(given.posts)
    kept = True
    with tempfile.TemporaryDirectory(prefix="wangxun-bench-") as folder:
        if given.only != "elasticsearch":
            kept &= growth.show("SQLite", [measure_sqlite(Path(folder), size) for size in sizes])
        if given.only != "sqlite":
            try:
                with server() as url:
                    part = [
                        measure_elasticsearch(f"{url}/bench-{secrets.token_hex(4)}", size) for size in sizes
                    ]
                    kept &= growth.show("Elasticsearch", part)
            except NotHere as error:
                print(error)
                return 3
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
