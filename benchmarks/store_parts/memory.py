"""What reading everything costs, as an export or a copy does: time, and the peak memory of a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time


def walked(url: str) -> dict[str, float]:
    """Walk all findings of the store in a new process, since a process never gives its peak back."""
    command = [sys.executable, "-m", "benchmarks.store_parts.memory", url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    facts: dict[str, float] = json.loads(done.stdout)
    return facts


def walk(url: str) -> dict[str, float]:
    """Every finding once, in pages."""
    from store import open_store
    from store.base import PAGE_LIMIT, Query

    store = open_store(url)
    start, count, cursor = time.perf_counter(), 0, None
    while True:
        page = store.search("finding", Query(order="oldest", limit=PAGE_LIMIT, cursor=cursor))
        count, cursor = count + len(page.records), page.cursor
        if cursor is None:
            break
    took = time.perf_counter() - start
    store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"walk, posts": count, "walk, posts a second": count / took, "walk, peak MB": peak / 1e6}


if __name__ == "__main__":
    print(json.dumps(walk(sys.argv[1])))
