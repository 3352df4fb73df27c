"""Hand findings over: records, evidence, report, rules, flaws and a copy for sharing in one bundle to be checked.

A bundle holds the received bytes, contacts included; so only those who may see contacts, and say why, export.
Made again for the same moment (`at`), it is the same byte for byte, as long as the findings have not changed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from casework import audit, flaws, listing, parcel
from casework.contents import Contents, steps
from casework.desk import Desk
from casework.parcel import Parcel
from casework.printing import Printer
from core import browsers
from core.model import Actor
from evidence import bundle
from evidence.manifest import canonical, plain_time
from evidence.stamp import read_authorities, stamp_these
from evidence.storage import translated

_WRITERS = 4  # threads that note custody: each line waits for the disk, and waiting lines share its sync
_WAITING = 256  # handed to them at once: what waits takes memory
_HALF_MADE = ".wangxun-export-"  # folders beside the output; a killed export leaves one


@dataclass(frozen=True)
class Exported:
    """What was made: the bundle's SHA-256, the flaws found, how many findings, and what could not be made."""

    digest: str
    flaws: tuple[flaws.Found, ...]
    findings: int
    notes: tuple[str, ...] = ()


Progress = Callable[[int, int], None]  # steps done, steps in all


def hand_over(
    desk: Desk,
    actor: Actor,
    finding_ids: Sequence[str],
    output: Path,
    case_id: str | None = None,
    receiver: str = "",
    at: datetime | None = None,
    pdf: bool = True,
    progress: Progress = lambda _done, _all: None,
) -> Exported:
    """Write the bundle of these findings (and the case) to `output`. Audited, in custody, with its digest.

    `at` makes an earlier export again; without `pdf` no browser is started (about a second a page). The bundle
    appears after it was recorded, whole or not at all. What `progress` raises ends the export.
    Raises NotAllowed without role or reason, NotFound, BadInput, EvidenceBroken, Unavailable.
    """
    with _folder(output) as folder, ExitStack() as stack:
        wanted = parcel.gather(desk, actor, finding_ids, case_id, receiver, at or datetime.now(UTC), folder)
        if at is None:
            wanted = _placed(wanted)
        program = browsers.headless(desk.settings.browser) if pdf else None
        printer = stack.enter_context(Printer(program)) if program else None
        contents = Contents(wanted, printer, _counted(progress, steps(wanted)))
        about = wanted.about("full")
        facts = bundle.About(wanted.at, f"网巡证据包：{wanted.scope}", wanted.urn(about))
        digest = bundle.pack(folder / "bundle.zip", contents.entries(about), facts)
        _record(wanted, digest)
        with translated("writing a bundle"):
            (folder / "bundle.zip").replace(output)
    return Exported(digest, contents.tally.found(), len(wanted.finding_ids), tuple(contents.notes))


def _placed(wanted: Parcel) -> Parcel:
    """As of the moment after its custody was listed and that list stamped, so that the bundle carries its place.

    Lines of the export itself come later and stand in the next list: a bundle cannot hold its own making.
    """
    desk = wanted.desk
    made = listing.of(desk, wanted.evidence_ids, wanted.at)
    if desk.settings.stamps is not None:
        ids = (*([made.digest] if made else []), *wanted.evidence_ids)
        stamp_these(desk.vault, ids, read_authorities(desk.settings.stamps))
    return wanted.as_of(datetime.now(UTC))


def _counted(progress: Progress, total: int) -> Callable[[], None]:
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        progress(min(done, total), total)

    return tick


def _record(wanted: Parcel, digest: str) -> None:
    """In custody with the digest, and in the audit trail: who, why, what, to whom."""
    desk, actor = wanted.desk, wanted.actor
    told = {"at": plain_time(wanted.at), "bundle": digest, "receiver": wanted.receiver, "scope": wanted.scope}
    detail = canonical(told).decode()

    def note(evidence_id: str) -> None:
        desk.vault.note(evidence_id, "redacted", actor, detail)
        desk.vault.note(evidence_id, "exported", actor, detail)

    with ThreadPoolExecutor(_WRITERS) as writers:
        for start in range(0, len(wanted.evidence_ids), _WAITING):
            list(writers.map(note, wanted.evidence_ids[start : start + _WAITING]))  # raises what one raised
    to = f"，接收：{wanted.receiver}" if wanted.receiver else ""
    reason = f"{actor.reason}（{wanted.scope}{to}，SHA-256 {digest}）"
    audit.record_each(desk, actor, "export", (f"finding:{name}" for name in wanted.finding_ids), reason)


@contextmanager
def _folder(output: Path) -> Iterator[Path]:
    """A folder beside the output that only its owner can read, locked while it is used, gone at the end."""
    with translated("writing a bundle"):
        _sweep(output.parent)
        folder = Path(tempfile.mkdtemp(prefix=_HALF_MADE, dir=output.parent))
        held = _lock(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)


def _sweep(parent: Path) -> None:
    """Remove what killed exports left: contacts lie in it. A living export holds the lock on its folder."""
    for folder in parent.glob(f"{_HALF_MADE}*"):
        held = _lock(folder) if folder.is_dir() and not folder.is_symlink() else None
        if held is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(held)


def _lock(folder: Path) -> int | None:
    """A lock on the folder that ends with this process; None when another has it, or it is another's folder."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
