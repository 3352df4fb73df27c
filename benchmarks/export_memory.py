"""Peak memory of exporting many small findings beside that of a hundred: at most 1.2 (the export streams).

Each size runs in a process of its own, since a process never gives its peak back. PDFs are Chromium's work and
memory, so none is printed here. `--many N` sets the larger size (10,000 unless told).
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.model import Finding, Post

FEW, MANY = 100, 10_000
MOST = 1.2
MOMENT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def build(data: Path, count: int) -> None:
    """A vault and a store with so many findings, each with one sealed look."""
    from core.model import Capture, Exchange, Post
    from evidence.seal import seal
    from evidence.vault import Vault
    from store import open_store
    from store.base import Save

    vault, store = Vault(data / "vault"), open_store(f"sqlite:///{data / 'wangxun.sqlite3'}")
    for number in range(count):
        url, body = f"http://a.test/{number}", f"上门家教，数学一对一，第{number}号，电话139{number:08d}"
        post = Post(
            id=f"post{number}", source_id="s", channel="forum", url=url, title="家教", body=body, seen_at=MOMENT
        )  # fmt: skip
        exchange = Exchange(
            url=url, at=MOMENT, request_head=b"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n",
            response_head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", body=body.encode(),
        )  # fmt: skip
        capture = Capture(url=url, started_at=MOMENT, ended_at=MOMENT, exchanges=(exchange,))
        evidence = seal(vault, post, capture, "first")
        store.save([Save(evidence), Save(finding_of(post, evidence.id, number))])
    store.close()


def finding_of(post: Post, evidence_id: str, number: int) -> Finding:
    """A flagged finding with one reason."""
    from core.model import Finding, Reason, Span, Suspicion, Verdict, Version

    reason = Reason(signal="home", span=Span(start=3, end=7, text="上门家教"), weight=1.0, meaning="家教")
    verdict = Verdict(
        decision="flagged", score=0.9, rule_version="1", model_version="1",
        suspicions=(Suspicion(code="HOME_TUTOR", score=0.9, reasons=(reason,)),),
    )  # fmt: skip
    version = Version(
        content_digest=f"{number:064d}", post=post, verdict=verdict, evidence_ids=(evidence_id,),
        seen_from=MOMENT, seen_to=MOMENT,
    )  # fmt: skip
    return Finding(
        id=post.id, source_id="s", channel="forum", url=post.url, versions=(version,), status="flagged",
        second_look="missing", second_look_cause="测试", first_seen=MOMENT, last_seen=MOMENT,
    )  # fmt: skip


def run(data: Path, count: int) -> None:
    """Export them all; print peak memory in KiB, seconds and size."""
    from casework.desk import Desk
    from casework.export import hand_over
    from core.catalog import Catalog
    from core.model import Actor
    from core.settings import Settings
    from evidence.vault import Vault
    from store import open_store

    settings = Settings(data=data)
    store = open_store(settings.store_url)
    catalog = Catalog(sources={}, violations={}, words=settings.config / "words")
    desk = Desk(store, None, Vault(data / "vault"), catalog, settings, b"key")  # type: ignore[arg-type]
    actor = Actor(officer="bench", role="supervisor", reason="benchmark")
    begun = time.monotonic()
    hand_over(desk, actor, [f"post{number}" for number in range(count)], data / "bundle.zip", pdf=False)
    seconds = time.monotonic() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"peak": peak, "seconds": seconds, "size": (data / "bundle.zip").stat().st_size}))
    store.close()


def measured(count: int) -> dict[str, float]:
    """Build in one child, export in another; what the second one says."""
    with tempfile.TemporaryDirectory() as folder:
        for step in ("--build", "--run"):
            command = [sys.executable, __file__, step, folder, "--count", str(count)]
            told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, float] = json.loads(told)
    print(
        f"{count} findings: peak {found['peak'] / 1024:.0f} MiB, {found['seconds']:.0f} s, {found['size'] / 2**20:.0f} MiB"
    )
    return found


def main() -> int:
    """0 when the ratio is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=MANY)
    parser.add_argument("--build", type=Path)
    parser.add_argument("--run", type=Path)
    parser.add_argument("--count", type=int, default=FEW)
    told = parser.parse_args()
    if told.build:
        build(told.build, told.count)
        return 0
    if told.run:
        run(told.run, told.count)
        return 0
    ratio = measured(told.many)["peak"] / measured(FEW)["peak"]
    print(f"ratio {ratio:.2f} (at most {MOST})")
    return 0 if ratio <= MOST else 1


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(main())
